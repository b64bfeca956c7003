"""`appliance upgrade` and `appliance rollback`: to another release, and back by itself."""

import fcntl
import shlex
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from appliance.errors import KitError, UpgradeError
from appliance.kit import release
from appliance.kit.checking import check
from appliance.kit.listing import Listing
from appliance.kit.machine import available_mb, look, require
from appliance.kit.place import Place
from appliance.upgrade import journal as journals
from appliance.upgrade.conductor import carry_out, take_back
from appliance.upgrade.hands import (
    Kit,
    MachineHands,
    Patience,
    own_schemas,
    saved_folder,
    saved_of,
)
from appliance.upgrade.journal import Journal
from appliance.upgrade.other import Other
from appliance.upgrade.service import Command, Manager, Nobody, Systemd
from appliance.upgrade.steps import forward

LOCK = "upgrade.lock"

Root = Annotated[Path, typer.Option("--root", help="Of another machine's disk.")]
Service = Annotated[
    str, typer.Option(help="Instead of systemctl: run with `start` or `stop` after it.")
]
# Loading a large model from a cold disk takes minutes.
Prove = Annotated[float, typer.Option(help="Minutes until the service has to be well.")]
Drain = Annotated[float, typer.Option(help="Minutes that running calls are waited for.")]


def upgrade(
    kit: Annotated[Path | None, typer.Argument(help="Folder or .tar of the kit.")] = None,
    drain_minutes: Drain = 15.0,
    prove_minutes: Prove = 10.0,
    keep: Annotated[int, typer.Option(help="Releases that are kept.", min=2)] = 3,
    resume: Annotated[
        bool, typer.Option("--resume", help="Only take back what was cut off.")
    ] = False,
    boot: Annotated[
        bool, typer.Option("--boot", help="With --resume: leave starting to systemd.")
    ] = False,
    root: Root = Path("/"),
    service: Service = "",
) -> None:
    """Take up another release, and prove it, or go back to this one by itself."""
    place = Place(root.absolute())
    manager = Nobody() if boot else _manager(service)
    with _alone(place):
        _take_back(place, manager)
        if resume:
            return
        if kit is None:
            raise UpgradeError("No kit is named.", fix="`appliance upgrade KIT`.")
        with _unpacked(kit) as folder:
            _upgrade(folder, place, manager, _patience(drain_minutes, prove_minutes), keep)


def rollback(
    drain_minutes: Drain = 15.0,
    prove_minutes: Prove = 10.0,
    set_aside: Annotated[
        bool,
        typer.Option("--set-aside", help="Go without what was written since the upgrade."),
    ] = False,
    root: Root = Path("/"),
    service: Service = "",
) -> None:
    """Go back to the release before this one."""
    place = Place(root.absolute())
    manager = _manager(service)
    with _alone(place):
        _take_back(place, manager)
        used = _used(place)
        target = _before(place, used)
        restores = _restores(place, used, target, set_aside=set_aside)
        journal = _journal(place, used, target, made=False)
        hands = MachineHands(
            place, manager, _say, patience=_patience(drain_minutes, prove_minutes)
        )
        steps = forward(room=True, back=True, restores=restores)
        carry_out(journal, steps, hands)
    print(f"{target} is in use again; {used} is kept.")


def _upgrade(
    folder: Path, place: Place, manager: Manager, patience: Patience, keep: int
) -> None:
    used = _used(place)
    listing = check(folder, _pinned(place))
    if listing.version == used:
        raise UpgradeError(
            f"{used} is in use already.", fix="`install` of its kit puts it in order."
        )
    machine = look(listing, (place.software, place.data))
    require(machine, listing)
    made = not release.release(place, listing.version).folder.exists()
    python = next(iter(machine.pythons.values()))
    hands = MachineHands(
        place,
        manager,
        _say,
        kit=Kit(folder, listing, python),
        patience=patience,
        keep_releases=keep,
    )
    room = _has_room(listing)
    if not room:
        _say("There is no memory for two releases at once: it is tried while none runs.")
    journal = _journal(place, used, listing.version, made=made)
    carry_out(journal, forward(room=room), hands)
    print(f"{listing.version} is in use; `appliance rollback` goes back to {used}.")


def _patience(drain_minutes: float, prove_minutes: float) -> Patience:
    return Patience(drain_s=drain_minutes * 60, prove_s=prove_minutes * 60)


def _journal(place: Place, old: str, new: str, *, made: bool) -> Journal:
    return Journal(
        id=f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
        old=old,
        new=new,
        made=made,
        saved=str(saved_of(place, old, new)),
    )


def _has_room(listing: Listing) -> bool:
    """For a second set of models. Not known counts as yes."""
    return not 0 < available_mb() < listing.memory_mb


def _take_back(place: Place, manager: Manager) -> None:
    """What an earlier one has left, where it was cut off."""
    journal = journals.found(place)
    if journal is None:
        return
    _say(
        f"An upgrade from {journal.old} to {journal.new} was cut off at "
        f"{journal.begun[-1]}."
    )
    take_back(journal, MachineHands(place, manager, _say))
    print(f"{_used(place)} is in use.")


def _used(place: Place) -> str:
    found = release.current(place)
    if found is None:
        raise UpgradeError(
            "No release is installed here.", fix="Run `install` of a kit first."
        )
    return found.version


def _before(place: Place, used: str) -> str:
    """The newest that was used before, by what was saved when it was left."""
    left = [
        one.version
        for one in release.installed(place)
        if saved_of(place, one.version, used).is_dir()
    ]
    if not left:
        raise UpgradeError(
            f"No release that {used} has taken over from is kept.",
            fix="`appliance upgrade KIT` with the kit of the one you want.",
        )
    return max(left, key=lambda one: saved_of(place, one, used).stat().st_mtime)


def _restores(place: Place, used: str, target: str, *, set_aside: bool) -> bool:
    """Whether the databases have to be taken back as well."""
    known = Other(place, release.release(place, target)).schemas()
    newer = [name for name, schema in own_schemas().items() if schema > known.get(name, 0)]
    if newer and not set_aside:
        raise UpgradeError(
            f"{target} cannot read what {used} writes ({', '.join(newer)}): going back "
            f"means the databases as they were before {used}. What was written since "
            f"would be kept in {saved_folder(place)}, and be in no list.",
            fix="First `appliance backup`, then `appliance rollback --set-aside`.",
        )
    return bool(newer)


def _pinned(place: Place) -> str:
    try:
        return place.key.read_text().strip()
    except FileNotFoundError:
        raise KitError(
            "It is not known whose kits this machine takes.",
            fix="`appliance kit trust KEY`, with the key that their maker has told you.",
        ) from None


def _manager(service: str) -> Manager:
    return Command(shlex.split(service)) if service else Systemd()


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """One at a time; whoever has been killed holds it no more."""
    place.software.mkdir(parents=True, exist_ok=True)
    try:
        file = (place.software / LOCK).open("w")
    except OSError as error:
        raise UpgradeError(
            f"{place.software} cannot be written: {error.strerror}.",
            fix="Run it as root (sudo).",
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UpgradeError(
                "Another upgrade or rollback is going on.", fix="Wait until it has ended."
            ) from None
        yield


@contextmanager
def _unpacked(kit: Path) -> Iterator[Path]:
    """A folder. Of an archive nothing may land outside of it, and it is checked as any
    other once it lies there."""
    if kit.is_dir():
        yield kit
        return
    with tempfile.TemporaryDirectory(prefix="appliance-kit-", dir="/var/tmp") as there:
        try:
            with tarfile.open(kit) as archive:
                archive.extractall(there, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise KitError(
                f"{kit} cannot be unpacked: {error}.", fix="Copy it once more."
            ) from error
        [folder] = Path(there).iterdir()
        yield folder


def _say(line: str) -> None:
    print(f"==> {line}", file=sys.stderr, flush=True)
