"""What the service manager is told, and when it is told nothing."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from appliance.cli import systemd
from appliance.cli.systemd import TRIES, Manager


@pytest.fixture
def line(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def _environ(line: socket.socket, **more: str) -> dict[str, str]:
    return {"NOTIFY_SOCKET": line.getsockname(), **more}


def test_facts_go_out_in_one_datagram(line: socket.socket) -> None:
    Manager.from_environ(_environ(line)).tell(READY="1", STATUS="2 calls")
    assert line.recv(100) == b"READY=1\nSTATUS=2 calls"


def test_a_name_without_a_file_is_found_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("")  # the kernel chooses a name
        listening.settimeout(5)
        name = b"@" + listening.getsockname()[1:]
        Manager(name.decode()).tell(READY="1")
        assert listening.recv(100) == b"READY=1"


def test_the_model_processes_do_not_inherit_the_line(line: socket.socket) -> None:
    environ = _environ(line, OTHER="1")
    Manager.from_environ(environ)
    assert environ == {"OTHER": "1"}


def test_a_start_that_takes_long_is_given_more_time_again_and_again(
    line: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = b"STATUS=opening the record\nEXTEND_TIMEOUT_USEC=40000"
    monkeypatch.setattr(systemd, "START_S", 0.04)
    with Manager.from_environ(_environ(line)).waiting("opening the record"):
        assert [line.recv(100) for _ in range(3)] == [told] * 3


def test_a_manager_that_is_gone_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Manager(str(tmp_path / "nobody")).tell(READY="1")
    assert "systemd was not told READY" in caplog.text


@pytest.mark.parametrize(
    ("environ", "watchdog_s"),
    [
        ({}, 0),
        ({"WATCHDOG_USEC": "60000000"}, 60),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 60),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, 0),  # meant for another
        ({"WATCHDOG_USEC": "soon"}, 0),
    ],
)
def test_the_watchdog_is_asked_for_in_microseconds(
    environ: dict[str, str], watchdog_s: float
) -> None:
    assert Manager.from_environ({**environ}).watchdog_s == watchdog_s


@pytest.mark.fault("server hangs")
@pytest.mark.anyio
async def test_only_a_service_that_answers_itself_is_well(line: socket.socket) -> None:
    well = iter([None, ConnectionError("refused"), TimeoutError(), None])
    proved = anyio.Event()

    async def prove() -> None:
        fault = next(well, proved)
        if isinstance(fault, Exception):
            raise fault
        if fault is proved:
            proved.set()
            await anyio.sleep_forever()

    manager = Manager(line.getsockname(), watchdog_s=0.01 * TRIES)
    async with anyio.create_task_group() as work:
        work.start_soon(manager.assure, prove, lambda: "fine")
        await proved.wait()
        work.cancel_scope.cancel()
    assert _all(line) == [b"WATCHDOG=1\nSTATUS=fine"] * 2


@pytest.mark.anyio
async def test_without_a_watchdog_nothing_is_proved() -> None:
    async def prove() -> None:
        pytest.fail("asked for nothing")

    await Manager("", watchdog_s=1).assure(prove, str)
    await Manager("somewhere").assure(prove, str)


def _all(line: socket.socket) -> list[bytes]:
    line.setblocking(False)
    heard = []
    try:
        while True:
            heard.append(line.recv(100))
    except BlockingIOError:
        return heard
