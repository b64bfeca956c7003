"""Power is lost at twenty points of an upgrade, and comes back: a release works, and every
call that was acknowledged is in the record, or where it was said to be.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.upgrade.world import NEW, OLD, World

DIED = -9


def _points(world: World, tmp_path: Path, kit: Path, number: int) -> list[int]:
    """So many of those that there are, from the first to the last."""
    whole = world.moved_to(tmp_path / "whole").run("upgrade", str(kit))
    assert whole.returncode == 0, whole.stderr
    points = int(whole.stdout.splitlines()[-1])
    return [1 + round(n * (points - 1) / (number - 1)) for n in range(number)]


@pytest.mark.fault("power cut")
@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("newer", "built", "number"),
    [(False, False, 4), (False, True, 8), (True, True, 8)],
    ids=["while it is built", "same record", "newer record"],
)
def test_power_may_be_lost_at_any_point_of_an_upgrade(
    world: World,
    kit: Callable[..., Path],
    tmp_path: Path,
    newer: bool,
    built: bool,
    number: int,
) -> None:
    new = kit(newer=newer)
    if built:
        world.build(new)
    chosen = _points(world, tmp_path, new, number)
    ends = [_cut(world.moved_to(tmp_path / f"cut-{n}"), new, n) for n in chosen]
    assert OLD in ends, "none of them was early"
    # And from there it can be taken up after all.
    last = max(n for n, end in zip(chosen, ends, strict=True) if end == OLD)
    machine = World(tmp_path / f"cut-{last}")
    again = machine.run("upgrade", str(new))
    assert again.returncode == 0, again.stderr
    assert machine.runs == NEW


def _cut(world: World, kit: Path, point: int) -> str:
    """The release that works in the end."""
    before = world.calls
    assert world.run("upgrade", str(kit), cut=point).returncode == DIED
    taken = [*before, *_since(world, before)]
    # The machine starts: first what was cut off is taken back, then the service begins.
    (world.place.data.parent / "running").unlink(missing_ok=True)
    if world.journal.exists():
        back = world.run("upgrade", "--resume", "--boot")
        assert back.returncode == 0, back.stderr
    assert not world.journal.exists()
    world.start()
    assert world.runs == world.used
    kept = Counter(world.calls) | Counter(world.set_aside)
    assert not Counter(taken) - kept, (point, taken, kept)
    return world.used


def _since(world: World, before: list[str]) -> list[str]:
    """Calls that were taken between the start of the upgrade and its end."""
    record = world.place.data / "appliance.duckdb"
    lines = record.read_text().splitlines()[1:] if record.exists() else []
    return lines[len(before) :]
