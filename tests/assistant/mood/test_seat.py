"""Moods in the engine, with a toy model that notices every token that is fed wrongly."""

from appliance.assistant.desk import BACKGROUND_CHUNK
from appliance.assistant.mood import prompt
from appliance.assistant.port import ReadMood, pack, unpack_mood
from appliance.workers.port import Refusal, Reply
from tests.assistant.test_engine import LINES, advice, alone, ask, drained, engine, toy


def moods(replies: list[Reply | Refusal]) -> dict[int, tuple[float, ...]]:
    """The log odds that each finished mood job got."""
    return {
        reply.job_id: unpack_mood(reply.payload).logits
        for reply in replies
        if isinstance(reply, Reply) and reply.job_id >= 100
    }


def read_mood(text: str, call_id: str = "c") -> bytes:
    return pack(ReadMood(call_id=call_id, text=text))


def test_a_mood_is_the_same_whatever_was_read_before_and_the_prefix_is_read_once() -> None:
    fresh = engine()
    fresh.submit(100, read_mood("Nobody came."))
    expected = moods(drained(fresh))[100]
    own = engine()
    own.submit(101, read_mood("It is Mill Lane."))
    drained(own)
    before = len(toy(own).decoded)
    own.submit(102, read_mood("Nobody came."))
    assert moods(drained(own)) == {102: expected}
    assert len(expected) == len(prompt.ASKED)
    assert sum(map(len, toy(own).decoded[before:])) < 80


def test_a_mood_waits_until_nobody_waits_for_advice() -> None:
    own = engine()
    own.submit(100, read_mood("Nobody came."))
    own.step()
    own.submit(1, ask("c", *LINES))
    replies = drained(own)
    finished = [
        reply.job_id for reply in replies if isinstance(reply, Reply) and reply.last
    ]
    assert finished == [1, 100]
    assert advice(replies, 1) == alone(*LINES)


def test_an_ask_waits_for_no_more_than_a_small_piece_of_a_mood() -> None:
    own = engine()
    prefix = len(toy(own).decoded)
    own.submit(100, read_mood("Nobody came. " * 20))
    drained(own)
    assert max(map(len, toy(own).decoded[prefix:])) <= BACKGROUND_CHUNK


def test_a_mood_that_is_not_wanted_any_more_leaves_nothing_behind() -> None:
    own = engine()
    own.submit(100, read_mood("Nobody came."))
    for _ in range(3):
        own.step()
    own.submit(101, read_mood("It is Mill Lane."))
    own.cancel(100)
    fresh = engine()
    fresh.submit(101, read_mood("It is Mill Lane."))
    assert moods(drained(own)) == moods(drained(fresh))
    assert own.idle()
