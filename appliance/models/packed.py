"""Weights made once for this machine's kernels, in a folder inside the model's own.

    NAME/model.gguf           as it was fetched: what the manifest's checksum is of
    NAME/packed/model.gguf    what is served if it is whole and was made from that file
    NAME/packed/packed.json   what it was made from, by what, and its own checksum

It makes a model faster and never usable: whatever is wrong with it, the original is there.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from appliance.errors import ModelError
from appliance.models.files import (
    Fault,
    OnStep,
    State,
    Step,
    broken,
    digest,
    inspect,
    replace_with,
    unheard,
)
from appliance.models.lock import exclusive
from appliance.models.manifest import Digest, Entry, ModelFile, Recipe
from appliance.models.shapes import GGUF_NAME
from appliance.models.wheels import room_for

PACKED = "packed"
RECORD = "packed.json"

# Reads the first file, writes the second, tells how many bytes it has written, and returns
# what it is, with its version. Raises ModelError.
Pack: TypeAlias = Callable[[Path, Path, Recipe, Callable[[int], None]], str]


class Packed(Struct, frozen=True, kw_only=True):
    """What `packed.json` says."""

    recipe: Recipe
    source_sha256: Digest
    made_by: str
    file: ModelFile


def pack(models_dir: Path, entry: Entry, make: Pack, on_step: OnStep = unheard) -> bool:
    """Make what the model's manifest entry asks for; False if there is nothing to do.

    Raises ModelError; the model itself is untouched by whatever goes wrong.
    """
    folder = models_dir / entry.name
    if look_at_packed(folder, entry) is None:
        return False
    with exclusive(models_dir, entry.name, on_step):
        if look_at_packed(folder, entry) is None:  # whoever held the lock has made it
            return False
        faults = inspect(folder, entry)
        if faults or not entry.files:
            raise broken(entry, folder, faults)
        room_for(models_dir, entry.packed_mb * 1_000_000)
        # Beside, and ours: we hold the lock.
        staging = folder / f".{PACKED}"
        shutil.rmtree(staging, ignore_errors=True)
        try:
            staging.mkdir()
            _make(folder, staging, entry, make, on_step)
            shutil.rmtree(folder / PACKED, ignore_errors=True)
            staging.replace(folder / PACKED)
        except OSError as error:
            raise ModelError(
                f"Cannot write the packed weights of {entry.name}: {error.strerror}.",
                fix="See to the disk, then run "
                f"`appliance models pack {entry.name}`; until then the model is slower.",
            ) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    # Leaves the stamp, so that the first start need not read the file.
    if fault := look_at_packed(folder, entry):
        raise unpacked(entry, fault)
    return True


def _make(folder: Path, staging: Path, entry: Entry, make: Pack, on_step: OnStep) -> None:
    text = f"{entry.name}: packing its weights for this processor, once, half a minute"
    total = entry.packed_mb * 1_000_000
    on_step(Step(text=text))
    made = staging / GGUF_NAME
    made_by = make(
        folder / GGUF_NAME,
        made,
        entry.pack,
        lambda done: on_step(Step(text=text, done=min(done, total), total=total)),
    )
    with made.open("rb") as written:
        os.fsync(written.fileno())
    sha256 = digest(made, GGUF_NAME, on_step)
    file = ModelFile(name=GGUF_NAME, bytes=made.stat().st_size, sha256=sha256)
    record = Packed(
        recipe=entry.pack, source_sha256=_source(entry), made_by=made_by, file=file
    )
    replace_with(staging / RECORD, msgspec.json.format(msgspec.json.encode(record)))


def look_at_packed(
    folder: Path, entry: Entry, *, afresh: bool = False, on_step: OnStep = unheard
) -> Fault | None:
    """What is wrong with the packed weights in the model's folder; None also for a model
    that wants none. Reads the file only if it has changed, unless `afresh`."""
    if not entry.pack:
        return None
    record = _read(folder)
    if record is None:
        return _fault("missing", "they are not there")
    if (record.recipe, record.source_sha256) != (entry.pack, _source(entry)):
        return _fault("missing", "they were made from another file")
    packed = msgspec.structs.replace(entry, files=(record.file,))
    faults = inspect(folder / PACKED, packed, afresh=afresh, on_step=on_step)
    return faults[0] if faults else None


def _fault(state: State, text: str) -> Fault:
    return Fault(file=f"{PACKED}/{GGUF_NAME}", state=state, text=text)


def unpacked(entry: Entry, fault: Fault) -> ModelError:
    """The error for packed weights that cannot be used, with what mends them."""
    return ModelError(
        f"The packed weights of {entry.name} cannot be used: {fault.text}.",
        fix=f"Run `appliance models pack {entry.name}`; until then the model is slower.",
    )


def packed_path(folder: Path) -> Path:
    """Where the packed weights of the model in `folder` lie."""
    return folder / PACKED / GGUF_NAME


def _source(entry: Entry) -> str:
    """The checksum of what is packed; "" for a model that is not here."""
    return next((file.sha256 for file in entry.files if file.name == GGUF_NAME), "")


def _read(folder: Path) -> Packed | None:
    try:
        return msgspec.json.decode((folder / PACKED / RECORD).read_bytes(), type=Packed)
    except (OSError, msgspec.DecodeError):
        return None
