"""From the start of the box to its end no socket leaves this machine."""

import ipaddress
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import soundfile

from tests.faults.calls import short_call

AUDIT = Path(__file__).parent / "audit"

# Only a loopback device, and that one is up: whatever would reach out finds no way.
ALONE = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


class Noted(NamedTuple):
    """One line of the audit."""

    event: str
    address: Any
    pid: int
    argv: list[str]


class Run(NamedTuple):
    """What became of a program that was watched."""

    status: int
    errors: str
    noted: list[Noted]
    commands: list[str]  # of every process, its own included


def watched(file: Path, command: Sequence[str]) -> Run:
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join(
            [str(AUDIT), *filter(None, [os.environ.get("PYTHONPATH")])]
        ),
        "SOCKET_AUDIT_FILE": str(file),
    }
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, timeout=170, check=False
    )
    lines = file.read_text().splitlines() if file.exists() else []
    every = [Noted(*json.loads(line)) for line in lines]
    noted = [one for one in every if one.event != "begin"]
    commands = [" ".join(one.argv) for one in every if one.event == "begin"]
    return Run(done.returncode, done.stderr, noted, commands)


def stays_here(noted: Noted) -> bool:
    """Loopback, a Unix socket, or a name that means loopback."""
    address = noted.address
    if isinstance(address, str) and noted.event in ("socket.connect", "socket.bind"):
        return True  # a path: a Unix socket
    host = address[0] if isinstance(address, list) else address
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def can_be_alone() -> bool:
    if not shutil.which("unshare") or not shutil.which("ip"):
        return False
    tried = subprocess.run([*ALONE, "true"], capture_output=True, check=False)
    return tried.returncode == 0


@pytest.fixture(scope="module")
def alone() -> bool:
    return can_be_alone()


@pytest.fixture(scope="module")
def whole_call(
    models: None,  # noqa: ARG001
    alone: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Run, list[dict[str, Any]]]:
    """A replay that starts its own server, speaks, is advised and stops it; where this
    machine permits, in a network that has nothing but loopback."""
    folder = tmp_path_factory.mktemp("whole_call")
    recording = short_call()
    soundfile.write(folder / "call.wav", recording.samples, recording.rate)
    replay = [sys.executable, "-m", "appliance", "replay", str(folder / "call.wav")]
    options = ["--speed", "2", "--quiet", "--data-dir", str(folder / "data")]
    command = [*replay, *options, "--json", str(folder / "told.jsonl")]
    run = watched(folder / "audit", [*ALONE, *command] if alone else command)
    told = (folder / "told.jsonl").read_text().splitlines()
    return run, [json.loads(line) for line in told]


@pytest.mark.model
@pytest.mark.timeout(200)
def test_every_socket_of_a_whole_call_stays_on_loopback(
    whole_call: tuple[Run, list[dict[str, Any]]],
) -> None:
    run, told = whole_call
    assert run.status == 0, run.errors
    assert any(m["type"] == "transcript" and m["is_final"] for m in told)
    assert any(m["type"] == "ai_suggestion" and m["status"] == "done" for m in told)
    # The replay, its server and each model were watched; one listened, one came.
    for process in ("replay", "serve", "vad.silero", "transcriber.whisper", "assistant."):
        assert any(process in command for command in run.commands), process
    assert {"socket.bind", "socket.connect"} <= {noted.event for noted in run.noted}
    assert [noted for noted in run.noted if not stays_here(noted)] == []


@pytest.mark.model
@pytest.mark.timeout(200)
def test_a_whole_call_works_where_there_is_no_network_at_all(
    alone: bool, whole_call: tuple[Run, list[dict[str, Any]]]
) -> None:
    if not alone:
        pytest.skip("needs unshare and ip, and the right to make a network namespace")
    run, told = whole_call
    assert run.status == 0, run.errors
    assert {m["speaker"] for m in told if m["type"] == "transcript"} == {
        "agent",
        "customer",
    }


REACHING_OUT = """
import contextlib, socket, subprocess, sys
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.connect(("127.0.0.1", 9))
with contextlib.suppress(OSError):  # there is no route, perhaps
    # Addresses kept for documentation; and connecting UDP sends nothing.
    udp.connect(("192.0.2.1", 9))
with contextlib.suppress(OSError):
    socket.getaddrinfo("2001:db8::1", 443, flags=socket.AI_NUMERICHOST)
child = "import socket; socket.socket().bind(('0.0.0.0', 0))"
subprocess.run([sys.executable, "-c", child], check=True)
"""


def test_the_watch_sees_a_process_or_its_child_reach_out(tmp_path: Path) -> None:
    run = watched(tmp_path / "audit", [sys.executable, "-c", REACHING_OUT])
    outside = [(n.event, n.address) for n in run.noted if not stays_here(n)]
    assert outside == [
        ("socket.connect", ["192.0.2.1", 9]),
        ("socket.getaddrinfo", "2001:db8::1"),
        ("socket.bind", ["0.0.0.0", 0]),
    ]
    assert len(run.noted) == len(outside) + 1
    assert len(run.commands) == len({n.pid for n in run.noted}) == 2
