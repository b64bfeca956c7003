from appliance.calls.outbox import UNHEARD, UNSENT, Outbox
from appliance.calls.room import Room
from appliance.messages import (
    AiSuggestion,
    Alert,
    ChatLine,
    Sent,
    Sentiment,
    Transcript,
    decode_from_server,
)


def outbox() -> Outbox:
    return Outbox(lambda: None)


def chat(seq: int) -> ChatLine:
    return ChatLine(seq=seq, id=f"chat-{seq}", speaker="agent", text="hi", at_ms=0)


def words(seq: int, text: str, *, final: bool = False) -> Transcript:
    return Transcript(
        seq=seq,
        id="agent-1",
        speaker="agent",
        text=text,
        is_final=final,
        start_ms=0,
        end_ms=1,
    )


def advice(seq: int) -> AiSuggestion:
    return AiSuggestion(
        seq=seq,
        id="a1",
        answers="customer-1",
        action="none",
        suggestion="",
        reasoning="",
        confidence=0.5,
        is_final=True,
        status="done",
    )


def reading(seq: int) -> Sentiment:
    return Sentiment(
        seq=seq,
        id="customer-1",
        label="negative",
        score=-0.5,
        confidence=0.6,
        source="lexicon",
        quarters=(-0.5, None, None, None),
        trend="flat",
        call_score=-64,
    )


def alert(seq: int, *, over: bool = False) -> Alert:
    return Alert(
        seq=seq,
        id="mood-1",
        kind="mood",
        state="over" if over else "raised",
        lines=(),
        text="",
    )


def sent(box: Outbox) -> list[Sent]:
    told: list[Sent] = []
    while (message := box.take()) is not None:
        told.append(decode_from_server(message))
    return told


def test_advice_reaches_the_agent_and_never_the_customer() -> None:
    room = Room("c", "e")
    agent, customer = outbox(), outbox()
    room.attach("agent", agent)
    room.attach("customer", customer)
    room.deliver(chat(1))
    room.deliver(advice(2))
    assert sent(agent) == [chat(1), advice(2)]
    assert sent(customer) == [chat(1)]
    assert room.missed("customer", 0) == [chat(1)]


def test_how_the_customer_reads_reaches_the_agent_and_never_the_customer() -> None:
    room = Room("c", "e")
    agent, customer = outbox(), outbox()
    room.attach("agent", agent)
    room.attach("customer", customer)
    told = [reading(1), alert(2), alert(3, over=True)]
    for message in told:
        room.deliver(message)
    assert sent(agent) == told
    assert sent(customer) == []
    assert room.missed("customer", 0) == []
    assert room.missed("agent", 0) == [told[0], told[2]]


def test_who_comes_back_gets_what_was_missed_and_only_the_newest_of_each_text() -> None:
    room = Room("c", "e")
    for message in (words(1, "I"), chat(2), words(3, "I am"), words(4, "I am", final=True)):
        room.deliver(message)
    assert room.missed("agent", 0) == [chat(2), words(4, "I am", final=True)]
    assert room.missed("agent", 2) == [words(4, "I am", final=True)]
    assert room.missed("agent", 4) == []


def test_a_screen_that_sleeps_is_closed_and_not_waited_for() -> None:
    box = outbox()
    for seq in range(UNSENT + 1):
        box.say(b"%d" % seq)
    assert box.closing is not None
    assert box.closing[0] == 1013


def test_a_screen_that_is_being_closed_is_told_nothing_behind_what_was_left_out() -> None:
    box = outbox()
    for seq in range(UNSENT + 1):
        box.say(b"%d" % seq)
    taken = [box.take() for _ in range(10)]
    box.say(b"later")
    box.play(b"sound")
    while (message := box.take()) is not None:
        taken.append(message)
    assert taken == [str(seq) for seq in range(UNSENT)]


def test_late_sound_is_dropped_oldest_first_and_goes_out_before_text() -> None:
    box = outbox()
    box.say(b"text")
    for number in range(UNHEARD + 5):
        box.play(b"%d" % number)
    assert box.take() == b"5"


def test_only_the_newest_acknowledgement_is_sent() -> None:
    box = outbox()
    box.acknowledge(b"1")
    box.acknowledge(b"2")
    assert (box.take(), box.take()) == ("2", None)


def test_a_socket_that_was_taken_over_does_not_leave_for_the_new_one() -> None:
    room = Room("c", "e")
    old, new = outbox(), outbox()
    assert room.attach("agent", old) is None
    assert room.attach("agent", new) is old
    assert not room.detach("agent", old)
    assert room.detach("agent", new)
