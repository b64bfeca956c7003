"""Make a backup: a folder with everything of the data folder, and a list with checksums.

The databases are copied as of one moment each; whatever else lies in the data folder is
written once and replaced by renaming, or grows at its end, and is copied as it is found.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from appliance import __version__
from appliance.access.audit import Head
from appliance.access.head import NAME as HEAD
from appliance.access.head import read_head, write_head
from appliance.backup.commands import AllStill, File, KeepStill
from appliance.backup.manifest import NAME, Manifest, list_files
from appliance.backup.sounds import NAME as RECORDINGS
from appliance.backup.sounds import copy_recordings
from appliance.control.line import NAME as SOCKET
from appliance.control.line import NoServer, asking
from appliance.database.copying import copy_still
from appliance.database.opening import wal_bytes
from appliance.database.repair import wal_of
from appliance.durable import sync_folder, write
from appliance.errors import StoreError

RECORD = "appliance.duckdb"
ACCESS = Path("access", "access.duckdb")

# In the data folder, and not worth keeping: what is made anew or is a leftover.
LEFT_OUT = ("*.tmp", "*.part", "*.new", "*.damaged*", "*.fresh*", SOCKET)

PART = ".part"

SOUNDS = Path("data", RECORDINGS)


def back_up(
    data_dir: Path,
    to: Path,
    beside: Sequence[Path],
    now: datetime,
    recordings: Path,
    without: Sequence[Path] = (),
) -> Path:
    """A new folder in `to`, and its path. `beside` are files from elsewhere to keep along,
    `recordings` the folder of those, wherever it is; `without` are folders of what can be
    brought in again.

    Blocks. Raises StoreError; what was begun is then removed.
    """
    host, to = os.uname().nodename, to.absolute()
    made = to / f"{host}-{now:%Y%m%dT%H%M%SZ}"
    part = made.with_name(f".{made.name}{PART}")
    try:
        part.mkdir(mode=0o700, parents=True)
        try:
            _copy_all(data_dir, part, beside, [to, recordings, *without])
            before = max(_whole(to), default=None)
            copy_recordings(recordings, part / SOUNDS, before / SOUNDS if before else None)
            manifest = Manifest(
                appliance=__version__, host=host, made=now, files=list_files(part)
            )
            about = msgspec.json.format(msgspec.json.encode(manifest))
            write(part / NAME, about, "xb")
            part.rename(made)
            sync_folder(to)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except OSError as error:
        raise StoreError(
            f"The backup cannot be made in {to}: {error.strerror or error}.",
            fix=f"See that {to} can be written, and has room.",
        ) from error
    return made


def prune(to: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups of this host, and what was left half made;
    returns what was removed. Raises OSError."""
    host = os.uname().nodename
    whole = _whole(to)
    gone = [*whole[: max(0, len(whole) - keep)], *to.glob(f".{host}-*Z{PART}")]
    for path in gone:
        shutil.rmtree(path)
    return gone


def _whole(to: Path) -> list[Path]:
    found = to.glob(f"{os.uname().nodename}-*Z")
    return sorted(path for path in found if (path / NAME).is_file())


def _copy_all(
    data_dir: Path, part: Path, beside: Sequence[Path], without: Sequence[Path]
) -> None:
    ignored = shutil.ignore_patterns(*LEFT_OUT)
    with still_databases(data_dir) as databases:
        own = {data_dir / RECORD, data_dir / ACCESS, data_dir / ACCESS.with_name(HEAD)}
        own |= {*map(wal_of, own), *without}

        def leave(folder: str, names: list[str]) -> set[str]:
            mine = {name for name in names if Path(folder, name) in own}
            return mine | ignored(folder, names)

        shutil.copytree(data_dir, part / "data", ignore=leave)
        for file in (databases.record, databases.access):
            still = file.still()
            if still.path.is_file():
                there = part / "data" / still.path.relative_to(data_dir)
                there.parent.mkdir(mode=0o700, exist_ok=True)
                copy_still(still, there.parent)
        if databases.audit_n >= 0:
            head = Head(n=databases.audit_n, hash=databases.audit_hash)
            write_head(part / "data" / ACCESS.parent, head)
    if beside:
        (part / "beside").mkdir()
        for path in beside:
            shutil.copy2(path, part / "beside" / path.name)


@contextmanager
def still_databases(data_dir: Path) -> Iterator[AllStill]:
    """The server's databases, if one runs; else the files as they lie."""
    try:
        with asking(data_dir / ACCESS.parent, KeepStill(), AllStill) as said:
            yield said
    except NoServer:
        head = read_head(data_dir / ACCESS.parent) or Head()
        yield AllStill(
            record=_lying(data_dir / RECORD),
            access=_lying(data_dir / ACCESS),
            audit_n=head.n,
            audit_hash=head.hash,
        )


def _lying(path: Path) -> File:
    return File(str(path), wal_bytes(path))
