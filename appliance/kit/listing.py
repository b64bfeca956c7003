"""KIT.json: what a kit holds, for which machines, and the checksum of every file.

    kit/
      KIT.json          this list, and all that is signed
      KIT.sig           the signature of its bytes, ed25519, in hex
      install           the installer
      components.json   everything in it that others wrote, with its licence
      wheels/ models/ units/ docs/

A dataclass and `json`, where the rest of the code has msgspec: see this package's first
lines.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from appliance.errors import KitError

NAME, SIGNATURE = "KIT.json", "KIT.sig"
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class File:
    path: str  # within the kit, with /
    bytes: int
    sha256: str  # in hex


@dataclass(frozen=True, kw_only=True)
class Listing:
    version: str  # of the appliance
    made: int  # s since 1970: of the newest change in it, not of its making
    key: str  # public, of who signed it, in hex
    pythons: tuple[str, ...]  # such as "3.11"
    platform: str  # as in `uname`: "Linux-x86_64"
    glibc: str  # the oldest that its libraries run with
    processor: tuple[str, ...]  # what it has to have, as /proc/cpuinfo calls it
    disk_mb: int  # that an installation takes
    memory_mb: int  # that its models and the server take
    models: tuple[str, ...] = ()
    files: tuple[File, ...] = field(default=())
    format: int = FORMAT

    @property
    def size(self) -> int:
        """In bytes, of all files."""
        return sum(file.bytes for file in self.files)

    def encode(self) -> bytes:
        """The same bytes for the same listing."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode() + b"\n"


def decode(content: bytes, where: Path) -> Listing:
    """Raises KitError."""
    try:
        told: dict[str, Any] = json.loads(content)
        if told.get("format") != FORMAT:
            raise KitError(
                f"The kit {where} is of format {told.get('format')}, not {FORMAT}.",
                fix="Use the `install` of that kit, or a kit made for this version.",
            )
        files = tuple(File(**file) for file in told.pop("files"))
        for name in ("pythons", "processor", "models"):
            told[name] = tuple(told[name])
        listing = Listing(**told, files=files)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KitError(
            f"{where / NAME} cannot be read: {error}.", fix="Copy the kit once more."
        ) from error
    for file in listing.files:
        path = PurePosixPath(file.path)
        if path.is_absolute() or ".." in path.parts:
            raise KitError(
                f"The kit names a file outside of itself: {file.path!r}.",
                fix="Do not use it; somebody has changed it.",
            )
    return listing


def list_files(kit: Path) -> tuple[File, ...]:
    """Every file that the list has to have. Raises OSError."""
    return tuple(
        File(path=path, bytes=(kit / path).stat().st_size, sha256=sha256(kit / path))
        for path in sorted(_paths(kit))
    )


def faults(kit: Path, listing: Listing) -> Iterator[str]:
    """What is not as the list says: missing, changed, or not in it."""
    listed = {file.path: file for file in listing.files}
    for path in sorted(_paths(kit) - listed.keys()):
        yield f"{path} is not in the list"
    for path, file in listed.items():
        try:
            fits = (kit / path).stat().st_size == file.bytes
            fits = fits and sha256(kit / path) == file.sha256
        except OSError as error:
            yield f"{path}: {error.strerror}"
        else:
            if not fits:
                yield f"{path} is not what was signed"


def _paths(kit: Path) -> set[str]:
    found = (path for path in kit.rglob("*") if path.is_symlink() or path.is_file())
    return {p.relative_to(kit).as_posix() for p in found} - {NAME, SIGNATURE}


def sha256(path: Path) -> str:
    """In hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
