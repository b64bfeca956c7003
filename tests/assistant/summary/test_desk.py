"""Drafts in the engine, with a toy model that notices every token that is fed wrongly."""

import math

from appliance.assistant.desk import BACKGROUND_CHUNK
from appliance.assistant.engine import RIDING
from appliance.assistant.port import (
    DraftDelta,
    ForgetDraft,
    Line,
    ReadMood,
    WriteDraft,
    pack,
    unpack_draft,
)
from appliance.assistant.summary.desk import MOST, PLACES
from appliance.assistant.summary.prompt import DISPOSITIONS, RESOLUTIONS
from appliance.assistant.summary.writer import RAREST
from appliance.workers.port import Refusal, Reply
from tests.assistant.test_engine import advice, alone, ask, drained, engine, talk, toy

LINES = (Line("agent", "Hello, how can I help?"), Line("customer", "I lost my card."))


def write(call_id: str, *lines: Line, ahead: bool = False) -> bytes:
    return pack(WriteDraft(call_id=call_id, said=lines, ahead=ahead))


def drafts(replies: list[Reply | Refusal], job_id: int) -> list[DraftDelta]:
    own = [
        reply for reply in replies if isinstance(reply, Reply) and reply.job_id == job_id
    ]
    assert [reply.last for reply in own] == [False] * (len(own) - 1) + [True]
    return [unpack_draft(reply.payload) for reply in own if reply.payload]


def own_draft(*lines: Line) -> DraftDelta:
    fresh = engine()
    fresh.submit(1, write("c", *lines))
    return drafts(drained(fresh), 1)[-1]


def test_a_draft_grows_and_ends_with_its_labels() -> None:
    own = engine()
    own.submit(1, write("c", *LINES))
    found = drafts(drained(own), 1)
    assert [delta.done for delta in found] == [False] * (len(found) - 1) + [True]
    last = found[-1]
    assert last.resolved in RESOLUTIONS
    assert last.disposition in DISPOSITIONS
    assert 0 < last.resolved_sure <= 1
    assert 0 < last.disposition_sure <= 1


def test_a_call_that_was_read_ahead_gets_the_same_draft_and_only_its_form_is_left() -> None:
    own = engine()
    lines = talk(12)
    own.submit(1, write("c", *lines[:8], ahead=True))
    own.submit(2, write("c", *lines, ahead=True))
    drained(own)
    before = len(toy(own).decoded)
    own.submit(3, write("c", *lines))
    assert drafts(drained(own), 3)[-1] == own_draft(*lines)
    fed = [entry for batch in toy(own).decoded[before:] for entry in batch]
    assert fed[0].position > 1700  # behind the call, whose tokens are letters here


def test_drafts_of_several_calls_are_those_of_each_alone() -> None:
    own = engine()
    calls = [(*LINES, Line("agent", f"This is call {number}.")) for number in range(5)]
    for number, lines in enumerate(calls):
        own.submit(number, write(f"c{number}", *lines))
    replies = drained(own)
    assert len(calls) > PLACES
    for number, lines in enumerate(calls):
        assert drafts(replies, number)[-1] == own_draft(*lines)


def test_advice_is_not_held_up_by_a_draft_and_is_the_same() -> None:
    own = engine()
    own.submit(1, write("d", *talk(30)))
    for _ in range(5):
        own.step()
    own.submit(2, ask("c", *LINES))
    replies = drained(own)
    finished = [
        reply.job_id for reply in replies if isinstance(reply, Reply) and reply.last
    ]
    assert finished == [2, 1]
    assert advice(replies, 2) == alone(*LINES)
    assert drafts(replies, 1)[-1] == own_draft(*talk(30))


def test_beside_an_answer_a_draft_has_a_few_tokens_of_each_batch() -> None:
    own = engine()
    own.submit(1, write("d", *talk(30)))
    own.submit(2, ask("c", *LINES))
    own.step()
    seats = own.advice.seats
    while seats[0].writing is not None:
        own.step()
        drafted = [e for e in toy(own).decoded[-1] if e.sequence > seats[-1].sequence]
        assert len(drafted) <= RIDING


def test_reading_ahead_waits_for_everything_else() -> None:
    own = engine()
    own.submit(1, write("d", *talk(30), ahead=True))
    own.step()
    own.submit(2, pack(ReadMood(call_id="c", text="Nobody came.")))
    own.submit(3, ask("c", *LINES))
    replies = drained(own)
    finished = [
        reply.job_id for reply in replies if isinstance(reply, Reply) and reply.last
    ]
    assert finished == [3, 2, 1]
    assert max(map(len, toy(own).decoded[-20:])) <= BACKGROUND_CHUNK


def test_of_what_is_too_long_the_beginning_and_the_end_are_read() -> None:
    own = engine()
    own.submit(1, write("c", *talk(400), ahead=True))
    drained(own)
    held = next(place.held for place in own.drafts._places if place.call_id == "c")
    assert len(held) == MOST


def test_a_draft_that_nobody_wants_any_more_leaves_nothing_behind() -> None:
    own = engine()
    own.submit(1, write("c", *LINES))
    for _ in range(40):
        own.step()
    own.cancel(1)
    drained(own)
    own.submit(2, write("c", *LINES))
    assert drafts(drained(own), 2)[-1] == own_draft(*LINES)


def test_a_call_that_is_written_up_gives_its_place_to_another() -> None:
    own = engine()
    for number in range(PLACES):
        own.submit(number, write(f"c{number}", *LINES, ahead=True))
    drained(own)
    own.submit(10, write("late", *LINES, ahead=True))
    drained(own)
    assert "late" not in {place.call_id for place in own.drafts._places}
    own.submit(11, pack(ForgetDraft(call_id="c0")))
    own.submit(12, write("late", *LINES, ahead=True))
    drained(own)
    assert "late" in {place.call_id for place in own.drafts._places}


def test_what_a_model_says_where_nothing_was_said_is_asked_once_and_taken_out() -> None:
    own = engine()
    own.submit(1, write("c", *LINES))
    drained(own)
    bias = dict(own.drafts._prior.bias)
    assert len(bias) >= len(RESOLUTIONS)
    assert all(0 <= one <= -math.log(RAREST) for one in bias.values())
    shared = toy(own).sequences[own.drafts._shared]
    assert len(shared.tokens) == len(own.drafts._prefix)
    own.submit(2, write("d", *LINES))
    drained(own)
    assert own.drafts._prior.bias == bias
