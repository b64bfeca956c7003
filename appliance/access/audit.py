"""The audit log: who did what, each row chained to the one before. No IO.

    hash of a row = SHA-256 of [hash of the row before, n, wall, actor, action, ...]

as JSON without spaces, so that no two rows read the same. A row that is changed, taken out
or put elsewhere no longer fits its neighbour; that the end is missing shows in the head,
the newest row's number and hash, which lies in a file of its own. Whoever may write both
files can forge both: for that, note a hash down elsewhere (`audit verify --expect`).
"""

from collections.abc import Iterator, Sequence
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
        hash=_hash(head.hash, n, wall, *facts),
    )


def head_of(entry: Entry) -> Head:
    return Head(n=entry.n, hash=entry.hash)


def whole(rows: Sequence[Entry], most: int) -> Sequence[Entry]:
    """Of a page of at most `most` rows, those after which the next page begins with the
    next number: of the last number there may be more rows than it had room for."""
    if len(rows) < most or rows[0].n == rows[-1].n:
        return rows
    return [entry for entry in rows if entry.n < rows[-1].n]


class Verifier:
    """Is told every row in order of `n`, and says what is wrong with each."""

    def __init__(self, head: Head | None, expected: str = "") -> None:
        """`head` as the file beside the log has it, None if it has none; `expected` is a
        hash that somebody noted down and that has to be in the log."""
        self.rows = 0
        self._head = head
        self._expected = expected
        self._last = Head()

    def told(self, entry: Entry) -> Iterator[str]:
        """What is wrong with this row, and before it."""
        before, self._last = self._last, head_of(entry)
        self.rows += 1
        if entry.n <= before.n:
            yield f"Row {entry.n} is there twice."
        elif entry.n > before.n + 1:
            yield f"{_rows(before.n + 1, entry.n - 1)} missing."
        elif entry.hash != self._right(before, entry):
            yield f"Row {entry.n} was changed, or is not what followed row {before.n}."
        if entry.action == "log damaged":
            yield f"Row {entry.n} says: {entry.detail}"
        if self._head is not None and entry.n == self._head.n:
            if entry.hash != self._head.hash:
                yield f"Row {entry.n} is not the one that audit.head knows."
            self._head = Head()
        if entry.hash == self._expected:
            self._expected = ""

    def finished(self) -> Iterator[str]:
        """What is wrong with the end."""
        if self._head is None and self.rows:
            yield "The file audit.head is missing or damaged."
        elif self._head is not None and self._head.n > self._last.n:
            yield f"{_rows(self._last.n + 1, self._head.n)} cut off at the end."
        if self._expected:
            yield f"No row has the hash {self._expected}."

    @property
    def head(self) -> Head:
        """The newest row so far."""
        return self._last

    def _right(self, before: Head, entry: Entry) -> str:
        facts = (entry.actor, entry.action, entry.subject, entry.detail)
        return _hash(before.hash, entry.n, entry.wall, *facts)


def _hash(before: str, n: int, wall: datetime, *facts: str) -> str:
    when = wall.isoformat(timespec="microseconds")
    return sha256(msgspec.json.encode([before, n, when, *facts])).hexdigest()


def _rows(first: int, last: int) -> str:
    return f"Row {first} is" if first == last else f"Rows {first} to {last} are"
