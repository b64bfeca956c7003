"""A recorded call told again: what was sent, to whom, in which order and when."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.json import encode
from msgspec.structs import replace

from appliance.calls.room import Viewer, may_see
from appliance.messages import (
    ROLES,
    AiSuggestion,
    Alert,
    ChatLine,
    Partner,
    Sent,
    Status,
    Supervised,
    Transcript,
)
from appliance.pipeline.retold import retold
from appliance.store.event import CallEnded, CallStarted, Event, Fact, Left
from appliance.store.growth import Growth
from appliance.store.rows import Kept
from tests.store.events import wall

CONTENT: Sequence[Sent] = (
    ChatLine(id="chat-1", speaker="agent", text="hello", at_ms=0),
    Transcript(
        id="t1", speaker="customer", text="hi", is_final=False, start_ms=0, end_ms=9
    ),
    Transcript(id="t1", speaker="customer", text="", is_final=True, start_ms=0, end_ms=9),
    Partner(role="customer", event="joined"),
    Status(part="speech", state="live", text="speech live"),
    Supervised(to="agent", following=1, hearing=0, names=("Sam",)),
    Supervised(to="customer", following=1, hearing=0),
    Alert(id="m", kind="mood", state="raised", lines=(), text="sad", to=("supervisor",)),
    AiSuggestion(
        id="a1",
        answers="t1",
        action="ask",
        suggestion="Ask",
        reasoning="",
        confidence=0.5,
        is_final=False,
        status="streaming",
    ),
)
FINAL = replace(CONTENT[-1], is_final=True, status="done")

VIEWERS: Sequence[Viewer] = (*ROLES, "supervisor")

happened = st.lists(st.sampled_from([*CONTENT, FINAL, Left(role="agent")]), max_size=40)


def record(told: Sequence[Sent | Fact]) -> tuple[list[Kept], list[Sent]]:
    """What is kept of them, as the publisher does it, and the messages that were sent."""
    growth, kept, sent, seq = Growth(), list[Event](), list[Sent](), 0

    def note(fact: Fact, ms: int) -> None:
        nonlocal seq
        seq += 1
        moment = wall() + timedelta(milliseconds=ms)
        kept.append(Event.note(fact, call_id="c1", seq=seq, at_ms=ms, wall=moment))

    note(CallStarted(), 0)
    for n, one in enumerate(told, 1):
        ms = 100 * n
        if isinstance(one, Fact):
            note(one, ms)
            continue
        seq += 1
        stamped = replace(one, seq=seq)
        sent.append(stamped)
        moment = wall() + timedelta(milliseconds=ms)
        event = Event.of(stamped, call_id="c1", at_ms=ms, wall=moment)
        if not isinstance(stamped, AiSuggestion):
            kept.append(event)
            continue
        written = growth.told(stamped, moment)
        if stamped.is_final:
            kept.append(event)
        if written is not None:
            note(written, ms)
    note(CallEnded(reason="hangup"), 10_000)
    return [_kept(event) for event in kept], sent


def _kept(event: Event) -> Kept:
    return Kept(event.seq, event.at_ms, event.wall, event.kind, event.payload.decode())


@given(happened, st.sampled_from(VIEWERS))
def test_each_gets_what_was_for_them_in_order_byte_for_byte(
    told: list[Sent | Fact], viewer: Viewer
) -> None:
    events, sent = record([*told, FINAL])  # what was begun is finished
    seen = [one for one in sent if may_see(viewer, one)]
    lines = retold(events, viewer)
    assert [line.text for line in lines] == [encode(one) for one in seen]
    assert [line.seq for line in lines] == sorted(line.seq for line in lines)
    assert lines == retold(events, viewer)
    assert all(one.at_ms <= after.at_ms for one, after in pairwise(lines))


def test_a_line_comes_when_it_was_sent_and_words_are_not_sent_as_they_are_said() -> None:
    events, _ = record(CONTENT[:4])
    said = events[2]._replace(at_ms=0, kind="transcript")
    lines = retold([*events[:2], said, *events[3:]], "agent")
    assert [line.at_ms for line in lines] == [100, 200, 300, 400]


def test_without_sound_a_call_begins_when_it_was_started() -> None:
    events, _ = record(CONTENT[:2])
    lines = retold([event._replace(at_ms=0) for event in events], "agent")
    assert [line.at_ms for line in lines] == [100, 200]


def test_a_clock_that_is_set_back_changes_no_order() -> None:
    events, _ = record(CONTENT[:4])
    back = [one._replace(wall=one.wall - timedelta(hours=n // 3)) for n, one in
            enumerate(events)]  # fmt: skip
    lines = retold([one._replace(at_ms=0) for one in back], "agent")
    assert [line.seq for line in lines] == [2, 3, 4, 5]
    assert [line.at_ms for line in lines] == [100, 200, 200, 200]


def test_what_is_written_after_the_call_was_on_no_screen() -> None:
    events, _ = record(CONTENT[:1])
    late = events[1]._replace(seq=99)
    assert len(retold([*events, late], "agent")) == 1


def test_what_another_version_wrote_is_told_to_nobody() -> None:
    events, _ = record(CONTENT[:2])
    odd = events[1]._replace(payload='{"type":"chat","seq":2,"words":7}')
    assert [line.seq for line in retold([events[0], odd, *events[2:]], "supervisor")] == [3]


def test_of_nothing_there_is_nothing_to_tell() -> None:
    assert retold([], "agent") == []
