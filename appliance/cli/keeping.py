"""`appliance retention`, `hold`, `erase` and `export`: what is kept, and what goes."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO, TypeVar

import anyio
import anyio.to_thread
import typer

from appliance.access.access import Access
from appliance.backup.making import RECORD
from appliance.cli.accounts import Place, place_in, show
from appliance.cli.files import new_file
from appliance.control import line
from appliance.control.words import Answer, Done
from appliance.errors import ProtocolError, SettingsError
from appliance.retention.backups import Remains
from appliance.retention.building import custodian_of
from appliance.retention.commands import (
    SUBJECTS,
    Erase,
    Erased,
    Export,
    Exported,
    Holds,
    ListHolds,
    PlaceHold,
    Ran,
    ReleaseHold,
    Retain,
    RetentionCommand,
    Subject,
)
from appliance.retention.custodian import Custodian
from appliance.retention.desk import exporting, perform
from appliance.settings import Settings, read_settings
from appliance.store.writer import Store

A = TypeVar("A", bound=Answer)

# Calls come first.
NICER = 15

SettingsFile = Annotated[Path | None, typer.Option("--settings", help="Settings file.")]
Data = Annotated[Path | None, typer.Option("--data-dir", help="Folder of the record.")]
Id = Annotated[str, typer.Argument(help="Number of the customer, or of the call.")]
Whose = Annotated[str, typer.Argument(help="`customer` or `call`.")]

export_app = typer.Typer(help="Give out what is kept of somebody.", no_args_is_help=True)

hold_app = typer.Typer(
    help="Keep calls whatever the rules say, and though somebody wants them erased.",
    no_args_is_help=True,
)


def retention(
    settings: SettingsFile = None,
    data_dir: Data = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go.")
    ] = False,
) -> None:
    """Take out what has been kept long enough, while calls go on."""
    ran = _ask(settings, data_dir, Retain(dry=dry_run), Ran)
    print("would go:" if ran.dry else "gone:")
    print(f"  {ran.recordings} recordings ({ran.freed / 1e6:.1f} MB)")
    print(f"  what was said in {ran.transcripts} calls")
    print(f"  {ran.calls} calls with all that was left of them")
    if ran.audit:
        print(f"  {ran.audit} rows of the audit log")
    if ran.held:
        print(f"kept by a hold: {ran.held} calls")
    if not ran.dry:
        print(f"record: {ran.before / 1e6:.1f} MB, now {ran.after / 1e6:.1f} MB")
    for why in ran.unfinished:
        print(why)


def erase(
    whose: Whose,
    subject: Id,
    settings: SettingsFile = None,
    data_dir: Data = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a customer with all their calls, or one call; the counts stay."""
    kind = _kind(whose)
    if not yes:
        typer.confirm(f"Erase {kind} {subject} for good?", abort=True)
    done = _ask(settings, data_dir, Erase(kind=kind, subject=subject), Erased)
    print(
        f"erased: {done.calls} calls, {done.customers} customer cards, "
        f"{done.freed / 1e6:.1f} MB of recordings (erasure {done.id})"
    )
    for why in done.waiting:
        print(f"still to do: {why}")
    for copy in done.backups:
        print(_told(copy))


@hold_app.command("place")
def place_hold(
    whose: Whose,
    subject: Id,
    reason: Annotated[str, typer.Option(help="Why; those who may release it see it.")],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day (UTC) it ends.")
    ] = None,
    settings: SettingsFile = None,
    data_dir: Data = None,
) -> None:
    """Keep the calls of a customer, or one call."""
    end = until and until.replace(tzinfo=UTC)
    wish = PlaceHold(kind=_kind(whose), subject=subject, reason=reason, until=end)
    _ask(settings, data_dir, wish, Done)
    print(f"{whose} {subject} is kept.")


@hold_app.command("list")
def list_holds(settings: SettingsFile = None, data_dir: Data = None) -> None:
    """Show what is kept, and why."""
    found = _ask(settings, data_dir, ListHolds(), Holds).holds
    show(
        ("Hold", "What", "Whose", "Calls", "Reason", "Who", "Since", "Until"),
        [
            (
                one.hold.id,
                one.hold.kind,
                one.hold.subject,
                str(one.calls),
                one.hold.reason,
                one.hold.placed_by,
                f"{one.hold.placed:%Y-%m-%d}",
                f"{one.hold.until:%Y-%m-%d}" if one.hold.until else "",
            )
            for one in found
        ],
    )


@hold_app.command("release")
def release_hold(
    hold_id: Annotated[str, typer.Argument(help="As the list has it.")],
    settings: SettingsFile = None,
    data_dir: Data = None,
) -> None:
    """End a hold; what is overdue goes the next night."""
    _ask(settings, data_dir, ReleaseHold(id=hold_id), Done)
    print(f"Hold {hold_id} is released.")


@export_app.command("customer")
def export_customer(
    customer: Annotated[str, typer.Argument(help="Number of the customer.")],
    file: Annotated[Path, typer.Argument(help="The ZIP to be written.")],
    settings: SettingsFile = None,
    data_dir: Data = None,
) -> None:
    """Write down for somebody all that is kept of them."""
    os.nice(NICER)
    chosen = read_settings(settings)
    place = place_in(chosen, data_dir)
    command = Export(customer=customer)
    with new_file(file) as out:
        try:
            with line.asking(place.folder, command, Exported) as made:
                _copy(Path(made.path), out)
        except line.NoServer:
            with _opened(chosen, place) as custodian:
                anyio.run(_export, custodian, command, out)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB, for them alone.")


async def _export(custodian: Custodian, command: Export, out: BinaryIO) -> None:
    async with exporting(custodian, command, line.user_name()) as made:
        await anyio.to_thread.run_sync(_copy, Path(made.path), out)


def _copy(path: Path, out: BinaryIO) -> None:
    with path.open("rb") as source:
        shutil.copyfileobj(source, out)


def _ask(
    file: Path | None, data_dir: Path | None, command: RetentionCommand, kind: type[A]
) -> A:
    """The answer: the server's, if one has the record open, else from the files."""
    os.nice(NICER)
    settings = read_settings(file)
    place = place_in(settings, data_dir)
    try:
        return line.ask(place.folder, command, kind)
    except line.NoServer:
        answer = _by_hand(settings, place, command)
    if not isinstance(answer, kind):
        raise ProtocolError("Another answer was found.", fix="Please report it.")
    return answer


def _by_hand(settings: Settings, place: Place, command: RetentionCommand) -> Answer:
    with _opened(settings, place) as custodian:
        return anyio.run(perform, custodian, command, line.user_name())


@contextmanager
def _opened(settings: Settings, place: Place) -> Iterator[Custodian]:
    with Store.open(place.data_dir / RECORD) as store, Access.open(*place) as access:
        yield custodian_of(settings, place.data_dir, store, access, live=False)


def _kind(whose: str) -> Subject:
    for kind in SUBJECTS:
        if kind == whose:
            return kind
    raise SettingsError(f"{whose!r} cannot be meant.", fix="Write `customer` or `call`.")


def _told(copy: Remains) -> str:
    if copy.made is None:
        return f"put aside by a restore, remove it when you can: {copy.path}"
    ends = f"; goes about {copy.expires:%Y-%m-%d}" if copy.expires else ""
    what = f"{copy.calls} of these calls, {copy.recordings} files of their recordings"
    return f"backup {copy.path} still has {what}{ends}"
