from typing import Any

import msgspec
from rich.console import Console

from appliance.messages import (
    Ack,
    AiSuggestion,
    ChatLine,
    ErrorSent,
    Gap,
    Hello,
    Partner,
    ServerMessage,
    Status,
    Transcript,
)
from appliance.replay.conversation import Conversation, Line, State
from appliance.replay.plain import plain_line
from appliance.replay.screen import Progress, draw

HELLO = Hello(call_id="c", role="agent", epoch="1", last_seq=0, next_audio_seq=0)
PARTIAL = Transcript(
    id="t1", speaker="customer", text="i lost", is_final=False, start_ms=900, end_ms=1500
)
ADVICE = AiSuggestion(
    id="a1",
    answers="t1",
    action="block_card",
    suggestion="I will block",
    reasoning="It is lost.",
    confidence=0.83,
    is_final=False,
    status="streaming",
)
PROGRESS = Progress("Lost bank card", 61_000, 84_000, 2.0, "talking")


def changed(message: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(message, **fields)


def told(*messages: ServerMessage) -> Conversation:
    conversation = Conversation()
    for message in messages:
        conversation.apply(message)
    return conversation


def drawn(conversation: Conversation) -> str:
    console = Console(width=100, height=12, color_system=None)
    with console.capture() as capture:
        console.print(draw(conversation, PROGRESS), height=12)
    return capture.get()


def test_a_final_replaces_its_partials_in_place() -> None:
    final = changed(PARTIAL, text="I lost my card.", is_final=True)
    assert told(PARTIAL, changed(PARTIAL, text="i lost my"), final).lines() == [
        Line(speaker="customer", text="I lost my card.", start_ms=900, is_final=True)
    ]


def test_a_final_without_words_withdraws_its_partials() -> None:
    assert told(PARTIAL, changed(PARTIAL, text="", is_final=True)).lines() == []


def test_a_turn_the_engine_gave_up_on_stays_as_a_note() -> None:
    failed = changed(PARTIAL, text="", is_final=True, failed=True)
    (line,) = told(PARTIAL, failed).lines()
    assert (line.text, line.is_note) == ("(not understood)", True)


def test_lines_are_read_in_the_order_they_were_spoken() -> None:
    conversation = told(
        PARTIAL,
        changed(PARTIAL, id="t0", speaker="agent", text="Hello?", start_ms=100),
        ChatLine(id="1", speaker="agent", text="one moment", at_ms=500),
        Gap(speaker="customer", start_ms=2000, end_ms=7000, reason="lost"),
    )
    assert [line.text for line in conversation.lines()] == [
        "Hello?",
        "one moment",
        "i lost",
        "(5.0 s of audio lost)",
    ]


def test_advice_grows_in_place() -> None:
    done = changed(ADVICE, suggestion="I will block it.", is_final=True, status="done")
    assert told(ADVICE, done, changed(ADVICE, id="a2")).advice() == [
        done,
        changed(ADVICE, id="a2"),
    ]


def test_states_come_with_hello_and_follow_the_status() -> None:
    conversation = told(HELLO)
    assert conversation.state_of("speech") == State("live")
    conversation.apply(Status(part="speech", state="degraded", text="slow", lag_ms=1200))
    conversation.apply(Status(part="suggestions", state="off", text=""))
    assert conversation.state_of("speech") == State("degraded", "slow", 1200)
    assert conversation.state_of("call") == State("")
    assert conversation.lag_ms == 1200


def test_people_come_and_go() -> None:
    assert told(HELLO).people == {"agent": "joined"}
    assert told(changed(HELLO, partner="Ann")).people["customer"] == "joined"
    conversation = told(HELLO, Partner(role="customer", event="away"), Ack(audio_seq=3))
    assert conversation.people["customer"] == "away"


def test_the_screen_shows_both_columns_and_the_state() -> None:
    text = drawn(
        told(
            HELLO,
            PARTIAL,
            ADVICE,
            Status(part="speech", state="degraded", text="", lag_ms=1200),
        )
    )
    for shown in [
        "Lost bank card",
        "00:00 customer i lost",
        "block_card 83%",
        "I will block▌",
        "01:01 / 01:24",
        "speed 2",
        "speech degraded",
        "lag 1.2 s",
    ]:
        assert shown in text
    assert len(text.rstrip("\n").splitlines()) == 12


def test_what_is_said_now_stays_in_sight_of_a_long_call() -> None:
    turns = [
        changed(
            PARTIAL, id=str(n), text=f"turn {n} " + "and so on " * 20, start_ms=n * 5000
        )
        for n in range(100)
    ]
    text = drawn(told(*turns))
    assert "turn 99" in text
    assert "turn 90" not in text


def test_an_error_is_shown_with_its_fix() -> None:
    assert "Half a sample. Send s16le." in drawn(
        told(ErrorSent(problem="Half a sample.", fix="Send s16le."))
    )


def test_plain_lines_tell_what_is_certain_and_nothing_else() -> None:
    messages = [
        HELLO,
        PARTIAL,
        changed(PARTIAL, text="I lost my card.", is_final=True, start_ms=61_500),
        ADVICE,
        changed(ADVICE, suggestion="Blocked.", is_final=True, status="done"),
        changed(ADVICE, is_final=True, status="stopped"),
        changed(ADVICE, is_final=True, status="superseded"),
        changed(ADVICE, action="none", suggestion="", is_final=True, status="done"),
        Gap(speaker="agent", start_ms=0, end_ms=500, reason="paused"),
        Status(part="speech", state="paused", text="Restarting."),
        ErrorSent(problem="Bad.", fix="Mend it."),
        Ack(audio_seq=1),
        changed(PARTIAL, text="", is_final=True),
    ]
    assert [line for message in messages if (line := plain_line(message))] == [
        "01:01 customer: I lost my card.",
        "        advice: [block_card 83%] Blocked.",
        "        advice: [block_card 83%, stopped] I will block",
        "        advice: [none 83%] (nothing to say)",
        "00:00    agent: (0.5 s of audio paused)",
        "             -: speech paused. Restarting",
        "             !: Bad. Mend it.",
    ]


def test_what_was_said_moves_no_cursor_and_makes_no_line_of_its_own() -> None:
    codes = "\x1b[2J\x9b1m\x07\u202e\r\n00:00 customer: never said [red]"
    line = ChatLine(id="1", speaker="customer", text=codes, at_ms=0)
    written = drawn(
        told(
            line,
            changed(PARTIAL, text=codes),
            changed(ADVICE, suggestion=codes, reasoning=codes, action=codes),
            ErrorSent(problem=codes, fix=codes),
        )
    )
    assert not set(codes[:9]) & set("\x1b\x9b\x07\u202e\r") & set(written)
    assert "\n00:00" not in written
