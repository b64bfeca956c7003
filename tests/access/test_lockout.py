from collections.abc import Sequence

from appliance.access.lockout import CAPACITY, Key, Lockout, network
from appliance.access.rules import Pace

ANN = Key("account", "ann")
DESK = Key("address", "10.0.0.5")


def lockout() -> Lockout:
    return Lockout(
        {
            "account": Pace(free=3, first_s=1, most_s=60, forgive_s=600),
            "address": Pace(free=10, first_s=1, most_s=60, forgive_s=60),
            "device": Pace(free=3),
        }
    )


def guess(lock: Lockout, keys: Sequence[Key], seconds: int) -> int:
    """How often somebody gets to try who tries at every tenth of a second."""
    tries = 0
    for tenth in range(seconds * 10):
        if lock.wait_s(keys, tenth / 10) == 0:
            lock.begin(keys, tenth / 10)
            tries += 1
    return tries


def test_the_first_wrong_tries_cost_nothing() -> None:
    lock = lockout()
    for _ in range(3):
        lock.begin([ANN], 0.0)
    assert lock.wait_s([ANN], 0.0) == 0


def test_each_wrong_try_more_doubles_the_wait_up_to_a_limit() -> None:
    lock = lockout()
    waits, now_s = [], 0.0
    for _ in range(12):
        lock.begin([ANN], now_s)
        waits.append(lock.wait_s([ANN], now_s))
        now_s += waits[-1]
    assert [round(wait) for wait in waits[:6]] == [0, 0, 0, 1, 2, 4]
    assert waits[-1] == 60


def test_an_hour_of_guessing_is_little_more_than_a_try_a_minute() -> None:
    assert guess(lockout(), [ANN], seconds=3600) <= 3 + 6 + 60 + 6


def test_to_try_too_early_does_not_lengthen_the_wait() -> None:
    lock = lockout()
    for _ in range(5):
        lock.begin([ANN], 0.0)
    wait_s = lock.wait_s([ANN], 0.0)
    assert [lock.wait_s([ANN], 1.0) for _ in range(1000)][-1] == wait_s - 1.0


def test_a_right_password_ends_the_guessing_at_an_account() -> None:
    lock = lockout()
    for _ in range(3):
        lock.begin([ANN], 0.0)
    lock.begin([ANN, DESK], 0.0)
    lock.succeeded([ANN, DESK], 0.0)
    assert lock.wait_s([ANN], 0.0) == 0
    lock.begin([ANN], 0.0)
    assert lock.wait_s([ANN], 0.0) == 0


def test_an_account_of_ones_own_does_not_make_an_address_innocent() -> None:
    lock = lockout()
    tries = 0
    for second in range(120):
        if lock.wait_s([DESK], second) == 0:
            lock.begin([Key("account", f"victim {second}"), DESK], second)
            tries += 1
            if lock.wait_s([DESK], second) == 0:
                lock.begin([Key("account", "own"), DESK], second)
                lock.succeeded([Key("account", "own"), DESK], second)
    assert tries < 25


def test_wrong_tries_are_forgotten_one_after_the_other() -> None:
    lock = lockout()
    for _ in range(4):
        lock.begin([ANN], 0.0)
    lock.begin([ANN], 1200.0)  # two of four are forgotten
    assert lock.wait_s([ANN], 1200.0) == 0
    lock.begin([ANN], 1200.0)
    assert lock.wait_s([ANN], 1200.0) == 1


def test_a_million_names_take_no_more_room_than_ten_thousand() -> None:
    lock = lockout()
    for number in range(CAPACITY + 100):
        lock.begin([Key("account", str(number))], 0.0)
    assert len(lock._tries) == CAPACITY


def test_an_address_is_what_one_machine_can_have() -> None:
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2::1")
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("::ffff:10.0.0.5") == network("10.0.0.5") == "10.0.0.5"
    assert network("a unix socket") == "a unix socket"
