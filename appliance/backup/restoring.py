"""Put a backup in the place of a data folder that is empty, or is put aside."""

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from appliance.access.file import ACCESS as ACCESS_KIND
from appliance.backup.making import ACCESS, RECORD
from appliance.backup.manifest import Manifest, check_files, read_manifest
from appliance.control.line import is_served
from appliance.database.opening import Kind, open_database
from appliance.errors import StoreError
from appliance.store.log import RECORD as RECORD_KIND


def restore(
    backup: Path,
    data_dir: Path,
    now: datetime,
    finish: Callable[[Path], None] = lambda _: None,
    *,
    replace: bool,
    kept: Sequence[Path] = (),
) -> Manifest:
    """Everything is checked before anything is touched. With `replace`, what is in
    `data_dir` is put aside under another name. Returns what was restored. `finish(folder)`
    completes it before it gets there; `kept` are folders that no backup has, and that stay
    where they lie in `data_dir`.

    Blocks. For a box that does not run. Raises StoreError.
    """
    manifest = read_manifest(backup)
    check_files(backup, manifest)
    if is_served(data_dir / ACCESS.parent):
        raise StoreError(
            f"A server uses {data_dir}.", fix="Stop it: `systemctl stop appliance`."
        )
    part = data_dir.with_name(f"{data_dir.name}.restored")
    if _something(data_dir) and not replace:
        raise StoreError(
            f"There is something in {data_dir}.",
            fix="Add --replace: it is put aside, not removed.",
        )
    try:
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(backup / "data", part)
        part.chmod(0o700)
        _open_once(part)
        finish(part)
        for folder in kept:
            _keep(folder, data_dir, part)
        if _something(data_dir):
            aside = data_dir.with_name(f"{data_dir.name}.before-{now:%Y%m%dT%H%M%SZ}")
            data_dir.rename(aside)
        elif data_dir.exists():
            data_dir.rmdir()
        part.rename(data_dir)
    except OSError as error:
        raise StoreError(
            f"The backup cannot be put into {data_dir}: {error.strerror or error}.",
            fix=f"See that {data_dir.parent} can be written, and has room.",
        ) from error
    return manifest


def _keep(folder: Path, data_dir: Path, part: Path) -> None:
    if not folder.is_dir() or not folder.is_relative_to(data_dir):
        return
    there = part / folder.relative_to(data_dir)
    if not there.exists():  # as it does in backups of before 0.2
        # Linked, not moved: power may be lost before `part` gets its name.
        shutil.copytree(folder, there, copy_function=os.link, symlinks=True)


def _something(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _open_once(folder: Path) -> None:
    """Replays what the logs have, and brings an older backup up to date. Raises
    StoreError."""
    known: Iterable[tuple[Path, Kind]] = (
        (folder / RECORD, RECORD_KIND),
        (folder / ACCESS, ACCESS_KIND),
    )
    for path, kind in known:
        if path.is_file():
            open_database(path, kind).close()
