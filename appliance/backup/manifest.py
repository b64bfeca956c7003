"""What a backup holds: a list with checksums, by which it is whole or not."""

import hashlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec
from msgspec import Struct

from appliance.errors import StoreError

NAME = "manifest.json"
CHUNK = 1 << 20


class Kept(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    path: str  # within the backup, with /
    bytes: int
    sha256: str  # in hex


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal[1] = 1
    appliance: str  # the version that made it
    host: str
    made: datetime
    files: tuple[Kept, ...]

    @property
    def bytes(self) -> int:
        return sum(kept.bytes for kept in self.files)


def list_files(folder: Path) -> tuple[Kept, ...]:
    """Every file below `folder`. Raises OSError."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(
        Kept(
            path=path.relative_to(folder).as_posix(),
            bytes=path.stat().st_size,
            sha256=sha256(path),
        )
        for path in found
        if path.name != NAME
    )


def read_manifest(folder: Path) -> Manifest:
    """Raises StoreError for a folder that is no backup of a kind that is known."""
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreError(
            f"{folder} is no backup that can be read: {error}.",
            fix="Name a folder that `appliance backup` has made: it has a manifest.json.",
        ) from error
    for kept in manifest.files:
        # It comes from outside, and says where files are written.
        path = PurePosixPath(kept.path)
        if path.is_absolute() or ".." in path.parts:
            raise StoreError(
                f"The backup {folder} names a file outside of itself: {kept.path!r}.",
                fix="Do not use it; somebody has changed it.",
            )
    return manifest


def made_in(folder: Path) -> list[Manifest]:
    """Of every backup in `folder`, the oldest first; what is none is left out."""
    found = []
    for path in folder.glob(f"*/{NAME}"):
        with suppress(StoreError):
            found.append(read_manifest(path.parent))
    return sorted(found, key=lambda one: one.made)


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raises StoreError for the first file that is missing or is another."""
    for kept in manifest.files:
        path = folder / kept.path
        try:
            fits = path.stat().st_size == kept.bytes and sha256(path) == kept.sha256
        except OSError as error:
            raise _damaged(path, error.strerror or "unreadable") from error
        if not fits:
            raise _damaged(path, "not what was written")


def sha256(path: Path) -> str:
    """In hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(path: Path, what: str) -> StoreError:
    return StoreError(
        f"The backup is damaged: {path} is {what}.",
        fix="Take an older backup, or copy this one again from where it was kept.",
    )
