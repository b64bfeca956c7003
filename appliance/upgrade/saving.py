"""The databases put aside and back: what a release may change in a way that an older one
cannot read. Recordings and backups grow beside them and are never touched.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from appliance.backup.making import ACCESS, RECORD, still_databases
from appliance.database.copying import copy_still
from appliance.durable import sync_file, sync_folder
from appliance.errors import UpgradeError

FOLDER = ACCESS.parent
WHOLE = ".whole"


def copy(data: Path, to: Path) -> None:
    """Every database of `data`, each as of one moment, into a folder of its own; as long as
    it is not whole it has another name. Raises StoreError, UpgradeError, OSError."""
    _require_room(data, to)
    part = to.with_name(f".{to.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    with still_databases(data) as still:
        for file in (still.record, still.access):
            one = file.still()
            if one.path.is_file():
                there = part / one.path.relative_to(data)
                there.parent.mkdir(mode=0o700, exist_ok=True)
                copy_still(one, there.parent)
        for path in _others(data):
            there = part / path.relative_to(data)
            there.parent.mkdir(mode=0o700, exist_ok=True)
            _copy(path, there)
    _give_like(data, part)
    shutil.rmtree(to, ignore_errors=True)
    part.rename(to)
    sync_folder(to.parent)


def put_back(saved: Path, data: Path, aside: Path) -> None:
    """Put the databases of `saved` in place of those in `data`, which are kept in `aside`.
    May be repeated until it is done; `saved` stays whole. Raises OSError."""
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (aside / WHOLE).exists():
        for path in _all(data):
            there = aside / path.relative_to(data)
            there.parent.mkdir(mode=0o700, exist_ok=True)
            # Moved before, and what is here now is half of what is put back: that may go.
            if not there.exists():
                path.rename(there)
                sync_folder(there.parent)
        (aside / WHOLE).touch()
        sync_folder(aside)
    for path in _all(data):
        path.unlink()
    for path in _all(saved):
        there = data / path.relative_to(saved)
        there.parent.mkdir(mode=0o700, exist_ok=True)
        _copy(path, there)
    _give_like(data, data / FOLDER)
    for path in _all(data):
        _give_like(data, path)
    sync_folder(data)


def _all(data: Path) -> Iterator[Path]:
    """Every file of a database, with its log."""
    yield from sorted(data.glob("*.duckdb*"))
    yield from sorted(path for path in (data / FOLDER).glob("*") if path.is_file())


def _others(data: Path) -> Iterator[Path]:
    """But for the two that are written while calls go on, and are copied with care."""
    own = (str(data / RECORD), str(data / ACCESS))
    return (path for path in _all(data) if not str(path).startswith(own))


def _copy(path: Path, there: Path) -> None:
    shutil.copy2(path, there)
    sync_file(there)


def _give_like(data: Path, path: Path) -> None:
    """To whom the data folder belongs: this runs as root, and the service does not."""
    owner = data.stat()
    for one in (path, *path.rglob("*")):
        os.chown(one, owner.st_uid, owner.st_gid)


def _require_room(data: Path, to: Path) -> None:
    needed = sum(path.stat().st_size for path in _all(data))
    folder = to.parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    # Once more for a migration, which rewrites what it changes.
    if free < 2 * needed + (256 << 20):
        raise UpgradeError(
            f"{folder} has {free / 1e6:.0f} MB free; databases take {needed / 1e6:.0f}.",
            fix=f"Free some space in {folder}: twice that is needed, and some air.",
        )
