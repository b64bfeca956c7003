"""Is a model's folder whole? Checksums, and a stamp that spares hashing at every start.

Hashing half a gigabyte takes 0.4 to 2 s and reads all of it from the disk, so a file that
was once found right is trusted for as long as its size and change time stay the same.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from appliance.errors import ModelError
from appliance.models.manifest import Entry, ModelFile

STAMP = ".verified.json"
PART = ".part"
CHUNK = 1 << 20

State: TypeAlias = Literal["present", "missing", "half-copied", "damaged"]


class Step(Struct, frozen=True, kw_only=True):
    """How far a fetch, an import or a check is. `done` and `total` are bytes; `total` 0
    means unknown."""

    text: str
    done: int = 0
    total: int = 0


OnStep: TypeAlias = Callable[[Step], None]


def unheard(_step: Step) -> None:
    """For callers that show no progress."""


class Fault(Struct, frozen=True, kw_only=True):
    """What is wrong with one file."""

    file: str
    state: State
    text: str  # for people, without a full stop


class Seen(Struct, frozen=True, kw_only=True):
    """What a file was when its checksum was last found right."""

    sha256: str
    bytes: int
    mtime_ns: int


def digest(file: Path, name: str, on_step: OnStep = unheard) -> str:
    """The file's SHA-256 in hex. Raises OSError."""
    total = file.stat().st_size
    sha, done = hashlib.sha256(), 0
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            sha.update(chunk)
            done += len(chunk)
            on_step(Step(text=f"checking {name}", done=done, total=total))
    return sha.hexdigest()


def inspect(
    folder: Path, entry: Entry, *, afresh: bool = False, on_step: OnStep = unheard
) -> tuple[Fault, ...]:
    """Everything wrong with the model's files; empty means whole.

    Files the stamp vouches for are not read, unless `afresh`. Writes the stamp anew.
    """
    stamp = {} if afresh else read_stamp(folder)
    seen: dict[str, Seen] = {}
    faults = []
    for file in entry.files:
        fault = _fault(folder, file, stamp.get(file.name), on_step)
        if fault is None:
            seen[file.name] = _seen(folder / file.name, file.sha256)
        else:
            faults.append(fault)
    if seen != stamp:
        write_stamp(folder, seen)
    return tuple(faults)


def _fault(
    folder: Path, file: ModelFile, seen: Seen | None, on_step: OnStep
) -> Fault | None:
    path = folder / file.name
    part = path.with_name(path.name + PART)
    if not path.is_file():
        if part.exists():
            return _half(file, part.stat().st_size)
        return Fault(file=file.name, state="missing", text=f"{file.name} is missing")
    size = path.stat().st_size
    if size < file.bytes:
        return _half(file, size)
    if size == file.bytes and seen == _seen(path, file.sha256):
        return None
    try:
        if size == file.bytes and digest(path, path.name, on_step) == file.sha256:
            return None
    except OSError as error:
        text = f"{file.name} cannot be read: {error.strerror}"
        return Fault(file=file.name, state="damaged", text=text)
    text = f"{file.name} is damaged: its content is not what was recorded"
    return Fault(file=file.name, state="damaged", text=text)


def _half(file: ModelFile, size: int) -> Fault:
    text = f"{file.name} is half copied: {size:,} of {file.bytes:,} bytes"
    return Fault(file=file.name, state="half-copied", text=text)


def _seen(path: Path, sha256: str) -> Seen:
    stat = path.stat()
    return Seen(sha256=sha256, bytes=stat.st_size, mtime_ns=stat.st_mtime_ns)


def state_of(entry: Entry, faults: tuple[Fault, ...]) -> State:
    """The state of a whole model, from its files'."""
    states = {fault.state for fault in faults}
    if not entry.files:  # import-only, and nobody has imported it
        return "missing"
    if "damaged" in states:
        return "damaged"
    if states == {"missing"} and len(faults) == len(entry.files):
        return "missing"
    return "half-copied" if states else "present"


def broken(entry: Entry, folder: Path, faults: Iterable[Fault]) -> ModelError:
    """The error for a model that cannot be used, naming its files and what mends it."""
    faults = tuple(faults)
    if state_of(entry, faults) == "missing":
        problem = f"The model {entry.name} is not on this machine: {folder} has no files."
    else:
        texts = "; ".join(fault.text for fault in faults)
        problem = f"The model {entry.name} cannot be used: {texts} (in {folder})."
    return ModelError(problem, fix=mend(entry))


def mend(entry: Entry) -> str:
    """What puts this model in place."""
    if not entry.packages:
        return f"Bring it on a stick: `appliance models import PATH --name {entry.name}`."
    return (
        f"Run `appliance models fetch {entry.name}`, or without a network bring its folder "
        f"on a stick: `appliance models import PATH`."
    )


def read_stamp(folder: Path) -> dict[str, Seen]:
    """The stamp, or nothing where there is none or it cannot be read."""
    try:
        return msgspec.json.decode((folder / STAMP).read_bytes(), type=dict[str, Seen])
    except (OSError, msgspec.DecodeError):
        return {}


def write_stamp(folder: Path, seen: dict[str, Seen]) -> None:
    """Keep the stamp; a models folder that is not ours to write is simply hashed again."""
    if not folder.is_dir():
        return
    with contextlib.suppress(OSError):
        replace_with(folder / STAMP, msgspec.json.format(msgspec.json.encode(seen)))


def replace_with(file: Path, content: bytes) -> None:
    """Write beside and rename, so that a power cut leaves the old file or the new one."""
    part = file.with_name(file.name + PART)
    with part.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
