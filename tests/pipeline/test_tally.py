"""What is counted of a call."""

import pytest

from appliance.messages import AdviceStatus, AiSuggestion, Role, Transcript
from appliance.pipeline.tally import CallTally, Histogram, Tally


def words(
    text: str = "hello",
    *,
    id: str = "u1",
    speaker: Role = "customer",
    final: bool = True,
    end_ms: int = 1000,
    failed: bool = False,
) -> Transcript:
    return Transcript(
        id=id,
        speaker=speaker,
        text=text,
        is_final=final,
        start_ms=0,
        end_ms=end_ms,
        failed=failed,
    )


def advice(
    text: str, *, answers: str = "u1", id: str = "a1", status: AdviceStatus = "streaming"
) -> AiSuggestion:
    return AiSuggestion(
        id=id,
        answers=answers,
        action="",
        suggestion=text,
        reasoning="",
        confidence=0.0,
        is_final=status != "streaming",
        status=status,
    )


def test_a_final_is_as_late_as_it_comes_after_its_end() -> None:
    tally = Tally()
    CallTally(tally).heard(words(end_ms=1000), now_ms=1700)

    assert tally.finals == 1
    assert tally.final_s.sum_s == pytest.approx(0.7)
    assert tally.final_s.counts[tally.final_s.edges_s.index(0.75)] == 1


def test_partials_failures_and_withdrawals_are_no_finals() -> None:
    tally = Tally()
    call = CallTally(tally)
    call.heard(words(final=False), now_ms=900)
    call.heard(words("", failed=True), now_ms=1100)
    call.heard(words(""), now_ms=1100)

    assert (tally.partials, tally.finals, tally.failed) == (1, 0, 1)
    assert sum(tally.final_s.counts) == 0


def test_the_first_words_of_advice_are_counted_once_from_the_final_they_answer() -> None:
    tally = Tally()
    call = CallTally(tally)
    call.heard(words(), now_ms=1500)
    call.advised(advice(""), now_ms=1700)
    call.advised(advice("Block"), now_ms=2000)
    call.advised(advice("Block the card", status="done"), now_ms=2600)

    assert tally.first_advice_s.sum_s == pytest.approx(0.5)
    assert sum(tally.first_advice_s.counts) == 1
    assert tally.advice == {"done": 1}


def test_advice_asked_by_hand_or_overtaken_says_nothing_of_the_delay() -> None:
    tally = Tally()
    call = CallTally(tally)
    call.advised(advice("Greet", answers="", id="a0"), now_ms=100)
    call.heard(words(), now_ms=1500)
    call.heard(words(id="u2"), now_ms=3000)
    call.advised(advice("late", status="superseded"), now_ms=3100)

    assert sum(tally.first_advice_s.counts) == 0
    assert tally.advice == {"superseded": 1}


@pytest.mark.parametrize(
    ("seconds", "place"), [(-1, 0), (0, 0), (0.1, 0), (0.11, 1), (9, 2)]
)
def test_an_edge_belongs_to_the_bucket_below_it(seconds: float, place: int) -> None:
    histogram = Histogram.of((0.1, 1.0))
    histogram.add(seconds)

    assert histogram.counts.index(1) == place
