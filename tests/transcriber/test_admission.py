"""Which calls are read when there are more than the engine can read."""

from appliance.transcriber.admission import FULL, GUESS_MS, Admission


def fill(door: Admission, calls: int, now_s: float = 0.0) -> list[bool]:
    return [door.enter(f"call-{n}", now_s) for n in range(calls)]


def test_calls_that_come_all_at_once_are_held_to_what_is_guessed() -> None:
    door = Admission(lanes=2)
    assert door.capacity == int(FULL * 2000 / GUESS_MS)
    assert sum(fill(door, 100)) == door.capacity


def test_a_machine_that_turns_out_quicker_or_slower_takes_more_or_fewer() -> None:
    for cost_ms, more in ((30, True), (400, False)):
        door = Admission(lanes=2)
        guessed = door.capacity
        fill(door, 10)
        for second in range(1, 600):
            door.took(10 * cost_ms)
            assert door.next(second) is None  # nobody waits
        assert (door.capacity > guessed) is more


def test_who_waited_longest_is_read_when_a_call_ends() -> None:
    door = Admission(lanes=2, limit=2)
    assert fill(door, 4) == [True, True, False, False]
    assert door.next(1) is None
    door.leave("call-0", 2)
    assert door.next(2) == "call-2"
    assert door.next(2) is None


def test_who_hangs_up_while_waiting_waits_no_more() -> None:
    door = Admission(lanes=1, limit=1)
    fill(door, 3)
    door.leave("call-1", 1)
    door.leave("call-0", 1)
    assert door.next(1) == "call-2"
    door.leave("never-heard-of", 1)


def test_one_call_is_read_however_slow_the_machine() -> None:
    door = Admission(lanes=1)
    door.took(10_000_000)
    assert door.capacity == 1
