"""`appliance users`, `tokens` and `audit`, while a server runs and while none does."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import duckdb
import pytest
from anyio import to_thread
from anyio.from_thread import start_blocking_portal
from typer.testing import CliRunner

from appliance.access.access import FOLDER
from appliance.access.commands import ListPeople, People
from appliance.access.refusals import AccountError
from appliance.access.secret import digest
from appliance.cli.app import app, main
from appliance.control import line as control
from appliance.errors import ProtocolError, StoreError
from tests.access.site import SetClock, answering, open_access

# The same, from the file and by a server.
REFUSALS = (AccountError, control.CommandRefused)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # Longer than a Unix socket's name may be.
    return tmp_path / ("a folder with a long name " * 4) / "data"


@pytest.fixture(params=["without a server", "with a server"])
def site(request: pytest.FixtureRequest, folder: Path) -> Iterator[Path]:
    """The data folder; commands work on it in both cases."""
    if request.param == "without a server":
        yield folder
        return
    with answering(folder):
        yield folder


def run(folder: Path, *arguments: str) -> str:
    group, *rest = arguments
    command = [group, "--data-dir", str(folder), *rest]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    if isinstance(result.exception, Exception):
        raise result.exception
    return result.output


def password_in(said: str) -> str:
    return said.split("One-time password of ")[1].split(": ")[1].split("\n")[0]


def test_somebody_is_added_listed_disabled_and_enabled(site: Path) -> None:
    said = run(site, "users", "add", "Ann", "--role", "agent", "--role", "supervisor")
    assert len(password_in(said)) == 23
    assert "Ann\tagent, supervisor\tone-time password\t0\t" in run(site, "users", "list")
    run(site, "users", "disable", "ann")
    assert "\tdisabled\t" in run(site, "users", "list")
    run(site, "users", "enable", "ANN")
    assert "\tdisabled\t" not in run(site, "users", "list")
    assert password_in(run(site, "users", "reset", "Ann")) != password_in(said)


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "Ann", "--role", "king"],
        ["add", "=Ann", "--role", "agent"],
        ["disable", "Nobody"],
        ["reset", "Nobody"],
        ["import", "nowhere.csv"],
    ],
)
def test_what_cannot_be_done_is_refused_with_advice(
    site: Path, arguments: list[str]
) -> None:
    with pytest.raises(REFUSALS) as refused:
        run(site, "users", *arguments)
    assert refused.value.fix


def test_a_file_of_people_comes_in_with_a_password_each(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,roles\nAnn,agent\nBob,agent supervisor\n", "utf-8-sig")
    lines = [line for line in run(site, "users", "import", str(file)).splitlines() if line]
    assert [line.split(",")[0] for line in lines[:2]] == ["Ann", "Bob"]
    file.write_text("name,roles\nAnn,supervisor\nEve,agent\n")
    said = run(site, "users", "import", str(file))
    assert "Eve," in said
    assert "1 new, 1 with other roles." in said
    assert "Ann\tsupervisor" in run(site, "users", "list")


@pytest.mark.parametrize(
    "text",
    ["", "name\nAnn\n", "name,roles\nAnn,agent\n=x,agent\n", "name,roles\nAnn,king\n"],
)
def test_a_bad_file_of_people_changes_nothing(
    site: Path, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(text)
    with pytest.raises(REFUSALS):
        run(site, "users", "import", str(file))
    assert run(site, "users", "list") == ""


def test_a_token_is_shown_once_listed_and_revoked(site: Path) -> None:
    said = run(site, "tokens", "add", "prometheus", "--scope", "metrics", "--days", "30")
    secret = said.splitlines()[0]
    assert secret.startswith("appliance_")
    listed = run(site, "tokens", "list")
    assert "prometheus\tmetrics\t" in listed
    assert secret not in listed
    assert digest(secret) not in listed
    run(site, "tokens", "revoke", "prometheus")
    assert run(site, "tokens", "list") == ""
    with pytest.raises(REFUSALS):
        run(site, "tokens", "add", "x", "--scope", "everything")


def test_the_log_tells_who_used_the_command_line(site: Path) -> None:
    run(site, "users", "add", "Ann", "--role", "agent")
    assert f"{control.user_name()}\tuser added\tAnn\tagent" in run(site, "audit", "show")
    [line] = run(site, "audit", "show", "--json").splitlines()
    assert json.loads(line)["subject"] == "Ann"
    said = run(site, "audit", "verify")
    assert "All 1 rows are as they were written." in said
    noted = said.split("has the hash ")[1].strip()
    run(site, "audit", "verify", "--expect", noted)
    with pytest.raises(StoreError):
        run(site, "audit", "verify", "--expect", "0" * 64)


def test_what_strangers_typed_is_one_line_of_the_log_and_moves_no_cursor(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "Eve\x1b[2J\n0\tnow\tadmin\tsigned in\u202e[red]"

    async def knock() -> None:
        access = await to_thread.run_sync(open_access, folder, SetClock())
        await access.record(name, "sign-in refused", name, name)
        await to_thread.run_sync(access.close)

    anyio.run(knock)
    [row] = run(folder, "audit", "show").splitlines()
    assert row.count("\t") == 5
    assert row.split("\t", 4)[2] == r"Eve\x1b[2J\n0 now admin signed in\u202e[red]"
    arguments = ["appliance", "users", "--data-dir", str(folder), "reset", name]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit):
        main()
    assert not set("\x1b\u202e") & set(capsys.readouterr().err)


def test_a_log_that_was_cut_is_told_and_ends_with_an_error(folder: Path) -> None:
    for name in ("Ann", "Bob", "Eve"):
        run(folder, "users", "add", name, "--role", "agent")
    with duckdb.connect(str(folder / FOLDER / "access.duckdb")) as db:
        db.execute("DELETE FROM audit WHERE subject = 'Bob'")
    with pytest.raises(StoreError, match="not as it was written"):
        run(folder, "audit", "verify")


def test_more_rows_than_a_page_has_are_all_looked_at(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Ann", "Bob", "Eve", "Dan"):
        run(folder, "users", "add", name, "--role", "agent")
    with duckdb.connect(str(folder / FOLDER / "access.duckdb")) as db:
        db.execute("INSERT INTO audit SELECT * FROM audit WHERE n = 1")
    monkeypatch.setattr("appliance.cli.audit.MOST_ROWS", 2)
    with pytest.raises(StoreError, match="5 rows"):
        run(folder, "audit", "verify")


def test_the_folder_of_accounts_is_its_owners_alone(site: Path) -> None:
    run(site, "users", "list")
    assert (site / FOLDER).stat().st_mode & 0o777 == 0o700
    line = site / FOLDER / control.NAME
    if line.exists():
        assert line.stat().st_mode & 0o777 == 0o600


def test_what_a_killed_server_left_does_not_keep_commands_out(folder: Path) -> None:
    run(folder, "users", "list")
    here = Path.cwd()
    os.chdir(folder / FOLDER)
    try:
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(control.NAME)
    finally:
        os.chdir(here)
    run(folder, "users", "add", "Ann", "--role", "agent")
    with open_access(folder, SetClock()) as access, control.listening(access.folder):
        assert "Ann" in {person.name for person in access.roster.people.values()}


def test_accounts_that_another_process_has_open_say_so(folder: Path) -> None:
    run(folder, "users", "list")
    holds = (
        "import pathlib, sys\nfrom appliance.access.access import Access\n"
        "from appliance.settings import AccessSettings\n"
        f"with Access.open(pathlib.Path({str(folder)!r}), AccessSettings()):\n"
        "    print('open', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holds], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(StoreError, match="is open in another process"):
            run(folder, "users", "list")
        other.communicate(timeout=30)


@pytest.mark.parametrize(
    "sent", [b"", b"\n", b"{}\n", b'{"do":"rule the world"}\n', b"\xff\n"]
)
def test_nonsense_on_the_control_socket_harms_nobody(folder: Path, sent: bytes) -> None:
    with answering(folder) as access:
        with (
            control._reachable(access.folder) as path,
            socket.socket(socket.AF_UNIX) as client,
        ):
            client.connect(path)
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            assert client.recv(4096).startswith(b'{"is":"refused"' if sent else b"")
        assert control.ask(access.folder, ListPeople(), People).people == ()


def test_an_answer_that_cannot_be_read_says_what_to_do(folder: Path) -> None:
    with (
        open_access(folder, SetClock()) as access,
        control.listening(access.folder) as line,
        start_blocking_portal() as portal,
    ):

        def answer() -> None:
            one, _ = line.accept()
            with one:
                one.recv(4096)
                one.sendall(b"what?\n")

        answering = portal.start_task_soon(to_thread.run_sync, answer)
        with pytest.raises(ProtocolError, match="cannot be read"):
            control.ask(access.folder, ListPeople(), People)
        answering.result()
