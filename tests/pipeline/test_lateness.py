"""Sound that comes late, and sound of which a little is missing all the time."""

import pytest

from appliance.pipeline.lateness import LOOK_S, Lateness
from appliance.pipeline.sending import STALE_S

FRAME_S = 0.02


def frames(lateness: Lateness, count: int, *, now: float, taken_s: float = 0.0) -> float:
    """So many arrive at the pace at which they are spoken; how late the last one is."""
    for n in range(1, count + 1):
        late_s = lateness.seconds((taken_s + n * FRAME_S) * 1000, now + n * FRAME_S)
    return late_s


@pytest.mark.parametrize("missing", [0.0001, 0.025])
def test_what_goes_missing_little_by_little_makes_nobody_late(missing: float) -> None:
    """A sound card whose clock is slow, or a page that drops samples, for five hours."""
    lateness = Lateness(0.0)
    for second in range(1, 5 * 3600):
        late_s = lateness.seconds(second * (1 - missing) * 1000, float(second))
        assert late_s <= 0.1


@pytest.mark.parametrize("pace", [1.5, 10, 1e9])
@pytest.mark.parametrize("away_s", [3, 10, 60])
def test_what_was_said_on_a_dropped_line_is_late_and_what_follows_is_not(
    away_s: int, pace: float
) -> None:
    lateness = Lateness(0.0)
    assert frames(lateness, 500, now=0.0) == pytest.approx(0)
    back, late, n = 10.0 + away_s, [away_s + 1.0], 0
    while late[-1] > 0:
        n += 1
        now = back + n * FRAME_S / pace
        late.append(lateness.seconds((10 + n * FRAME_S) * 1000, now))
        assert late[-1] < late[-2]
    assert late[-1] == pytest.approx(0, abs=FRAME_S)
    assert frames(lateness, 500, now=now, taken_s=now) == pytest.approx(0, abs=1e-6)


def test_a_dropped_line_that_stutters_as_it_catches_up_is_late_till_then() -> None:
    lateness = Lateness(0.0)
    frames(lateness, 500, now=0.0)
    assert frames(lateness, 3, now=20.0, taken_s=10.0) > 9
    assert frames(lateness, 3, now=23.0, taken_s=10.06) > 12


@pytest.mark.parametrize("swing_s", [0.0, 0.2])
def test_a_line_that_has_become_slower_is_heard_again_soon(swing_s: float) -> None:
    lateness = Lateness(0.0)
    frames(lateness, 500, now=0.0)
    late = [
        lateness.seconds((10 + n * FRAME_S) * 1000, 12 + n * FRAME_S + swing_s * (n % 2))
        for n in range(500)
    ]
    assert late[0] > STALE_S
    assert max(late[round(LOOK_S / FRAME_S) + 2 :]) <= swing_s + 0.01
    # And as soon as it is fast again, that is what counts.
    assert frames(lateness, 1, now=20.0, taken_s=20.0) == 0
    assert frames(lateness, 1, now=22.0, taken_s=20.02) == pytest.approx(2, abs=0.03)


def test_frames_that_come_early_set_the_pace() -> None:
    lateness = Lateness(0.0)
    assert lateness.seconds(500, 0.0) == 0
    assert lateness.due_ms(1.0) == pytest.approx(1500)
    assert lateness.seconds(520, 1.0) == pytest.approx(0.98, abs=0.01)
