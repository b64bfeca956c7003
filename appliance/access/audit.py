"""The audit log: who did what, each row chained to the one before. No IO.

    hash of a row = SHA-256 of [hash of the row before, n, wall, actor, action, ...]

as JSON without spaces, so that no two rows read the same. A row that is changed, taken out
or put elsewhere no longer fits its neighbour; that the end is missing shows in the head,
the newest row's number and hash, which lies in a file of its own. Whoever may write both
files can forge both: for that, note a hash down elsewhere (`audit verify --expect`).
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple, TypeAlias

import msgspec
from msgspec import Struct

# Other parts of the box add what they tell: exports, listening.
Action: TypeAlias = Literal[
    "signed in",
    "sign-in refused",
    "signed out",
    "signed out everywhere",
    "password changed",
    "password change refused",
    "user added",
    "user changed",
    "user disabled",
    "user enabled",
    "password reset",
    "token added",
    "token revoked",
    "call viewed",
    "call replayed",
    "calls listed",
    "customer viewed",
    "customers searched",
    "report exported",
    "recording played",
    "recording exported",
    "customer invited",
    "invitation used",
    "refused",
    "following started",
    "following ended",
    "listening started",
    "listening ended",
    "log damaged",
    "log cut",
    "backed up",
    "restored",
    "retention run",
    "hold placed",
    "hold released",
    "erased",
    "exported",
]

FIRST = "0" * 64  # what stands for the hash before the first row


class Note(Struct, frozen=True, kw_only=True):
    """What is to be logged. Names and numbers, never what people said on a call.

    `actor` and `subject` are names of people or tokens, or ids of calls, "" where nobody
    is known.
    """

    actor: str
    action: Action
    subject: str = ""
    detail: str = ""


class Entry(Struct, frozen=True, kw_only=True):
    """A row of the log. `action` may be one that a newer program writes."""

    n: int  # 0, 1, 2 ...
    wall: datetime  # UTC
    actor: str
    action: str
    subject: str
    detail: str
    hash: str


class Asked(NamedTuple):
    """Which rows somebody wants to read: the newest that fit."""

    before: int  # number of a row; only older ones
    most: int
    person: str = ""  # part of the name of who did it, or to whom; any case
    action: str = ""


class Head(Struct, frozen=True, kw_only=True):
    """The newest row."""

    n: int = -1
    hash: str = FIRST


def chained(head: Head, note: Note, wall: datetime) -> Entry:
    """The row that follows the head."""
    n = head.n + 1
    facts = (note.actor, str(note.action), note.subject, note.detail)
    return Entry(
        n=n,
        wall=wall,
        actor=note.actor,
        action=note.action,
        subject=note.subject,
        detail=note.detail,
        hash=hash_of(head.hash, n, wall, *facts),
    )


def head_of(entry: Entry) -> Head:
    return Head(n=entry.n, hash=entry.hash)


def whole(rows: Sequence[Entry], most: int) -> Sequence[Entry]:
    """Of a page of at most `most` rows, those after which the next page begins with the
    next number: of the last number there may be more rows than it had room for."""
    if len(rows) < most or rows[0].n == rows[-1].n:
        return rows
    return [entry for entry in rows if entry.n < rows[-1].n]


def hash_of(before: str, n: int, wall: datetime, *facts: str) -> str:
    when = wall.isoformat(timespec="microseconds")
    return sha256(msgspec.json.encode([before, n, when, *facts])).hexdigest()
