"""The engine with a toy model that notices every token that is fed wrongly."""

import pytest

from appliance.assistant.desk import BACKGROUND_CHUNK, READ_CHUNK
from appliance.assistant.engine import AdviceEngine
from appliance.assistant.examples import ACTIONS
from appliance.assistant.port import (
    AdviceDelta,
    Ask,
    Extend,
    Forget,
    Line,
    pack,
    unpack_delta,
)
from appliance.workers.port import Refusal, Reply
from tests.assistant.toy import ToyModel

LINES = (Line("agent", "Hello, how can I help?"), Line("customer", "I lost my card."))


def engine(*, max_calls: int = 4, context_tokens: int = 1024) -> AdviceEngine:
    return AdviceEngine(ToyModel(), max_calls=max_calls, context_tokens=context_tokens)


def toy(of: AdviceEngine) -> ToyModel:
    assert isinstance(of.model, ToyModel)
    return of.model


def ask(call_id: str, *lines: Line, first: int = 0, question: str = "") -> bytes:
    return pack(Ask(call_id=call_id, first=first, lines=lines, question=question))


def extend(call_id: str, *lines: Line, first: int = 0) -> bytes:
    return pack(Extend(call_id=call_id, first=first, lines=lines))


def drained(of: AdviceEngine) -> list[Reply | Refusal]:
    replies: list[Reply | Refusal] = []
    for _ in range(5000):
        if of.idle():
            return replies
        replies += of.step()
    raise AssertionError("the engine does not come to rest")


def advice(replies: list[Reply | Refusal], job_id: int) -> AdviceDelta:
    """The last delta of a job, which must be the only last one."""
    own = [
        reply for reply in replies if isinstance(reply, Reply) and reply.job_id == job_id
    ]
    assert [reply.last for reply in own] == [False] * (len(own) - 1) + [True]
    return unpack_delta(own[-1].payload)


def alone(*lines: Line, question: str = "") -> AdviceDelta:
    fresh = engine()
    fresh.submit(1, ask("c", *lines, question=question))
    return advice(drained(fresh), 1)


def talk(turns: int) -> tuple[Line, ...]:
    return tuple(
        Line("customer" if number % 2 else "agent", f"Something said as line {number}.")
        for number in range(turns)
    )


def test_an_ask_is_answered_in_deltas_and_the_last_is_done() -> None:
    own = engine()
    own.submit(1, ask("c", *LINES))
    replies = drained(own)
    deltas = [unpack_delta(reply.payload) for reply in replies if isinstance(reply, Reply)]
    assert [delta.done for delta in deltas] == [False] * (len(deltas) - 1) + [True]
    assert deltas[-1].action in ACTIONS
    assert 0 < deltas[-1].confidence <= 1


def test_calls_that_are_answered_together_get_what_each_gets_alone() -> None:
    calls = [(*LINES, Line("customer", f"It was number {number}.")) for number in range(4)]
    together = engine()
    for job_id, lines in enumerate(calls):
        together.submit(job_id, ask(f"c{job_id}", *lines))
    replies = drained(together)
    assert [advice(replies, i) for i in range(4)] == [alone(*lines) for lines in calls]


def test_answers_of_several_calls_grow_side_by_side() -> None:
    own = engine()
    for job_id in range(3):
        own.submit(job_id, ask(f"c{job_id}", *LINES, Line("customer", str(job_id))))
    drained(own)
    sequences = [{entry.sequence for entry in batch} for batch in toy(own).decoded]
    assert max(map(len, sequences)) == 3


def test_lines_read_ahead_are_not_read_again() -> None:
    own = engine()
    own.submit(1, extend("c", *LINES))
    assert [reply.job_id for reply in drained(own)] == [1]
    before = sum(map(len, toy(own).decoded))

    own.submit(2, ask("c", *LINES, Line("customer", "Help")))
    own.step()

    read = sum(map(len, toy(own).decoded)) - before
    assert read < 120  # the task and the new words, in a vocabulary of single letters
    assert advice(drained(own), 2) == alone(*LINES, Line("customer", "Help"))


def test_a_question_by_hand_changes_the_answer() -> None:
    assert alone(*LINES, question="and the fee?") != alone(*LINES)


def test_after_an_answer_the_call_goes_on_as_if_there_had_been_none() -> None:
    own = engine()
    lines: tuple[Line, ...] = LINES
    for job_id, more in enumerate(["On the train.", "This morning.", "Please help."]):
        lines = (*lines, Line("customer", more))
        own.submit(job_id, ask("c", *lines))
        assert advice(drained(own), job_id) == alone(*lines)


def test_reading_ahead_waits_while_an_answer_is_written() -> None:
    own = engine()
    own.submit(1, ask("c", *LINES))
    own.step()
    own.submit(2, extend("c", *LINES, Line("agent", "One moment.")))
    replies = drained(own)
    assert advice(replies, 1) == alone(*LINES)
    last = replies[-1]
    assert (last.job_id, isinstance(last, Reply) and last.last) == (2, True)


def test_an_ask_does_not_wait_for_others_to_be_read_ahead() -> None:
    own = engine()
    own.submit(1, extend("c1", *talk(20)))
    own.step()
    assert len(toy(own).decoded[-1]) == BACKGROUND_CHUNK
    own.submit(2, ask("c2", *LINES))
    replies = drained(own)
    assert [reply.job_id for reply in replies][-1] == 1


def test_a_long_call_is_read_in_pieces_beside_the_words_of_another() -> None:
    own = engine()
    own.submit(1, ask("c1", *LINES))
    while not own.step():
        pass
    own.submit(2, ask("c2", *talk(20)))
    start = len(toy(own).decoded)
    replies = drained(own)
    batches = toy(own).decoded[start:]
    assert max(map(len, batches)) <= READ_CHUNK + 16
    assert len({entry.sequence for entry in batches[0]}) == 2
    assert advice(replies, 1) == alone(*LINES)
    assert advice(replies, 2) == alone(*talk(20))


def test_a_cancelled_ask_ends_and_the_others_go_on() -> None:
    own = engine()
    other = (*LINES, Line("customer", "Hello?"))
    own.submit(1, ask("c1", *LINES))
    own.submit(2, ask("c2", *other))
    own.submit(3, ask("c3", *LINES))
    own.cancel(3)
    while not own.step():
        pass
    own.cancel(1)
    own.cancel(99)
    replies = drained(own)
    assert {reply.job_id for reply in replies} == {2}
    own.submit(4, ask("c1", *LINES))
    assert advice(drained(own), 4) == alone(*LINES)


def test_a_newer_ask_of_the_same_call_ends_the_older() -> None:
    own = engine()
    own.submit(1, ask("c", *LINES))
    own.submit(2, ask("c", *LINES, Line("customer", "Hello?")))
    replies = drained(own)
    assert advice(replies, 1).done
    assert advice(replies, 2) == alone(*LINES, Line("customer", "Hello?"))


def test_with_more_calls_than_seats_the_coldest_is_pushed_out_and_read_anew() -> None:
    own = engine(max_calls=2)
    calls = {f"c{n}": (*LINES, Line("customer", f"word {n}")) for n in range(5)}
    for job_id, (call_id, lines) in enumerate([*calls.items()] * 2):
        own.submit(job_id, ask(call_id, *lines))
        assert advice(drained(own), job_id) == alone(*lines)
    assert [seat.call_id for seat in own.advice.seats] in (["c3", "c4"], ["c4", "c3"])


def test_more_asks_than_seats_wait_their_turn() -> None:
    own = engine(max_calls=2)
    for job_id in range(5):
        own.submit(job_id, ask(f"c{job_id}", *LINES))
    replies = drained(own)
    assert [advice(replies, job_id) for job_id in range(5)] == [alone(*LINES)] * 5


def test_reading_ahead_pushes_no_other_call_out() -> None:
    own = engine(max_calls=1)
    own.submit(1, ask("c1", *LINES))
    drained(own)
    own.submit(2, extend("c2", *LINES))
    assert [reply.job_id for reply in drained(own)] == [2]
    assert own.advice.seats[0].call_id == "c1"


def test_a_forgotten_call_leaves_nothing_behind() -> None:
    own = engine()
    before = toy(own).cells
    own.submit(1, ask("c1", *LINES))
    own.submit(2, extend("c2", *LINES))
    own.step()
    own.submit(3, pack(Forget(call_id="c1")))
    own.submit(4, pack(Forget(call_id="c2")))
    own.submit(5, pack(Forget(call_id="never heard of")))
    ended = {
        reply.job_id for reply in drained(own) if isinstance(reply, Reply) and reply.last
    }
    assert ended == {1, 2, 3, 4, 5}
    assert toy(own).cells == before
    assert all(seat.call_id is None for seat in own.advice.seats)


def test_the_engine_can_be_lost_and_a_new_one_answers_the_same() -> None:
    own = engine()
    lines = talk(12)
    for count in range(1, 12):
        own.submit(count, extend("c", *lines[:count]))
        drained(own)
    own.submit(99, ask("c", *lines))
    assert advice(drained(own), 99) == alone(*lines)


def test_a_long_call_is_trimmed_without_reading_it_again() -> None:
    own = engine(context_tokens=400)
    lines: tuple[Line, ...] = ()
    largest = 0
    for count, line in enumerate(talk(60)):
        lines = (*lines, line)
        before = sum(map(len, toy(own).decoded))
        own.submit(count, extend("c", *lines))
        drained(own)
        largest = max(largest, sum(map(len, toy(own).decoded)) - before)
        assert len(own.advice.seats[0].held) <= 400
    assert largest < 60  # one line each time, though much was dropped in between
    assert own.advice.seats[0].first > 30
    own.submit(99, ask("c", *lines))
    assert advice(drained(own), 99).done


def test_the_parent_may_drop_lines_that_the_engine_does_not_keep() -> None:
    own = engine(context_tokens=400)
    lines = talk(40)
    own.submit(1, ask("c", *lines))
    drained(own)
    read = sum(map(len, toy(own).decoded))
    own.submit(2, ask("c", *lines[20:], first=20))
    drained(own)
    assert sum(map(len, toy(own).decoded)) - read < 200


def test_one_endless_turn_does_not_break_the_limit() -> None:
    own = engine(context_tokens=1500)
    lines = tuple(
        Line("customer", f"and then {number} happened, " * 9) for number in range(30)
    )
    own.submit(1, ask("c", *lines))
    assert advice(drained(own), 1).done
    assert len(own.advice.seats[0].held) <= 1500


@pytest.mark.parametrize("payload", [b"", b"\xc1", b"\x81\xa4type\xa4Nope"])
def test_what_is_no_job_is_refused_and_the_engine_lives(payload: bytes) -> None:
    own = engine()
    own.submit(1, payload)
    (refusal,) = drained(own)
    assert isinstance(refusal, Refusal)
    own.submit(2, ask("c", *LINES))
    assert advice(drained(own), 2) == alone(*LINES)
