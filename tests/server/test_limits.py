import pytest

from appliance.errors import SettingsError
from appliance.server.limits import (
    ADDRESS,
    CONNECTIONS_EACH,
    EVERYBODY,
    MOST_QUESTIONS,
    MOST_VISITORS,
    QUESTIONS_EACH,
    Gate,
    TooMuch,
)
from appliance.settings import LimitSettings

SETTINGS = LimitSettings(gateways="10.9.0.1, 10.8.0.0/24 fd00::/16", sockets=4, waiting=2)
PAGE, SEARCH = "/calls", "/api/sessions"


def ask_until_refused(
    gate: Gate, address: str, path: str, now: float
) -> tuple[int, TooMuch]:
    answered = 0
    while True:
        try:
            gate.ask(address, path, now)
        except TooMuch as refused:
            return answered, refused
        gate.answered(address, path, now)
        answered += 1


def test_an_address_has_its_burst_and_is_told_when_to_come_again() -> None:
    gate = Gate(SETTINGS)
    answered, refused = ask_until_refused(gate, "10.0.0.1", PAGE, 0.0)
    assert answered == ADDRESS.burst
    assert (refused.retry_s, refused.everybody) == (1 / ADDRESS.per_s, False)
    gate.ask("10.0.0.1", PAGE, 1.0)
    gate.ask("10.0.0.2", PAGE, 0.0)
    assert gate.refused["requests"] == 1


def test_what_costs_the_box_more_may_come_less_often() -> None:
    pages, _ = ask_until_refused(Gate(SETTINGS), "10.0.0.1", PAGE, 0.0)
    searches, _ = ask_until_refused(Gate(SETTINGS), "10.0.0.1", SEARCH, 0.0)
    assert searches * 20 == pages


def test_two_hundred_people_of_one_address_open_their_pages_and_join_their_calls() -> None:
    gate = Gate(LimitSettings())
    for _ in range(200):
        for path in ["/assets/x.js"] * 20 + [
            "/api/calls/start",
            "/ws/agent/x",
            "/ws/call/x",
        ]:
            gate.ask("10.0.0.1", path, 0.0)
        for _ in range(2):
            assert gate.arrive("10.0.0.1", 0.0)
            gate.open_socket("10.0.0.1", 0.0)
            gate.check_socket("10.0.0.1", 0.0)
        gate.ask("10.0.0.1", PAGE, 60.0)


def test_many_addresses_together_leave_room_for_the_calls() -> None:
    gate = Gate(SETTINGS)
    for n in range(int(EVERYBODY.burst)):
        gate.ask(f"10.0.0.{n % 250}", PAGE, 0.0)
    with pytest.raises(TooMuch) as refused:
        gate.ask("10.0.0.251", PAGE, 0.0)
    assert refused.value.everybody


@pytest.mark.parametrize("address", ["10.9.0.1", "10.8.0.77", "fd00::5", "::ffff:10.9.0.1"])
def test_a_gateway_is_not_limited_by_its_address(address: str) -> None:
    gate = Gate(SETTINGS, most_connections=1_000_000)
    answered, refused = ask_until_refused(gate, address, PAGE, 0.0)
    assert answered == EVERYBODY.burst
    assert refused.everybody
    for _ in range(CONNECTIONS_EACH + 10):
        assert gate.arrive(address, 0.0)
    for _ in range(10):
        gate.open_socket(address, 0.0)
        gate.check_socket(address, 0.0)
        gate.started(address, "c1", 0.0)
        gate.check_call(address, lambda _: True, 0.0)


def test_an_address_of_ipv6_is_its_network() -> None:
    gate = Gate(SETTINGS)
    ask_until_refused(gate, "2001:db8::1", PAGE, 0.0)
    with pytest.raises(TooMuch):
        gate.ask("2001:db8::ffff:2", PAGE, 0.0)
    gate.ask("2001:db8:0:1::1", PAGE, 0.0)


def test_questions_are_few_at_once_and_other_requests_go_on() -> None:
    gate = Gate(SETTINGS)
    for _ in range(QUESTIONS_EACH):
        gate.ask("10.0.0.1", SEARCH, 0.0)
    with pytest.raises(TooMuch) as mine:
        gate.ask("10.0.0.1", SEARCH, 0.0)
    gate.ask("10.0.0.1", PAGE, 0.0)
    for _ in range(MOST_QUESTIONS - QUESTIONS_EACH):
        gate.ask("10.0.0.2", SEARCH, 0.0)
    with pytest.raises(TooMuch) as everybody_s:
        gate.ask("10.0.0.3", SEARCH, 0.0)
    assert (mine.value.everybody, everybody_s.value.everybody) == (False, True)
    gate.answered("10.0.0.1", SEARCH, 0.0)
    gate.ask("10.0.0.1", SEARCH, 0.0)


def test_sockets_count_apart_from_connections_and_come_back() -> None:
    gate = Gate(SETTINGS)
    for _ in range(4):
        gate.arrive("10.0.0.1", 0.0)
        gate.open_socket("10.0.0.1", 0.0)
    gate.check_socket("10.0.0.1", 0.0)
    gate.open_socket("10.0.0.1", 0.0)
    with pytest.raises(TooMuch, match="4 sockets"):
        gate.check_socket("10.0.0.1", 0.0)
    gate.close_socket("10.0.0.1", 0.0)
    gate.check_socket("10.0.0.1", 0.0)
    assert gate.refused["sockets"] == 1


def test_connections_have_a_limit_for_each_and_one_for_all() -> None:
    gate = Gate(SETTINGS, most_connections=CONNECTIONS_EACH + 1)
    assert all(gate.arrive("10.0.0.1", 0.0) for _ in range(CONNECTIONS_EACH))
    assert not gate.arrive("10.0.0.1", 0.0)
    gate.leave("10.0.0.1", 0.0)
    assert gate.arrive("10.0.0.2", 0.0)
    assert not gate.arrive("10.0.0.3", 0.0)
    assert gate.refused["connections"] == 2


def test_calls_that_wait_are_counted_until_they_no_longer_do() -> None:
    gate = Gate(SETTINGS)
    waiting = {"a", "b"}
    for call_id in ("a", "b"):
        gate.check_call("10.0.0.1", waiting.__contains__, 0.0)
        gate.started("10.0.0.1", call_id, 0.0)
    with pytest.raises(TooMuch, match="2 calls"):
        gate.check_call("10.0.0.1", waiting.__contains__, 0.0)
    gate.check_call("10.0.0.2", waiting.__contains__, 0.0)
    waiting.remove("a")
    gate.check_call("10.0.0.1", waiting.__contains__, 0.0)


def test_who_has_gone_is_forgotten_and_who_is_there_is_not() -> None:
    gate = Gate(SETTINGS)
    gate.arrive("10.0.0.1", 0.0)
    for n in range(3 * MOST_VISITORS):
        gate.ask(f"10.{1 + n // 62500}.{n // 250 % 250}.{n % 250}", PAGE, n / 100)
    assert len(gate._visitors) <= MOST_VISITORS
    assert gate._visitors["10.0.0.1"].connections == 1


def test_a_gateway_that_is_no_address_is_refused_with_an_example() -> None:
    with pytest.raises(SettingsError) as refused:
        Gate(LimitSettings(gateways="pbx.example"))
    assert "10.1.0.0/24" in refused.value.fix
