"""Deadlines, in the time of a call that a test passes by hand."""

from hypothesis import given
from hypothesis import strategies as st

from appliance.messages import Gap, Transcript
from appliance.rules.book import Book, Rule, When
from appliance.rules.course import Told
from appliance.rules.deadline import GRACE_MS
from appliance.rules.heard import HIDES_MS
from tests.rules.site import NOTICE, alerts, course, line, states

SAID = "This call is being recorded."
DUE_MS = 30_000


def ticked(until_ms: int, *, heard: bool = True) -> list[Told]:
    """Nobody says anything."""
    whole = course()
    told: list[Told] = []
    for now_ms in range(0, until_ms, 500):
        told += whole.tick(now_ms, {"agent": now_ms if heard else None})
    return told


def test_when_nobody_speaks_it_is_missed_at_its_time() -> None:
    assert ticked(DUE_MS) == []
    told = ticked(DUE_MS + 501)
    assert alerts(told) == [("notice", "raised")]
    assert states(told) == {"notice": "missed"}


def test_it_is_missed_once() -> None:
    assert alerts(ticked(10 * DUE_MS)) == [("notice", "raised")]


def test_where_nobody_listens_it_cannot_be_checked_and_alarms_nobody() -> None:
    told = ticked(2 * DUE_MS, heard=False)
    assert alerts(told) == []
    assert states(told) == {"notice": "unchecked"}


def test_without_an_item_people_are_told_that_it_cannot_be_checked() -> None:
    book = Book(
        rules=(
            Rule(
                name="notice",
                any=NOTICE.any,
                deadline_s=30,
                alert=("agent",),
                text="Say it.",
            ),
        )
    )
    told = course(book).tick(DUE_MS, {"agent": None})
    assert alerts(told) == [("notice", "unchecked")]


@given(
    at_ms=st.integers(0, 90_000),
    lag_ms=st.integers(0, 20_000),
    length_ms=st.integers(200, 15_000),
)
def test_what_is_said_in_time_never_alarms_however_late_it_is_read(
    at_ms: int, lag_ms: int, length_ms: int
) -> None:
    whole = course()
    said = line(SAID, at_ms, length_ms=length_ms)
    told: list[Told] = []
    read_ms = said.end_ms + lag_ms
    for now_ms in range(0, max(read_ms, DUE_MS) + 2 * GRACE_MS, 500):
        if now_ms - 500 < read_ms <= now_ms:
            told += whole.hear(said)
        settled = min(now_ms, at_ms) if now_ms < read_ms else now_ms
        told += whole.tick(now_ms, {"agent": settled})
    in_time = at_ms <= DUE_MS
    given_up = not in_time or read_ms > DUE_MS + GRACE_MS
    assert alerts(told) == ([] if in_time else [("notice", "raised"), ("notice", "over")])
    history = [states([one])["notice"] for one in told if states([one])]
    assert history[-1] == ("done" if in_time else "late")
    if in_time and not given_up:
        assert history == ["done"]


@given(start_ms=st.integers(0, 60_000), length_ms=st.integers(0, 40_000))
def test_it_is_missed_only_if_no_sentence_could_have_gone_unheard(
    start_ms: int, length_ms: int
) -> None:
    whole = course()
    gap = Gap(
        speaker="agent", start_ms=start_ms, end_ms=start_ms + length_ms, reason="lost"
    )
    whole.hear(gap)
    told = whole.tick(DUE_MS + GRACE_MS, {"agent": DUE_MS + GRACE_MS})
    unheard_ms = max(0, min(DUE_MS, start_ms + length_ms) - start_ms)
    expected = "unchecked" if unheard_ms >= HIDES_MS else "missed"
    assert states(told) == {"notice": expected}


def test_a_line_that_could_not_be_read_may_have_been_it() -> None:
    whole = course()
    failed = Transcript(
        id="a1",
        speaker="agent",
        text="",
        is_final=True,
        failed=True,
        start_ms=5000,
        end_ms=9000,
    )
    whole.hear(failed)
    assert states(whole.tick(DUE_MS, {"agent": DUE_MS})) == {"notice": "unchecked"}


def test_speech_that_stays_away_cannot_be_checked() -> None:
    whole = course()
    assert whole.tick(DUE_MS + GRACE_MS - 1, {"agent": 10_000}) == []
    told = whole.tick(DUE_MS + GRACE_MS, {"agent": 10_000})
    assert states(told) == {"notice": "unchecked"}


def test_it_runs_from_when_both_are_connected() -> None:
    late = course(Book(items=(), rules=()))
    assert late.tick(DUE_MS, {}) == []
    whole = course()
    whole.arrived("customer", 20_000)  # came back: the first time counts
    assert alerts(whole.tick(DUE_MS, {"agent": DUE_MS})) == [("notice", "raised")]


AFTER = Book(
    rules=(
        Rule(name="cancels", speaker="customer", any=("cancel",)),
        Rule(
            name="offer",
            any=("offer",),
            when=When(after="cancels"),
            deadline_s=10,
            alert=("agent",),
            text="Offer something.",
        ),
    )
)


def test_it_can_run_from_another_rule() -> None:
    whole = course(AFTER)
    assert whole.tick(60_000, {"agent": 60_000}) == []
    whole.hear(line("I want to cancel.", 61_000, "customer"))
    assert whole.tick(70_000, {"agent": 70_000}) == []
    told = whole.tick(71_000, {"agent": 71_000})
    assert alerts(told) == [("offer", "raised")]


def test_what_was_said_before_the_other_rule_does_not_count() -> None:
    whole = course(AFTER)
    whole.hear(line("We have an offer.", 1000))
    whole.hear(line("I want to cancel.", 10_000, "customer"))
    assert alerts(whole.tick(20_000, {"agent": 20_000})) == [("offer", "raised")]
