"""A copy of a database that goes on being written, as of one moment.

DuckDB copies while it runs only by reading every row, and only within its own process. But
between two checkpoints its file does not change, and each commit goes to the end of the
log: the file and so much of the log as there was between two commits are that moment.
"""

import os
import shutil
from pathlib import Path
from typing import BinaryIO, NamedTuple

from appliance.database.repair import wal_of
from appliance.errors import StoreError

CHUNK = 1 << 20


class Still(NamedTuple):
    """A database at one moment, for as long as nobody checkpoints it."""

    path: Path
    wal_bytes: int  # of its log


def copy_still(still: Still, folder: Path) -> Path:
    """Copy it into `folder`, durably; returns the file's path there. Blocks.

    Raises StoreError where it cannot be read or written, or has changed after all.
    """
    there = folder / still.path.name
    before = still.path.stat()
    try:
        with still.path.open("rb") as source, there.open("xb") as copy:
            shutil.copyfileobj(source, copy, CHUNK)
            _keep(copy)
        if still.wal_bytes:
            with wal_of(still.path).open("rb") as source, wal_of(there).open("xb") as copy:
                _copy_start(source, copy, still.wal_bytes)
                _keep(copy)
    except OSError as error:
        raise StoreError(
            f"{still.path} cannot be copied to {folder}: {error.strerror}.",
            fix=f"See that {folder} can be written and has room.",
        ) from error
    after = still.path.stat()
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise StoreError(
            f"{still.path} was changed while it was copied.",
            fix="Try again; see the log of the service for what happened.",
        )
    return there


def _copy_start(source: BinaryIO, copy: BinaryIO, size: int) -> None:
    """The first `size` bytes. Raises OSError if there are fewer."""
    left = size
    while left:
        chunk = source.read(min(CHUNK, left))
        if not chunk:
            raise OSError(0, f"its log is {left} bytes shorter than it was")
        copy.write(chunk)
        left -= len(chunk)


def _keep(copy: BinaryIO) -> None:
    copy.flush()
    os.fsync(copy.fileno())
