"""The accounts as commands and `serve` reach them: through the server, or in the file."""

import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import anyio
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from appliance.access.access import FOLDER, Access
from appliance.access.commands import (
    AddPeople,
    AnyCommand,
    NewPerson,
)
from appliance.access.first import FIRST, write_first_password
from appliance.access.office import Office
from appliance.access.people import ROLES
from appliance.cli.reception import Reception
from appliance.control import line
from appliance.control.words import Answer
from appliance.errors import ProtocolError, StoreError
from appliance.pipeline.box import Box
from appliance.retention.custodian import Custodian
from appliance.settings import AccessSettings, Settings, read_settings
from appliance.shown import escaped
from appliance.upgrade.desk import CallDesk

A = TypeVar("A", bound=Answer)


# Whoever tries the box out has nobody else yet to be its agents and its supervisor.
WHAT_IT_MAY = (
    "It may answer calls, see all of them and administer the box; `appliance users roles "
    f"{FIRST} --role admin` takes the rest away once others do that."
)


class Place(NamedTuple):
    """Whose accounts a command is about."""

    data_dir: Path
    settings: AccessSettings

    @property
    def folder(self) -> Path:
        return self.data_dir / FOLDER


def place_of(settings: Path | None, data_dir: Path | None) -> Place:
    """Of the server with this settings file."""
    return place_in(read_settings(settings), data_dir)


def choose_folder(
    context: typer.Context,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    """What all commands of a group take first: whose accounts they are about."""
    context.obj = place_of(settings, data_dir)


def accounts_app(help_: str) -> typer.Typer:
    """A group of commands on the accounts of one server."""
    app = typer.Typer(help=help_, no_args_is_help=True)
    whether = f"{help_} Works while the server runs, and while it does not."
    app.callback(no_args_is_help=True, help=whether)(choose_folder)
    return app


def place_in(settings: Settings, data_dir: Path | None) -> Place:
    folder = data_dir or Path(settings.server.data_dir)
    return Place(folder.expanduser().absolute(), settings.access)


def perform(place: Place, command: AnyCommand, kind: type[A]) -> A:
    """The answer: the server's, if one has these accounts open, else from the file.

    Raises CommandRefused, AccountError and whatever keeps the file shut.
    """
    try:
        return line.ask(place.folder, command, kind)
    except line.NoServer:
        with Access.open(*place) as access:
            answer = anyio.run(Office(access).perform, command, line.user_name())
    if not isinstance(answer, kind):
        raise ProtocolError("Another answer was found.", fix="Please report it.")
    return answer


@contextmanager
def open_accounts(place: Place) -> Iterator[tuple[Access, socket.socket]]:
    """The accounts, and the control socket that commands reach them by meanwhile.

    Raises StoreError.
    """
    with Access.open(*place) as access, line.listening(access.folder) as listener:
        yield access, listener


async def run_access(
    access: Access, box: Box, custodian: Custodian, listener: socket.socket
) -> None:
    """While the server runs: what the accounts need, and the control socket."""
    calls = CallDesk(box.hold, box.registry.stats)
    desk = Reception(access, box.store, calls, custodian, box.reporting)
    async with anyio.create_task_group() as work:
        work.start_soon(access.run)
        work.start_soon(line.serve, listener, desk)


async def make_first(access: Access) -> None:
    """The account that a new box begins with, and its password where it can be read."""
    if access.roster.people:
        return
    try:
        await _make_first(access)
    except StoreError as error:
        # Calls are taken all the same.
        print(f"Nobody can sign in yet: {error}", file=sys.stderr)


async def _make_first(access: Access) -> None:
    first = NewPerson(name=FIRST, roles=ROLES)
    made = await Office(access).add(AddPeople(people=(first,)), "the box")
    password = made.new[0].password
    if sys.stdout.isatty():
        print(
            f"The first account is {FIRST!r}, its password {password}\n"
            "It is shown this once, and has to be changed when you first sign in.\n"
            f"{WHAT_IT_MAY}",
            flush=True,
        )
    else:
        path = await anyio.to_thread.run_sync(write_first_password, access.folder, password)
        print(
            f"The first account is {FIRST!r}; its password is in {path} until it is used.\n"
            f"{WHAT_IT_MAY}",
            flush=True,
        )


def show(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table on the terminal; one line a row for other programs."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(escaped(text).replace("\t", " ") for text in row))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold underline")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        # As text: in a plain string Rich would obey what stands in square brackets.
        table.add_row(*(Text(escaped(text)) for text in row))
    Console().print(table)
