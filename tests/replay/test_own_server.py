import os
import signal
import subprocess
import sys
from pathlib import Path

import anyio
import psutil
import pytest

from appliance.errors import ApplianceError
from appliance.replay.own_server import TETHER, own_server

pytestmark = pytest.mark.anyio

SERVES = """
import os, signal, sys, time
mark = sys.argv[-1]

def stop(*_):
    open(mark, "w").write("stopped")
    sys.exit()

signal.signal(signal.SIGTERM, stop)
open(mark + ".pid", "w").write(str(os.getpid()))
print("loading", *sys.argv[1:])
print("serving on http://127.0.0.1:4711")
while True:
    time.sleep(0.01)
"""

STARTS = f"""
import sys
import anyio
from appliance.replay.own_server import own_server

async def start():
    async with own_server(sys.argv[1], program=(sys.executable, "-c", {SERVES!r})):
        print("ready", flush=True)
        await anyio.sleep_forever()

anyio.run(start)
"""


def program(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.fixture
def mark(tmp_path: Path) -> anyio.Path:
    """Where the server says that it was stopped in order."""
    return anyio.Path(tmp_path / "mark")


async def pid_of(mark: anyio.Path) -> int:
    return int(await anyio.Path(f"{mark}.pid").read_text())


async def test_its_address_is_known_once_it_is_ready_and_it_is_stopped_in_order(
    mark: anyio.Path,
) -> None:
    async with own_server("--data-dir", str(mark), program=program(SERVES)) as url:
        assert url == "http://127.0.0.1:4711"
        assert not await mark.exists()
    assert await mark.read_text() == "stopped"


async def test_it_is_stopped_when_the_replay_fails(mark: anyio.Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with own_server(str(mark), program=program(SERVES)):
            raise ZeroDivisionError
    assert await mark.read_text() == "stopped"


async def test_a_server_that_died_meanwhile_is_no_second_problem(mark: anyio.Path) -> None:
    async with own_server(str(mark), program=program(SERVES)):
        os.kill(await pid_of(mark), signal.SIGKILL)
    assert not await mark.exists()


async def test_one_that_cannot_start_is_quoted() -> None:
    code = "import sys; print('reading'); sys.exit('Another process holds the log.')"
    with pytest.raises(ApplianceError, match="reading / Another process holds") as caught:
        async with own_server(program=program(code)):
            pass
    assert "--url" in caught.value.fix


async def test_ctrl_c_in_the_terminal_does_not_reach_it_directly(mark: anyio.Path) -> None:
    async with own_server(str(mark), program=program(SERVES)):
        pid = await pid_of(mark)
        assert os.getpgid(pid) == pid != os.getpgrp()


@pytest.mark.skipif(not TETHER, reason="needs setpriv (util-linux)")
async def test_it_does_not_outlive_a_replay_that_is_killed(mark: anyio.Path) -> None:
    async with await anyio.open_process(
        [sys.executable, "-c", STARTS, str(mark)], stderr=subprocess.DEVNULL
    ) as replay:
        assert replay.stdout is not None
        await replay.stdout.receive()
        server = psutil.Process(await pid_of(mark))
        replay.kill()
    await anyio.to_thread.run_sync(server.wait, 30)
    assert not await mark.exists()
