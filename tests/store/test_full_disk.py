"""A full disk stops the record, never the calls, and leaves no hole behind."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.store.log import SessionLog
from tests.store.events import stored

# In a process of its own: a file size limit would hold for the whole test run.
FILLS = """
import resource, sys, anyio
from pathlib import Path
from appliance.errors import StoreError
from appliance.store import committer
from appliance.store.writer import Store
from tests.store.events import said

committer.RETRY_S = committer.RETRY_MOST_S = 0.05
committer.TIDY_AT = committer.TIDY_NOW = int(sys.argv[2])
committer.TIDY_AGAIN_S = 0.2

def may_grow(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

async def main() -> None:
    store = Store.open(Path(sys.argv[1]))
    may_grow(int(sys.argv[3]))
    seq, failed = 0, 0
    while failed < 5:
        seq += 1
        try:
            await store.commit(said(seq, "word " * 400))
        except StoreError as error:
            assert "LimitFSIZE" in error.fix, error
            assert store.failing and "may not grow" in store.problem, store.problem
            failed += 1
    may_grow(resource.RLIM_INFINITY)
    while store.failing:
        await anyio.sleep(0.01)
    seq += 1
    await store.commit(said(seq))
    await store.aclose()
    print(seq)

anyio.run(main)
"""


def kept(path: Path) -> list[int]:
    log = SessionLog(path)
    rows = [seq for _, seq in stored(log)]
    log.close()
    return rows


@pytest.mark.fault("disk full")
@pytest.mark.parametrize("tidy", [1 << 40, 100_000])
def test_a_file_that_may_not_grow_stops_the_record_until_it_may(
    tmp_path: Path, tidy: int
) -> None:
    path = tmp_path / "record.duckdb"
    command = [sys.executable, "-c", FILLS, str(path), str(tidy), "700000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=50)
    assert done.returncode == 0, done.stderr
    assert kept(path) == list(range(1, int(done.stdout) + 1))


FILLS_DISK = """
import subprocess, sys, anyio
from pathlib import Path
from appliance.database import opening
from appliance.errors import StoreError
from appliance.store import committer, log
from appliance.store.writer import Store
from tests.store.events import said

committer.RETRY_S = committer.RETRY_MOST_S = 0.05
committer.TIDY_AT = committer.TIDY_NOW = int(sys.argv[2])
committer.TIDY_AGAIN_S = 0.2
opening._ROOM_FOR_CHECKPOINT = int(sys.argv[3])
path = Path(sys.argv[1])
reopened = -1

def counted(path: Path, kind: opening.Kind, really=log.open_database):
    global reopened
    reopened += 1
    return really(path, kind)

log.open_database = counted

async def main() -> None:
    store = Store.open(path)
    seq, failed = 0, 0
    while failed < 5:
        seq += 1
        try:
            await store.commit(said(seq, "word " * 400))
        except StoreError as error:
            assert "Free some space" in error.fix, error
            failed += 1
    (path.parent / "ballast").unlink()
    while store.failing:
        await anyio.sleep(0.01)
    seq += 1
    await store.commit(said(seq))
    await store.aclose()
    print(seq, reopened)

anyio.run(main)
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB with 5 MB of something else on it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    (disk / "ballast").write_bytes(b"\0" * (5 << 20))
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


# With room asked for, tidying waits for space; without, it runs into the full disk, which
# kills the open database.
@pytest.mark.fault("disk full")
@pytest.mark.parametrize(("room", "dies"), [(1 << 30, False), (-(1 << 40), True)])
def test_a_full_disk_stops_the_record_until_there_is_space(
    small_disk: Path, room: int, dies: bool
) -> None:
    path = small_disk / "record.duckdb"
    command = [sys.executable, "-c", FILLS_DISK, str(path), "1000000", str(room)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=50)
    assert done.returncode == 0, done.stderr
    last, reopened = done.stdout.split()
    assert kept(path) == list(range(1, int(last) + 1))
    assert (int(reopened) > 0) is dies
