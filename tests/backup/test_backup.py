"""`appliance backup` and `restore`, beside a server that takes calls, and without one."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from appliance.backup.making import prune
from tests.faults.process import NO_MODELS, Serving, serving

pytestmark = pytest.mark.timeout(180)

CALLS = 4


def attempt(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "appliance", *command],
        env={**os.environ, **NO_MODELS, "APPLIANCE_SERVER_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


def run(data: Path, *command: str) -> str:
    done = attempt(data, *command)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(data: Path, *command: str) -> str:
    done = attempt(data, *command)
    assert done.returncode == 1
    return done.stderr


def start_call(server: Serving) -> None:
    wish = {"role": "customer", "name": "Ada"}
    httpx.post(f"{server.url}/api/calls/start", json=wish, timeout=20).raise_for_status()


def recorded(server: Serving) -> int:
    page: dict[str, Any] = server.get("/api/sessions?limit=200")
    return len(page["sessions"])


def test_a_backup_beside_a_server_that_works_is_whole_and_comes_back(
    tmp_path: Path,
) -> None:
    data, backups, other = tmp_path / "data", tmp_path / "backups", tmp_path / "other"
    run(data, "users", "add", "Ann", "--role", "agent")
    with serving(tmp_path, NO_MODELS) as server:
        for _ in range(CALLS):
            start_call(server)
        before = recorded(server)
        said = run(data, "backup", str(backups))
        start_call(server)
        # The line was let go: the accounts go on, and the log has it.
        assert "backed up" in run(data, "audit", "show")
        [made] = backups.iterdir()
        assert "Stop it" in refused(data, "restore", str(made), "--replace")
    assert str(made) in said
    assert made.stat().st_mode & 0o777 == 0o700
    assert not (made / "data" / "access" / "control.sock").exists()

    run(other / "data", "restore", str(made))
    assert "Ann" in run(other / "data", "users", "list")
    assert "restored" in run(other / "data", "audit", "show")
    assert "as they were written" in run(other / "data", "audit", "verify")
    with serving(other, NO_MODELS) as server:
        assert recorded(server) == before == CALLS


def test_the_newest_are_kept_and_what_was_left_half_made_goes(tmp_path: Path) -> None:
    host = os.uname().nodename
    names = [f"{host}-2026030{day}T020000Z" for day in range(1, 6)]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").touch()
    for name in (f".{host}-20260306T020000Z.part", "something-else"):
        (tmp_path / name).mkdir()
    assert len(prune(tmp_path, 2)) == 4
    assert {path.name for path in tmp_path.iterdir()} == {*names[-2:], "something-else"}


def test_what_is_there_is_put_aside_and_not_lost(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run(data, "users", "add", "Ann", "--role", "agent")
    run(data, "backup")
    [made] = (data / "backups").iterdir()
    kept = made.rename(tmp_path / made.name)
    run(data, "users", "add", "Bob", "--role", "agent")
    assert "--replace" in refused(data, "restore", str(kept))
    run(data, "restore", str(kept), "--replace")
    assert "Bob" not in run(data, "users", "list")
    [aside] = tmp_path.glob("data.before-*")
    assert "Bob" in run(aside, "users", "list")


def test_models_are_in_no_backup_and_stay_when_one_is_brought_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, backups = tmp_path / "data", tmp_path / "backups"
    weights = data / "models" / "large" / "model.bin"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"a gigabyte")
    monkeypatch.setenv("APPLIANCE_MODELS_DIR", str(data / "models"))
    run(data, "users", "add", "Ann", "--role", "agent")
    run(data, "backup", str(backups))
    [made] = backups.iterdir()
    assert not (made / "data" / "models").exists()
    run(data, "restore", str(made), "--replace")
    assert "Ann" in run(data, "users", "list")
    assert weights.read_bytes() == b"a gigabyte"


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run(data, "users", "add", "Ann", "--role", "agent")
    run(data, "backup", str(tmp_path / "to"))
    [made] = (tmp_path / "to").iterdir()
    file = made / "data" / "access" / "access.duckdb"
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)
    assert "not what was written" in refused(data, "restore", str(made), "--replace")
    assert "Ann" in run(data, "users", "list")
