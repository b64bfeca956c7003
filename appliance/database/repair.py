"""Cut a write-ahead log where a power cut tore it.

DuckDB itself ignores a log that ends in the middle of an entry. But some file systems
leave zeros where data was on its way to the disk, and those it refuses to open
("Corrupt WAL file: entry at byte position 58174 computed checksum ..."), which would keep
the whole box down over bytes that nobody was ever told were safe.
"""

import os
import re
import shutil
from pathlib import Path

_TORN = re.compile(r"Corrupt WAL file: entry at byte position (\d+)")

# An entry is u64 length | u64 checksum | body, and the complaint gives the body's place.
_ENTRY_HEADER = 16


def wal_of(path: Path) -> Path:
    """The log DuckDB keeps beside a database file."""
    return path.with_name(path.name + ".wal")


def cut_torn_tail(path: Path, complaint: str) -> Path | None:
    """Cut the log of `path` before the entry DuckDB complained of; None if it was not that.

    Everything before the torn entry stays. The whole log is first copied beside it, in
    case the disk and not a power cut was the cause; returns the copy. Raises OSError.
    """
    torn = _TORN.search(complaint)
    if torn is None:
        return None
    wal = wal_of(path)
    kept = _unused(wal.with_name(wal.name + ".damaged"))
    shutil.copy2(wal, kept)
    os.truncate(wal, max(0, int(torn[1]) - _ENTRY_HEADER))
    return kept


def _unused(name: Path) -> Path:
    number = 0
    while (candidate := name.with_name(f"{name.name}{number or ''}")).exists():
        number += 1
    return candidate
