"""`appliance backup` and `appliance restore`: a copy of all that cannot be made again."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import anyio
import typer

from appliance.access.access import Access
from appliance.access.audit import Action
from appliance.backup.commands import Copied
from appliance.backup.making import back_up, prune
from appliance.backup.manifest import check_files, read_manifest
from appliance.backup.restoring import restore as put_back
from appliance.cli.accounts import Place, place_in
from appliance.control.line import NoServer, ask, user_name
from appliance.control.words import Done
from appliance.retention.erasures import NAME as ERASURES
from appliance.retention.erasures import keep_beside, take_along
from appliance.settings import FILE_VARIABLE, Settings, read_settings

# Calls come first: a copy has time.
NICER = 15

Data = Annotated[Path | None, typer.Option(help="Folder of the record.")]
File = Annotated[Path | None, typer.Option(help="Settings file.")]


def backup(
    to: Annotated[
        Path | None, typer.Argument(help="Folder of backups; else backup.folder.")
    ] = None,
    settings: File = None,
    data_dir: Data = None,
    keep: Annotated[int | None, typer.Option(help="So many; else backup.keep.")] = None,
) -> None:
    """Copy record, accounts, customers, keys and settings, while calls go on."""
    os.nice(NICER)
    chosen = read_settings(settings)
    place = place_in(chosen, data_dir)
    folder = to or chosen.backup.folder_in(place.data_dir)
    file = settings or (os.environ.get(FILE_VARIABLE) or None)
    beside = [Path(file)] if file else []
    sounds = chosen.recording.folder_in(place.data_dir)
    made = back_up(place.data_dir, folder, beside, _now(), sounds, [_models_of(chosen)])
    manifest = read_manifest(made)
    check_files(made, manifest)
    keep_beside(place.data_dir, folder)
    _record(place, "backed up", str(made))
    gone = prune(folder, keep or chosen.backup.keep)
    print(f"{made}: {len(manifest.files)} files, {manifest.bytes / 1e6:.1f} MB, checked.")
    for path in gone:
        print(f"removed {path}")


def restore(
    backup: Annotated[Path, typer.Argument(help="A folder that `backup` has made.")],
    settings: File = None,
    data_dir: Data = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put aside what is there.")
    ] = False,
) -> None:
    """Put a backup into the data folder of a box that does not run."""
    chosen = read_settings(settings)
    place = place_in(chosen, data_dir)
    models = _models_of(chosen)

    def take_along_erasures(folder: Path) -> None:
        for there in (backup.absolute().parent, place.data_dir):
            take_along(there, folder)

    manifest = put_back(
        backup,
        place.data_dir,
        _now(),
        take_along_erasures,
        replace=replace,
        kept=[models],
    )
    _record(place, "restored", f"of {manifest.made:%Y-%m-%d %H:%M:%S} UTC")
    print(f"{place.data_dir} is as it was at {manifest.made:%Y-%m-%d %H:%M:%S} UTC.")
    if (place.data_dir / ERASURES).is_file():
        print("Who was erased since then is taken out again at the next start.")
    beside = backup / "beside"
    if beside.is_dir():
        names = ", ".join(sorted(path.name for path in beside.iterdir()))
        print(f"Settings of then lie in {beside}, not put in place: {names}.")


def _models_of(settings: Settings) -> Path:
    """Where an installed box keeps them in its data folder; the kit has them."""
    return Path(settings.models.dir).expanduser().absolute()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _record(place: Place, action: Action, detail: str) -> None:
    """In the audit log; of the server if one runs."""
    try:
        ask(place.folder, Copied(folder=detail), Done)
    except NoServer:
        with Access.open(*place) as access:
            anyio.run(access.record, user_name(), action, "", detail)
