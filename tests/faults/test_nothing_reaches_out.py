"""From the start of the box to its end no socket leaves this machine."""

import ipaddress
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import soundfile

from appliance.airgap import SWITCHES
from tests.faults.alone import WHY_NOT, Left, counted, namespace
from tests.faults.calls import short_call

AUDIT = Path(__file__).parent / "audit"


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
    left: Left | None  # by the kernel's count; None: it was not alone


def watched(file: Path, command: Sequence[str]) -> Run:
    """Run where there is nothing but loopback, if this machine permits."""
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join(
            [str(AUDIT), *filter(None, [os.environ.get("PYTHONPATH")])]
        ),
        "SOCKET_AUDIT_FILE": str(file),
    }
    left = None
    if namespace():
        done, left = counted(command, file.with_suffix(".json"), environ)
    else:
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=170, check=False
        )
    lines = file.read_text().splitlines() if file.exists() else []
    told = [Noted(*json.loads(line)) for line in lines]
    every = [one for one in told if "tests.faults.alone" not in one.argv[1:3]]
    noted = [one for one in every if one.event != "begin"]
    commands = [" ".join(one.argv) for one in every if one.event == "begin"]
    return Run(done.returncode, done.stderr, noted, commands, left)


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


@pytest.fixture(scope="module")
def whole_call(
    models: None,  # noqa: ARG001
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
    run = watched(folder / "audit", command)
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
def test_a_whole_call_works_with_no_network_at_all_and_the_kernel_counts_no_try(
    whole_call: tuple[Run, list[dict[str, Any]]],
) -> None:
    run, told = whole_call
    if run.left is None:
        pytest.skip(WHY_NOT)
    assert run.status == 0, run.errors
    assert {m["speaker"] for m in told if m["type"] == "transcript"} == {
        "agent",
        "customer",
    }
    # In compiled code neither, and no question to a name server, not even on loopback.
    assert run.left.nothing, str(run.left)


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
    if run.left is not None:
        assert run.left.counts["IpOutNoRoutes"] == 1


PAGES = """
import os, sys, urllib.error, urllib.request
from pathlib import Path
from tests.faults.process import NO_MODELS, serving

with serving(Path(sys.argv[1]), NO_MODELS) as server:
    who = server.sign_in()
    for path in sys.argv[2:]:
        asked = urllib.request.Request(server.url + path, headers=who)
        try:
            urllib.request.urlopen(asked).close()
        except urllib.error.HTTPError as error:
            assert error.code == 503, path  # where the browser app is not built
    assert server.stop() == 0
"""

# Nobody has to be there, and no model.
LOOKS = (
    *("/", "/calls", "/calls/history", "/dashboard", "/admin", "/customer", "/sound-check"),
    *("/healthz", "/metrics", "/api/calls/stats", "/api/calls/live", "/api/sessions"),
    *("/api/people", "/api/tokens", "/api/audit", "/api/customers/search?query=ann"),
)


def test_pages_and_questions_are_answered_without_a_try_to_reach_out(
    tmp_path: Path,
) -> None:
    if not namespace():
        pytest.skip(WHY_NOT)
    looking = [sys.executable, "-c", PAGES, str(tmp_path / "box"), *LOOKS]
    done, left = counted(looking, tmp_path / "left.json", dict(os.environ))
    assert done.returncode == 0, done.stderr
    assert left.nothing, str(left)


OPENS_A_MODEL = """
from importlib.resources import files
import onnxruntime
assets = files("faster_whisper").joinpath("assets").iterdir()
[model] = [file for file in assets if file.suffix == ".onnx"]
onnxruntime.InferenceSession(str(model))
"""


def test_a_library_that_tells_its_makers_of_us_is_silent_with_our_switch(
    tmp_path: Path,
) -> None:
    if not namespace():
        pytest.skip(WHY_NOT)
    bare = {name: value for name, value in os.environ.items() if name not in SWITCHES}
    bare.pop("CI", None)  # it has regard for those
    opens = [sys.executable, "-c", OPENS_A_MODEL]
    wrote = {}
    for how, switches in {"as it comes": {}, "silent": SWITCHES}.items():
        home = tmp_path / how
        home.mkdir()
        environ = {**bare, **switches, "HOME": str(home)}
        done, left = counted(opens, tmp_path / "left.json", environ)
        assert done.returncode == 0, done.stderr
        assert left.nothing, str(left)
        # What it has to tell is kept there until it first tries, after nine seconds.
        wrote[how] = sorted(path.name for path in home.rglob("*.db"))
    assert wrote["silent"] == []
    if not wrote["as it comes"]:
        pytest.skip("this version of onnxruntime tells nobody in any case")
