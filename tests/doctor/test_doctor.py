"""`appliance doctor` beside a box that runs, and one that does not."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.process import NO_MODELS, SECURE, serving

pytestmark = pytest.mark.timeout(120)


def examined(folder: Path, port: int, **environ: str) -> tuple[int, dict[str, Any]]:
    """Status, and the findings by name; the last of each."""
    settings = {"APPLIANCE_SERVER_PORT": str(port), **NO_MODELS, **environ}
    command = [sys.executable, "-m", "appliance", "doctor", "--json"]
    done = subprocess.run(
        [*command, "--data-dir", str(folder)],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, {one["what"]: one for one in json.loads(done.stdout)}


@pytest.mark.parametrize("tls", [SECURE, {"APPLIANCE_TLS_ENABLED": "false"}])
def test_a_box_that_runs_says_itself_how_it_is(tmp_path: Path, tls: dict[str, str]) -> None:
    with serving(tmp_path, NO_MODELS | tls) as server:
        port = int(server.url.rpartition(":")[2])
        _, found = examined(tmp_path / "data", port, **tls)
    assert found["service"]["state"] == "ok"
    assert found["network"]["state"] == "soon"  # for this machine alone
    assert found["certificate"]["state"] == ("ok" if tls is SECURE else "soon")
    assert "port" not in found


def test_its_state_fits_one_screen(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "appliance", "status", "--data-dir"]
    command.append(str(tmp_path / "data"))
    with serving(tmp_path, NO_MODELS) as server:
        environ = os.environ | NO_MODELS | {"APPLIANCE_TLS_ENABLED": "false"}
        environ["APPLIANCE_SERVER_PORT"] = server.url.rpartition(":")[2]
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) <= 24
    assert "all of it works" in lines[0]
    assert any(
        line.split() == ["air", "gap", "0", "tries", "to", "reach", "out"] for line in lines
    )
    stopped = subprocess.run(
        command, env=environ, capture_output=True, text=True, check=False
    )
    assert stopped.returncode == 1
    assert "Fix:" in stopped.stderr


def test_a_box_that_does_not_run_is_looked_into(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        status, found = examined(tmp_path / "data", port)
        assert status == 1
        assert found["port"]["state"] == "wrong"
        assert str(port) in found["port"]["fix"]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "appliance.duckdb").write_bytes(b"x" * 9000)
    status, found = examined(tmp_path / "data", port)
    assert status == 1
    assert found["service"]["state"] == "soon"
    assert "systemctl start" in found["service"]["fix"]
    assert found["record"]["state"] == "wrong"
