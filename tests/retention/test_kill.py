"""Killed at any step of an erasure: the record is good, and the next round finishes it."""

import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from appliance.backup.making import RECORD
from appliance.store.log import SessionLog
from tests.retention.box import NOW, ZELDA, keeping
from tests.retention.dies import PLACES
from tests.retention.test_erasure import traces_of
from tests.store.events import stored

STEPS = [(place, 1) for place in PLACES] + [("after a change", 3)]


@pytest.mark.parametrize(("place", "count"), STEPS)
def test_a_kill_on_the_way_loses_nothing_and_is_made_up_for(
    both: Path, place: str, count: int
) -> None:
    command = [sys.executable, "-m", "tests.retention.dies", str(both)]
    done = subprocess.run(
        [*command, place, str(count)], stdout=subprocess.PIPE, check=False
    )
    assert done.returncode == -9

    lines = done.stdout.decode().splitlines(keepends=True)
    told = [line.split() for line in lines if line.endswith("\n")]
    log = SessionLog(both / RECORD)
    kept = set(stored(log))
    log.close()
    assert {(call_id, int(seq)) for call_id, seq in told} <= kept

    with keeping(both) as (_, custodian):
        anyio.run(lambda: custodian.round("the box", NOW, dry=False))
    assert traces_of(both, ZELDA) == []
    log = SessionLog(both / RECORD)
    assert kept <= set(stored(log))
    log.close()
    assert not list(both.glob("*.fresh*"))
