"""What systemd/appliance.service promises, and takes away, holds: a call is transcribed."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.settings import read_settings
from tests.faults import sandbox
from tests.faults.calls import advice, call, finals, of_speaker
from tests.faults.process import serving

SYSTEMD = Path(__file__).resolve().parents[2] / "systemd"
UNITS = sorted(SYSTEMD.glob("*.service")) + sorted(SYSTEMD.glob("*.timer"))
DROP_INS = sorted((SYSTEMD / "examples").glob("*.conf"))

MOST_EXPOSED = 2.0

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze"
)


def _analyse(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, check=False
    )


def _install(unit: Path, there: Path) -> None:
    """As it lies on a box: what it starts is there."""
    command = shutil.which("true")
    assert command is not None
    ours = r"/opt/appliance/(current|keeper)/bin/appliance"
    text = re.sub(ours, command, unit.read_text())
    there.write_text(text)


def _unit_of(drop_in: Path) -> Path:
    """The one it says it is for."""
    named = re.search(r"/etc/systemd/system/([\w.-]+\.service)\.d/", drop_in.read_text())
    assert named is not None
    return SYSTEMD / named[1]


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        _install(unit, tmp_path / unit.name)
    installed = map(str, sorted(tmp_path.iterdir()))
    said = _analyse("verify", "--man=no", "--recursive-errors=no", *installed)
    assert (said.returncode, said.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize(
    ("service", "drop_in"),
    [
        *[(one, None) for one in UNITS if one.suffix == ".service"],
        *[(_unit_of(one), one) for one in DROP_INS],
    ],
    ids=lambda path: path.stem if path else "alone",
)
def test_no_service_is_exposed_beyond_what_it_needs(
    tmp_path: Path, service: Path, drop_in: Path | None
) -> None:
    unit = tmp_path / service.name
    _install(service, unit)
    if drop_in is not None:
        # Later lines count, as those of a drop-in do.
        unit.write_text(f"{unit.read_text()}\n{drop_in.read_text()}")
    threshold = f"--threshold={MOST_EXPOSED * 10:.0f}"
    said = _analyse("security", "--offline=true", threshold, str(unit))
    assert said.returncode == 0, said.stdout.splitlines()[-1]


@pytest.mark.model
@pytest.mark.timeout(180)
@pytest.mark.usefixtures("models")
@pytest.mark.skipif(
    not sandbox.permitted(),
    reason="needs systemd-analyze, linux-libc-dev and the right to mount",
)
def test_within_the_sandbox_of_the_unit_a_call_is_transcribed(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    address = folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(address))
        _give_away(folder)
        environ = {
            "NOTIFY_SOCKET": str(address),
            "WATCHDOG_USEC": "8000000",
            "APPLIANCE_MODELS_DIR": str(Path(read_settings().models.dir).resolve()),
            "PYTHONPATH": str(sandbox.HERE),
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        within = ["unshare", "--mount", "--ipc", sys.executable, "-m"]
        within += ["tests.faults.sandbox", str(folder)]
        with serving(folder, environ, within=within) as server:
            outcome = call(server)
            assert server.stop() == 0, server.log.read_text()
        told = _told(manager)
    assert of_speaker(finals(outcome), "customer")
    assert of_speaker(finals(outcome), "agent")
    assert advice(outcome)
    starting = [one for one in told if one.startswith("STATUS=opening the record\n")]
    assert told[len(starting)] == "READY=1"
    assert any(one.startswith("WATCHDOG=1\nSTATUS=1 calls") for one in told)
    # It is well for as long as it ends its calls.
    assert any(one.startswith("STOPPING=1") for one in told)
    assert "does not answer itself" not in server.log.read_text()


def _give_away(folder: Path) -> None:
    for path in (folder, *folder.iterdir()):
        os.chown(path, int(sandbox.NOBODY), int(sandbox.NOBODY))


def _told(manager: socket.socket) -> list[str]:
    """Everything that has come."""
    manager.setblocking(False)
    told = []
    try:
        while True:
            told.append(manager.recv(4096).decode())
    except BlockingIOError:
        return told
