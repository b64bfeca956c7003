"""Sound that comes late, and sound of which a little is missing all the time."""

import pytest

from appliance.pipeline.lateness import Lateness
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
        assert late_s <= 0.03


@pytest.mark.parametrize("away_s", [2, 10, 60])
def test_what_was_said_on_a_dropped_line_is_late_and_what_follows_is_not(
    away_s: int,
) -> None:
    lateness = Lateness(0.0)
    assert frames(lateness, 500, now=0.0) == pytest.approx(0)
    back = 10.0 + away_s
    backlog = [10 + (n + 1) * FRAME_S for n in range(away_s * 50)]
    late = [lateness.seconds(taken_s * 1000, back) for taken_s in backlog]
    assert late[0] > away_s - 0.1 > STALE_S
    # The last of it takes the place of what the partner's page throws away as too much.
    assert sum(late_s <= STALE_S for late_s in late) * FRAME_S <= STALE_S + 2
    assert frames(lateness, 500, now=back, taken_s=back) == pytest.approx(0, abs=1e-6)


def test_a_line_that_has_become_slower_is_heard_again() -> None:
    lateness = Lateness(0.0)
    frames(lateness, 500, now=0.0)
    assert frames(lateness, 50, now=11.5, taken_s=10) > STALE_S
    assert frames(lateness, 1000, now=12.5, taken_s=11) < STALE_S


def test_frames_that_come_early_set_the_pace() -> None:
    lateness = Lateness(0.0)
    assert lateness.seconds(500, 0.0) == 0
    assert lateness.due_ms(1.0) == pytest.approx(1500)
    assert lateness.seconds(520, 1.0) == pytest.approx(0.98, abs=0.01)
