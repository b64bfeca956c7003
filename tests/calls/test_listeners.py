import msgspec
import pytest

from appliance.calls.listeners import MOST, Listener, Listeners
from appliance.calls.outbox import Outbox
from appliance.calls.room import Room
from appliance.errors import CallError
from appliance.messages import Role, Supervised
from tests.calls.test_room import advice, alert, chat, outbox, sent, words


def listener(name: str = "Sam") -> Listener:
    return Listener(name, name, Outbox(lambda: None))


def supervised(seq: int, to: Role) -> Supervised:
    return Supervised(seq=seq, to=to, following=1, hearing=0)


def test_a_listener_is_told_what_the_agent_is_told() -> None:
    room, agent, one = Room("c", "e"), outbox(), listener()
    room.attach("agent", agent)
    room.listeners.enter(one)
    for message in (chat(1), words(2, "I"), advice(3), supervised(4, "customer")):
        room.deliver(message)
    assert sent(one.outbox) == sent(agent) == [chat(1), words(2, "I"), advice(3)]


def test_a_listener_is_no_person_of_the_room() -> None:
    room, one = Room("c", "e"), listener()
    room.listeners.enter(one)
    assert room.outboxes() == []
    assert room.outbox("agent") is None
    room.close(1000, "over")
    assert one.outbox.closing == (1000, "over")


def test_each_of_the_two_learns_of_listeners_in_their_own_words() -> None:
    room = Room("c", "e")
    for message in (supervised(1, "agent"), supervised(2, "customer")):
        room.deliver(message)
    assert room.missed("agent", 0) == [supervised(1, "agent")]
    assert room.missed("customer", 0) == [supervised(2, "customer")]


def test_sound_goes_to_those_who_asked_for_it() -> None:
    listeners, one, two = Listeners(), listener("Sam"), listener("Tom")
    listeners.enter(one)
    listeners.enter(two)
    two.hears = True
    listeners.play(b"frame")
    assert (one.outbox.take(), two.outbox.take()) == (None, b"frame")
    assert (len(listeners), listeners.hearing) == (2, 1)


def test_somebody_with_two_pages_is_named_once() -> None:
    listeners = Listeners()
    for name in ("Sam", "Tom", "Sam"):
        listeners.enter(listener(name))
    assert listeners.names == ("Sam", "Tom")


def test_one_too_many_is_refused_and_a_place_that_is_left_is_free() -> None:
    listeners, first = Listeners(), listener()
    listeners.enter(first)
    for _ in range(MOST - 1):
        listeners.enter(listener())
    with pytest.raises(CallError):
        listeners.enter(listener())
    listeners.leave(first)
    listeners.enter(listener())


def test_what_is_for_supervisors_alone_reaches_whoever_listens() -> None:
    room, agent, one = Room("c", "e"), outbox(), listener()
    room.attach("agent", agent)
    room.listeners.enter(one)
    told = [msgspec.structs.replace(alert(1), to=("supervisor",)), alert(2)]
    for message in told:
        room.deliver(message)
    assert sent(one.outbox) == told
    assert sent(agent) == [told[1]]
