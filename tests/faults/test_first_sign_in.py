"""A new box from its first start: the password in the file, the sign-in, the commands."""

import json
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.faults.process import NO_MODELS, SECURE, serving

NEW = "seven slow trains to Lisbon"


def command(folder: Path, *arguments: str) -> str:
    group, *rest = arguments
    line = [sys.executable, "-m", "appliance", group, "--data-dir", str(folder / "data")]
    done = subprocess.run(
        [*line, *rest], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_admin_signs_in_and_commands_work_beside_the_server(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, NO_MODELS) as server:
        file = tmp_path / "data" / "access" / "first-password"
        assert file.stat().st_mode & 0o777 == 0o600
        password = file.read_text().strip()
        assert password not in server.said.read_text() + server.log.read_text()
        with httpx.Client(base_url=server.url) as http:
            wish = {"name": "admin", "password": password}
            me = http.post("/auth/login", json=wish).json()
            assert me["roles"] == ["admin", "agent", "supervisor"]
            assert me["must_change"]
            assert not file.exists()
            token = {"X-CSRF-Token": me["csrf"]}
            change = {"old": password, "new": NEW}
            me = http.post("/auth/password", json=change, headers=token).json()
            assert not me["must_change"]
            command(tmp_path, "users", "add", "Boss", "--role", "admin")
            command(tmp_path, "users", "roles", "admin", "--role", "admin")
            assert http.get("/auth/me").json()["roles"] == ["admin"]
            assert "admin\tadmin\tactive\t1" in command(tmp_path, "users", "list")
            command(tmp_path, "users", "disable", "admin")
            assert http.get("/auth/me").json()["name"] == ""
        assert server.stop() == 0
    assert "admin\tadmin\tdisabled" in command(tmp_path, "users", "list")
    told = [
        json.loads(line)
        for line in command(tmp_path, "audit", "show", "--json").splitlines()
    ]
    assert [one["action"] for one in told] == [
        "user added",
        "signed in",
        "password changed",
        "user added",
        "user changed",
        "user disabled",
    ]
    assert "All 6 rows" in command(tmp_path, "audit", "verify")


@pytest.mark.fault("server killed")
def test_who_is_signed_in_stays_so_when_the_server_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path, NO_MODELS) as server:
        password = (tmp_path / "data" / "access" / "first-password").read_text().strip()
        with httpx.Client(base_url=server.url) as http:
            http.post("/auth/login", json={"name": "admin", "password": password})
            cookies = dict(http.cookies)
        server.kill()
    with serving(tmp_path, NO_MODELS) as server:
        me = httpx.get(f"{server.url}/auth/me", cookies=cookies).json()
        assert me["name"] == "admin"
        assert server.stop() == 0
    assert "All 2 rows" in command(tmp_path, "audit", "verify")


def test_over_tls_the_cookie_is_for_this_host_alone(tmp_path: Path) -> None:
    with serving(tmp_path, NO_MODELS | SECURE) as server:
        password = (tmp_path / "data" / "access" / "first-password").read_text().strip()
        command(tmp_path, "tls", "export-ca", str(tmp_path / "ca.crt"))
        trusted = ssl.create_default_context(cafile=tmp_path / "ca.crt")
        with httpx.Client(base_url=server.url, verify=trusted) as http:
            wish = {"name": "admin", "password": password}
            assert http.post("/auth/login", json=wish).status_code == 200
            assert set(http.cookies) == {"__Host-session", "__Host-device"}
            assert http.get("/auth/me").json()["name"] == "admin"
        assert server.stop() == 0
