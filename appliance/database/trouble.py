"""What DuckDB's complaints mean, and what puts them right.

DuckDB tells these apart only in its text, so the words are pinned here, in one table, and
tests provoke each of them with the real library.
"""

import re
from pathlib import Path
from typing import NamedTuple

from appliance.errors import StoreError


class _Meaning(NamedTuple):
    sign: str  # what the complaint contains
    problem: str
    fix: str


_PROCESS = re.compile(r"\(PID (\d+)\)")

_MEANINGS = (
    _Meaning(
        "could not set lock",
        "The {noun} {path} is open in another process{process}.",
        "Stop that process (systemctl status appliance names it), "
        "or set another data_dir under [server].",
    ),
    _Meaning(
        "already attached",
        "The {noun} {path} is open twice in this process.",
        "Open it once and share it.",
    ),
    _Meaning(
        "no space left",
        "The disk of the {noun} {path} is full.",
        "Free some space in {folder}; what is waiting is then stored by itself.",
    ),
    _Meaning(
        "file too large",
        "The {noun} {path} may not grow: a file size limit is in force.",
        "Raise LimitFSIZE= (ulimit -f) of the service.",
    ),
    _Meaning(
        "permission denied",
        "The {noun} {path} cannot be written: permission denied.",
        "Make {folder} and its files belong to the user the service runs as.",
    ),
    _Meaning(
        "read-only file system",
        "The {noun} {path} is on a read-only file system.",
        "Mount it writable, or set another data_dir under [server].",
    ),
    _Meaning(
        "version number",
        "The {noun} {path} was written by another version of the database engine.",
        "Install the version of the appliance that wrote it, or a newer one.",
    ),
    *(
        _Meaning(
            sign,
            "The {noun} {path} is damaged ({detail}).",
            "Restore it from a backup, or move it and its .wal file aside "
            "(mv {path} {path}.damaged) to begin an empty one.",
        )
        for sign in (
            "not a valid duckdb database",
            "corrupt",
            "could not read enough bytes",
            "failure while replaying wal",
            "failed to deserialize",
        )
    ),
)

_UNKNOWN = _Meaning(
    "",
    "The {noun} {path} cannot be used ({detail}).",
    "Check the disk of {folder} (df, dmesg), then restart the service.",
)


def explain(complaint: str, path: Path, noun: str) -> StoreError:
    """The advice that fits what DuckDB said about the database file at `path`; `noun` is
    what people call it."""
    text = complaint.lower()
    meaning = next((known for known in _MEANINGS if known.sign in text), _UNKNOWN)
    process = _PROCESS.search(complaint)
    facts = {
        "noun": noun,
        "path": path,
        "folder": path.parent,
        "process": f" (process {process[1]})" if process else "",
        "detail": complaint.splitlines()[0] if complaint else "no reason given",
    }
    return StoreError(meaning.problem.format_map(facts), fix=meaning.fix.format_map(facts))
