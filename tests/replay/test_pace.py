from appliance.replay.pace import Pace


def test_deadlines_are_counted_from_the_start_and_so_cannot_drift() -> None:
    pace = Pace(100.0, speed=1)
    assert [pace.due_s(frame) for frame in (0, 1, 180_000)] == [100.0, 100.02, 3700.0]


def test_speed_divides_the_time_between_frames() -> None:
    assert Pace(0.0, speed=4).due_s(100) == 0.5
    assert Pace(0.0, speed=0.5).due_s(100) == 4.0


def test_the_worst_lateness_is_remembered() -> None:
    pace = Pace(0.0, speed=1)
    pace.sent(0, 0.25)
    pace.sent(50, 1.0)
    assert pace.worst_late_s == 0.25
