"""The models folder as a whole: what is on it, by which names, and in what state."""

import shutil
from pathlib import Path

import msgspec
from msgspec import Struct

from appliance.errors import ModelError
from appliance.models.fetch import fetch_dir
from appliance.models.files import (
    OnStep,
    State,
    broken,
    inspect,
    replace_with,
    state_of,
    unheard,
)
from appliance.models.lock import exclusive
from appliance.models.manifest import Entry, Manifest, load_manifest, unknown_name
from appliance.models.packed import look_at_packed, packed_path, unpacked

RECORD = "imported.json"  # the checksums of a model that the manifest has none for


class Listed(Struct, frozen=True, kw_only=True):
    """One row of `appliance models list`."""

    entry: Entry
    state: State
    bytes: int  # on the disk if present, else what it will take
    packed: State | None  # of the packed weights; None where the model wants none


def every_entry(models_dir: Path, manifest: Manifest | None = None) -> tuple[Entry, ...]:
    """The manifest's models, with the checksums of those that were imported, and then the
    models a site imported under names of its own."""
    manifest = load_manifest() if manifest is None else manifest
    known = tuple(_with_record(models_dir, entry) for entry in manifest.models)
    records = (_record(folder) for folder in sorted(models_dir.glob("*/")))
    own = (found for found in records if found and manifest.get(found.name) is None)
    return (*known, *own)


def find(models_dir: Path, name: str, manifest: Manifest | None = None) -> Entry:
    """The model of that name or alias. Raises ModelError with the nearest name."""
    entries = every_entry(models_dir, manifest)
    for entry in entries:
        if name in (entry.name, *entry.aliases):
            return entry
    raise unknown_name(name, [n for e in entries for n in (e.name, *e.aliases)])


def _with_record(models_dir: Path, entry: Entry) -> Entry:
    if entry.files:
        return entry
    found = _record(models_dir / entry.name)
    return msgspec.structs.replace(entry, files=found.files) if found else entry


def _record(folder: Path) -> Entry | None:
    try:
        found = msgspec.json.decode((folder / RECORD).read_bytes(), type=Entry)
    except (OSError, msgspec.DecodeError):
        return None
    return found if found.name == folder.name else None


def write_record(folder: Path, entry: Entry) -> None:
    """Keep the checksums beside the files. Raises OSError."""
    replace_with(folder / RECORD, msgspec.json.format(msgspec.json.encode(entry)))


def list_models(models_dir: Path, manifest: Manifest | None = None) -> tuple[Listed, ...]:
    """Every known model and its state. Files that changed since they were last checked
    are hashed."""
    return tuple(_listed(models_dir, e) for e in every_entry(models_dir, manifest))


def _listed(models_dir: Path, entry: Entry) -> Listed:
    folder = models_dir / entry.name
    state = state_of(entry, inspect(folder, entry))
    if state == "missing" and fetch_dir(models_dir, entry.name).exists():
        state = "half-copied"
    packed: State | None = None
    size = entry.bytes
    if entry.pack:
        fault = look_at_packed(folder, entry)
        packed = fault.state if fault else "present"
        file = packed_path(folder)
        here = file.stat().st_size if file.is_file() else 0
        size += here if state == "present" else entry.packed_mb * 1_000_000
    return Listed(entry=entry, state=state, bytes=size, packed=packed)


def verify(
    models_dir: Path,
    name: str,
    *,
    manifest: Manifest | None = None,
    on_step: OnStep = unheard,
) -> Entry:
    """Hash every file of the model, whatever the stamp says.

    Raises ModelError naming the files that are not right and the command that mends them.
    """
    entry = find(models_dir, name, manifest)
    folder = models_dir / entry.name
    faults = inspect(folder, entry, afresh=True, on_step=on_step)
    if faults or not entry.files:
        raise broken(entry, folder, faults)
    if fault := look_at_packed(folder, entry, afresh=True, on_step=on_step):
        raise unpacked(entry, fault)
    return entry


def remove(models_dir: Path, name: str, *, manifest: Manifest | None = None) -> int:
    """Delete the model's files, and what an unfinished fetch left; the bytes freed.

    Raises ModelError if the name is unknown or nothing of it is there.
    """
    entry = find(models_dir, name, manifest)
    folders = [models_dir / entry.name, fetch_dir(models_dir, entry.name)]
    present = [folder for folder in folders if folder.exists()]
    if not present:
        raise ModelError(
            f"Nothing of {entry.name} is on this machine.",
            fix="`appliance models list` shows what is.",
        )
    with exclusive(models_dir, entry.name):
        return sum(_discard(folder) for folder in present)


def _discard(folder: Path) -> int:
    """Delete a folder so that, cut off half way, it is gone and not half there."""
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    doomed = folder.with_name(f".removed-{folder.name}")
    shutil.rmtree(doomed, ignore_errors=True)
    try:
        folder.replace(doomed)
        shutil.rmtree(doomed)
    except OSError as error:
        raise ModelError(
            f"Cannot remove {folder}: {error.strerror}.",
            fix="Check who owns the folder, or remove it by hand.",
        ) from error
    return size
