"""To another release and back: proven, or as before, and nothing is lost unsaid."""

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.upgrade.hands import own_schemas
from tests.upgrade.world import NEW, OLD, World

FIRST = f"a call that {OLD} took"
SECOND = f"a call that {NEW} took"


def test_a_release_is_taken_up_and_proven_and_gone_back_from_with_all_that_was_written(
    world: World, kit: Callable[..., Path], tmp_path: Path
) -> None:
    with tarfile.open(tmp_path / "kit.tar", "w") as archive:
        archive.add(kit(), "appliance-0.2.0")
    done = world.run("upgrade", str(tmp_path / "kit.tar"))
    assert done.returncode == 0, done.stderr
    # Before anybody has to wait for it.
    said = done.stderr
    assert said.index("are ready after 1 s") < said.index("hold ...")
    assert (world.used, world.runs) == (NEW, NEW)
    assert world.calls == [FIRST, SECOND]
    assert not world.journal.exists()
    assert (world.place.units / "appliance.service").is_file()

    done = world.run("rollback")
    assert done.returncode == 0, done.stderr
    assert (world.used, world.runs) == (OLD, OLD)
    assert world.calls == [FIRST, SECOND, FIRST]


@pytest.mark.parametrize(
    ("fault", "newer"), [("rehearse", True), ("start", False), ("start", True)]
)
def test_a_release_that_is_no_good_is_taken_back_by_itself(
    world: World,
    kit: Callable[..., Path],
    fault: str,
    newer: bool,
) -> None:
    done = world.run(
        "upgrade", str(kit(newer=newer, fault=fault)), "--prove-minutes", "0.02"
    )
    assert done.returncode == 1
    assert f"So {OLD} is in use, as before" in done.stderr
    assert (world.used, world.runs) == (OLD, OLD)
    assert not (world.place.releases / NEW).exists()
    assert not world.journal.exists()
    assert world.calls[0] == FIRST
    if fault == "start" and newer:
        # It had begun to write in a way that the old one cannot read.
        assert world.set_aside == [FIRST, SECOND]
        assert "has written since lies in" in done.stderr
    elif fault == "start":
        assert world.calls == [FIRST, SECOND, FIRST]


def test_a_kit_that_somebody_has_changed_is_not_even_built(
    world: World, kit: Callable[..., Path], tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    shutil.copytree(kit(), theirs)
    (theirs / "docs/README.md").write_text("another\n")
    done = world.run("upgrade", str(theirs))
    assert done.returncode == 1
    assert "is not what was signed" in done.stderr
    assert (world.used, world.runs, world.calls) == (OLD, OLD, [FIRST])


def test_what_is_in_use_is_not_upgraded_to(world: World, made: Path) -> None:
    done = world.run("upgrade", str(made / "kit-old"))
    assert done.returncode == 1
    assert f"{OLD} is in use already" in done.stderr


def test_there_is_nothing_to_go_back_to_on_a_new_box(world: World) -> None:
    done = world.run("rollback")
    assert done.returncode == 1
    assert "No release that" in done.stderr


def test_to_a_release_that_cannot_read_the_record_it_goes_back_only_when_told_to(
    world: World, kit: Callable[..., Path]
) -> None:
    world.know(OLD, own_schemas()["record"] - 1)
    before = world.record
    assert world.run("upgrade", str(kit())).returncode == 0
    after = world.record
    refused = world.run("rollback")
    assert refused.returncode == 1
    assert f"{OLD} cannot read what {NEW} writes (record)" in refused.stderr
    assert (world.used, world.runs, world.record) == (NEW, NEW, after)

    done = world.run("rollback", "--set-aside")
    assert done.returncode == 0, done.stderr
    assert (world.used, world.runs) == (OLD, OLD)
    assert world.record == [*before, FIRST]
    assert world.set_aside == after[1:]
    assert f"What {NEW} has written lies in" in done.stderr
