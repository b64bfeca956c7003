"""When there is room for recordings, when soon there is none, and when again."""

import pytest

from appliance.recordings.space import Space
from appliance.supervision import SpaceState

GB = 10**9


@pytest.mark.parametrize(
    ("used", "free", "state"),
    [
        (0, 100, "ok"),
        (70, 30, "ok"),
        (79, 21, "filling"),
        (97, 3, "filling"),
        (98, 2, "full"),
        (10, 1, "full"),  # what fills the disk is something else
    ],
)
def test_without_a_budget_the_disk_is_the_limit(
    used: int, free: int, state: SpaceState
) -> None:
    space = Space(used=used * GB, free=free * GB, keep_free=2 * GB)

    assert space.state(was_full=False) == state


def test_a_disk_that_others_fill_is_told_before_it_is_full() -> None:
    space = Space(used=GB, free=3 * GB, keep_free=2 * GB)

    assert space.state(was_full=False) == "filling"


@pytest.mark.parametrize(("used", "state"), [(79, "ok"), (80, "filling"), (100, "full")])
def test_a_budget_is_the_limit_however_large_the_disk(used: int, state: SpaceState) -> None:
    space = Space(used=used * GB, free=900 * GB, budget=100 * GB)

    assert space.state(was_full=False) == state


def test_a_budget_does_not_make_a_disk_larger() -> None:
    space = Space(used=10 * GB, free=2 * GB, keep_free=2 * GB, budget=100 * GB)

    assert space.state(was_full=False) == "full"


def test_what_was_full_begins_again_only_with_some_room() -> None:
    barely = Space(used=995, free=1000, budget=1000)
    enough = Space(used=980, free=1000, budget=1000)

    assert barely.state(was_full=False) == "filling"
    assert barely.state(was_full=True) == "full"
    assert enough.state(was_full=True) == "filling"
