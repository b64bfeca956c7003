"""What a power cut leaves of the write-ahead log."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.database.repair import cut_torn_tail, wal_of
from appliance.store.log import SessionLog
from tests.store.events import said, stored


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.duckdb"


def test_a_complaint_about_something_else_cuts_nothing(path: Path) -> None:
    assert cut_torn_tail(path, "Catalog Error: no such table") is None


def crashed(path: Path, calls: int) -> None:
    """A record whose process died after `calls` commits, with all of them in the log."""
    dies = (
        "import os, sys, pathlib;"
        "from appliance.store.log import SessionLog; from tests.store.events import said;"
        f"log = SessionLog(pathlib.Path({str(path)!r}));"
        f"[log.write([said(n)]) for n in range(1, {calls + 1})];"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", dies], check=False).returncode == -9


@pytest.mark.fault("power cut")
@pytest.mark.parametrize("cut", [1, 50, 300])
def test_a_log_cut_off_by_a_power_cut_loses_only_its_last_commits(
    path: Path, cut: int
) -> None:
    crashed(path, calls=5)
    os.truncate(wal_of(path), wal_of(path).stat().st_size - cut)
    log = SessionLog(path)
    kept = stored(log)
    assert kept[:3] == [("c1", 1), ("c1", 2), ("c1", 3)]
    log.write([said(9)])
    log.close()
    log = SessionLog(path)
    assert stored(log) == [*kept, ("c1", 9)]
    log.close()


@pytest.mark.fault("record's log torn")
def test_zeros_left_by_a_power_cut_are_cut_off_and_a_copy_is_kept(path: Path) -> None:
    crashed(path, calls=5)
    whole = wal_of(path).read_bytes()
    wal_of(path).write_bytes(whole + b"\0" * 4096)
    log = SessionLog(path)
    assert stored(log) == [("c1", seq) for seq in range(1, 6)]
    log.write([said(6)])
    log.close()
    copy = wal_of(path).with_name(wal_of(path).name + ".damaged")
    assert copy.read_bytes() == whole + b"\0" * 4096
    log = SessionLog(path)
    assert stored(log) == [("c1", seq) for seq in range(1, 7)]
    log.close()


@pytest.mark.fault("record's log torn")
def test_a_last_commit_that_is_half_zeros_is_cut_off(path: Path) -> None:
    crashed(path, calls=5)
    whole = wal_of(path).read_bytes()
    wal_of(path).write_bytes(whole[:-150] + b"\0" * 150)
    log = SessionLog(path)
    assert stored(log) == [("c1", seq) for seq in range(1, 5)]
    log.close()


def test_a_second_damage_does_not_overwrite_the_copy_of_the_first(path: Path) -> None:
    crashed(path, calls=1)
    for _ in range(2):
        with wal_of(path).open("ab") as wal:
            wal.write(b"\0" * 4096)
        SessionLog(path).close()
        crashed(path, calls=1)
    assert len(list(path.parent.glob("*.damaged*"))) == 2
