import pytest

from appliance.calls.registry import KEEP_ENDED, MAX_CALLS, Registry
from appliance.errors import CallError, NotNow
from appliance.settings import CallSettings


def registry() -> Registry:
    return Registry(CallSettings(rejoin_s=60, wait_s=600))


def test_an_agent_who_waits_gets_the_next_customer() -> None:
    calls = registry()
    waiting = calls.start("agent", "Ann", None, 0)
    assert calls.stats()["waiting"] == 1
    assert calls.start("customer", "Bob", None, 1) is waiting
    assert waiting.state == "active"


def test_a_customer_who_waits_gets_the_next_agent_and_the_longest_wait_goes_first() -> None:
    calls = registry()
    first = calls.start("customer", "Bob", None, 0)
    second = calls.start("customer", "Eve", None, 1)
    assert calls.start("agent", "Ann", None, 2) is first
    assert calls.start("agent", "Joe", None, 3) is second


def test_two_agents_wait_in_two_calls() -> None:
    calls = registry()
    assert calls.start("agent", "Ann", None, 0) is not calls.start("agent", "Joe", None, 0)


def test_a_named_call_is_joined_and_has_one_of_each() -> None:
    calls = registry()
    call = calls.start("agent", "Ann", None, 0)
    assert calls.start("customer", "Bob", call.id, 1) is call
    with pytest.raises(CallError, match="has its customer already"):
        calls.start("customer", "Eve", call.id, 2)


def test_an_unknown_or_ended_call_cannot_be_joined() -> None:
    calls = registry()
    with pytest.raises(CallError, match="There is no call"):
        calls.start("agent", "Ann", "nonsense", 0)
    call = calls.start("agent", "Ann", None, 0)
    assert calls.end(call, "hangup")
    assert not calls.end(call, "hangup")
    with pytest.raises(CallError, match="has ended"):
        calls.start("customer", "Bob", call.id, 1)


def test_a_dropped_person_may_come_back_for_a_while_and_then_the_call_ends() -> None:
    calls = registry()
    call = calls.start("agent", "Ann", None, 0)
    calls.start("customer", "Bob", call.id, 0)
    calls.connected(call, "agent")
    calls.connected(call, "customer")
    assert calls.overdue(1000) == []
    calls.dropped(call, "customer", 1000)
    assert calls.overdue(1059) == []
    assert calls.overdue(1061) == [call]


def test_nobody_waits_for_ever() -> None:
    calls = registry()
    call = calls.start("agent", "Ann", None, 0)
    calls.connected(call, "agent")
    assert calls.overdue(599) == []
    assert calls.overdue(601) == [call]


def test_the_box_says_when_it_is_full_and_forgets_what_has_ended() -> None:
    calls = registry()
    made = [calls.start("agent", "Ann", None, 0) for _ in range(MAX_CALLS)]
    with pytest.raises(CallError, match="Try again"):
        calls.start("agent", "Ann", None, 0)
    for call in made:
        calls.end(call, "hangup")
    assert calls.start("agent", "Ann", None, 1).state == "waiting"
    assert calls.stats() == {"waiting": 1, "active": 0, "ended": MAX_CALLS}


def test_while_calls_are_held_whoever_comes_waits_and_nobody_is_put_through() -> None:
    calls = registry()
    going = calls.start("agent", "Ann", None, 0)
    calls.start("customer", "Bob", None, 1)
    calls.held = True
    waits = calls.start("customer", "Eve", None, 2)
    assert waits is not going
    with pytest.raises(NotNow):
        calls.start("agent", "Joe", waits.id, 3)
    assert calls.start("agent", "Joe", None, 4) is not waits
    assert (going.state, waits.state) == ("active", "waiting")
    calls.held = False
    assert calls.start("agent", "Sue", None, 5) is waits


def test_of_the_calls_that_have_ended_only_the_last_are_known() -> None:
    calls = registry()
    ended = [calls.start("agent", "Ann", None, 0) for _ in range(KEEP_ENDED + 2)]
    for call in ended:
        calls.end(call, "hangup")

    for forgotten in ended[:2]:
        with pytest.raises(CallError, match="There is no call"):
            calls.get(forgotten.id)
    assert [calls.get(call.id) for call in ended[2:]] == ended[2:]
    assert calls.stats()["ended"] == KEEP_ENDED + 2
