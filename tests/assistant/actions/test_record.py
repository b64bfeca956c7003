from typing import NamedTuple

from msgspec.json import encode

from appliance.assistant.actions.record import conversations
from appliance.messages import Role


class Event(NamedTuple):
    call_id: str
    kind: str
    payload: str


def event(kind: str, call_id: str = "c1", **payload: object) -> Event:
    return Event(call_id, kind, encode(payload).decode())


def line(id_: str, speaker: Role, text: str) -> Event:
    return event("transcript", id=id_, speaker=speaker, text=text)


def advice(id_: str, answers: str, action: str) -> Event:
    return event("ai_suggestion", id=id_, answers=answers, action=action)


def test_an_action_is_what_was_advised_and_taken_up() -> None:
    events = [
        line("t1", "customer", "Where is my parcel?"),
        advice("a1", "t1", "look_up"),
        event("feedback", id="a1", verdict="used"),
        line("t2", "agent", "One moment."),
        line("t3", "customer", "And my money?"),
        advice("a2", "t3", "offer_refund"),
        line("t4", "agent", "I will send it back."),
        event("advice_became", id="a2", fate="said", line="t4"),
        line("t5", "agent", "Anything else?"),
        line("u1", "customer", "Hello."),
        event("transcript", "c2", id="t1", speaker="customer", text="Hi."),
    ]
    first, second = conversations(events)
    assert [(t.speaker, t.action) for t in first.turns] == [
        ("customer", ""),
        ("agent", "look_up"),
        ("customer", ""),
        ("agent", "offer_refund"),
        ("agent", ""),
        ("customer", ""),
    ]
    assert (second.id, len(second.turns)) == ("c2", 1)


def test_advice_that_was_put_away_or_expired_teaches_nothing() -> None:
    events = [
        line("t1", "customer", "Where is my parcel?"),
        advice("a1", "t1", "look_up"),
        event("feedback", id="a1", verdict="dismissed"),
        event("advice_became", id="a1", fate="expired"),
        line("t2", "agent", "I do not know."),
    ]
    (call,) = conversations(events)
    assert [turn.action for turn in call.turns] == ["", ""]
