"""What was acknowledged survives kill -9, whenever it comes."""

import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from appliance.store.log import SessionLog
from tests.store.events import stored
from tests.store.test_settling import wrong


def test_an_event_survives_a_kill_right_after_its_commit_returned(tmp_path: Path) -> None:
    path = tmp_path / "record.duckdb"
    dies = (
        "import anyio, os, pathlib;"
        "from appliance.store.writer import Store; from tests.store.events import started;"
        f"store = Store.open(pathlib.Path({str(path)!r}));"
        "anyio.run(store.commit, started());"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", dies], check=False).returncode == -9
    log = SessionLog(path)
    assert stored(log) == [("c1", 1)]
    log.close()


@pytest.mark.fault("power cut")
@pytest.mark.parametrize(
    ("tidy", "acknowledged"), [(1 << 40, 40), (1 << 40, 400), (3_000, 40), (20_000, 400)]
)
def test_every_acknowledged_event_survives_a_kill_in_mid_stream(
    tmp_path: Path, tidy: int, acknowledged: int
) -> None:
    path = tmp_path / "record.duckdb"
    told: list[tuple[str, int]] = []
    for _ in range(3):
        command = [sys.executable, "-m", "tests.store.recorder", str(path), str(tidy)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as recorder:
            assert recorder.stdout is not None
            lines = [recorder.stdout.readline() for _ in range(acknowledged)]
            recorder.kill()
            lines += recorder.stdout.readlines()
        whole = [line.decode().split() for line in lines if line.endswith(b"\n")]
        told = [(call_id, int(seq)) for call_id, seq in whole]
        assert len(told) >= acknowledged

        log = SessionLog(path)
        kept = stored(log)
        log.close()
        assert set(told) <= set(kept)
        order = defaultdict(list)
        for call_id, seq in kept:
            order[call_id].append(seq)
        for seqs in order.values():
            # Each life of the recorder begins again at 1 and skips nothing.
            assert seqs == [n for life in lives(seqs) for n in range(1, life + 1)]
    log = SessionLog(path)
    assert wrong(log) == []
    log.close()


def lives(seqs: list[int]) -> list[int]:
    """The last seq of each run that begins with 1."""
    ends = [n for n, after in pairwise(seqs) if after == 1]
    return [*ends, seqs[-1]]
