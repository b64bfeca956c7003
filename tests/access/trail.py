"""An audit log, to be looked at and tampered with from outside."""

from datetime import UTC
from pathlib import Path

import duckdb

from appliance.access.access import FOLDER
from appliance.access.audit import Entry, Note
from appliance.access.file import AccessFile
from appliance.access.head import read_head
from appliance.access.verifier import Verifier

ROWS = 8


def written(data_dir: Path) -> Path:
    """The folder of accounts, with a log of eight rows, closed."""
    folder = data_dir / FOLDER
    file = AccessFile(folder)
    for number in range(ROWS):
        note = Note(actor="Ann", action="user changed", subject="Bob", detail=str(number))
        file.write((), [note])
    file.close()
    return folder


def tamper(folder: Path, *statements: str) -> None:
    with duckdb.connect(str(folder / "access.duckdb")) as db:
        for sql in statements:
            db.execute(sql)


def rows(folder: Path) -> list[Entry]:
    """As they are stored, without a look at whether they are right."""
    columns = "n, wall, actor, action, subject, detail, hash"
    with duckdb.connect(str(folder / "access.duckdb")) as db:
        found = db.execute(f"SELECT {columns} FROM audit ORDER BY n, rowid").fetchall()
    return [
        Entry(
            n=n,
            wall=wall.replace(tzinfo=UTC),
            actor=actor,
            action=action,
            subject=subject,
            detail=detail,
            hash=hash_,
        )
        for n, wall, actor, action, subject, detail, hash_ in found
    ]


def findings(folder: Path, expected: str = "") -> list[str]:
    verifier = Verifier(read_head(folder), expected)
    found = [text for entry in rows(folder) for text in verifier.told(entry)]
    return found + list(verifier.finished())
