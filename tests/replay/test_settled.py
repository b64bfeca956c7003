import pytest

from appliance.messages import (
    Ack,
    AiSuggestion,
    Gap,
    ServerMessage,
    Status,
    Transcript,
)
from appliance.replay.settled import Settled


def words(name: str, *, final: bool, text: str = "words") -> Transcript:
    return Transcript(
        id=name, speaker="customer", text=text, is_final=final, start_ms=0, end_ms=1
    )


def advice(name: str, *, final: bool) -> AiSuggestion:
    return AiSuggestion(
        id=name,
        answers="",
        action="",
        suggestion="",
        reasoning="",
        confidence=0,
        is_final=final,
        status="done" if final else "streaming",
    )


def settled(*messages: ServerMessage, after_s: float = 10) -> bool:
    watched = Settled()
    for message in messages:
        watched.hear(message, 100.0)
    return watched.at(100 + after_s)


@pytest.mark.parametrize(
    "half_done",
    [
        [words("t", final=False)],
        [words("t", final=True), words("u", final=False)],
        [advice("a", final=False)],
        [Status(part="speech", state="paused", text="")],
        [Status(part="speech", state="degraded", text="", lag_ms=900)],
        [Status(part="suggestions", state="paused", text="")],
        [
            Status(part="suggestions", state="paused", text=""),
            Status(part="speech", state="live", text=""),
        ],
    ],
)
def test_what_is_half_done_is_waited_for(half_done: list[ServerMessage]) -> None:
    assert not settled(*half_done)


@pytest.mark.parametrize(
    "done",
    [
        [],
        [words("t", final=False), words("t", final=True)],
        [words("t", final=False), words("t", final=True, text="")],
        [advice("a", final=False), advice("a", final=True)],
        [Status(part="speech", state=state, text="") for state in ("paused", "live")],
        [Status(part="suggestions", state="off", text="")],
    ],
)
def test_what_is_done_is_not(done: list[ServerMessage]) -> None:
    assert settled(*done)


def test_advice_may_begin_a_while_after_the_final_it_answers() -> None:
    assert not settled(words("t", final=True), after_s=1.9)
    assert settled(words("t", final=True), after_s=2.1)


def test_the_quiet_does_not_begin_before_the_last_audio_was_sent() -> None:
    watched = Settled()
    watched.hear(words("t", final=True), 100.0)
    watched.since(110.0)
    assert not watched.at(111.0)
    assert watched.at(112.0)


def test_messages_about_audio_do_not_disturb_the_quiet() -> None:
    watched = Settled()
    watched.hear(Ack(audio_seq=1), 100.0)
    watched.hear(Gap(speaker="agent", start_ms=0, end_ms=1, reason="lost"), 100.0)
    assert watched.at(100.0)
