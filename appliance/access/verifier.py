"""Whether the audit log is as it was written. No IO."""

from collections.abc import Iterator

from appliance.access.audit import Entry, Head, hash_of, head_of
from appliance.access.cut import cut_of


class Verifier:
    """Is told every row in order of `n`, and says what is wrong with each."""

    def __init__(
        self, head: Head | None, expected: str = "", after: Head | None = None
    ) -> None:
        """`head` as the file beside the log has it, None if it has none; `expected` is a
        hash that somebody noted down and that has to be in the log; `after` the row that
        was before the first one, where it is not for the log itself to say."""
        self.rows = 0
        self.taken_out = Head()  # the last row of those that are gone as they should be
        self._head = head
        self._expected = expected
        self._first: Entry | None = None  # what was before it, only a later row knows
        self._last = after or Head()
        self._begun = after is not None

    def told(self, entry: Entry) -> Iterator[str]:
        """What is wrong with this row, and before it."""
        before, self._last = self._last, head_of(entry)
        self.rows += 1
        faults: list[str] = []
        if self._begun:
            faults += _chain(before, entry)
        else:
            self._first, self._begun = entry, True
        if not faults:
            self.taken_out = cut_of(entry) or self.taken_out
        yield from faults
        yield from self._noted(entry)

    def _noted(self, entry: Entry) -> Iterator[str]:
        if entry.action == "log damaged":
            yield f"Row {entry.n} says: {entry.detail}"
        if self._head is not None and entry.n == self._head.n:
            if entry.hash != self._head.hash:
                yield f"Row {entry.n} is not the one that audit.head knows."
            self._head = Head()
        if entry.hash == self._expected:
            self._expected = ""

    def finished(self) -> Iterator[str]:
        """What is wrong with the beginning and the end."""
        if self._first is not None:
            yield from _beginning(self.taken_out, self._first)
        if self._head is None and self.rows:
            yield "The file audit.head is missing or damaged."
        elif self._head is not None and self._head.n > self._last.n:
            yield f"{_rows(self._last.n + 1, self._head.n)} cut off at the end."
        known = self.taken_out.n >= 0 and self._expected == self.taken_out.hash
        if self._expected and not known:
            yield f"No row has the hash {self._expected}."

    @property
    def head(self) -> Head:
        """The newest row so far."""
        return self._last


def _chain(before: Head, entry: Entry) -> Iterator[str]:
    if entry.n <= before.n:
        yield f"Row {entry.n} is there twice."
    elif entry.n > before.n + 1:
        yield f"{_rows(before.n + 1, entry.n - 1)} missing."
    elif not _follows(before, entry):
        yield f"Row {entry.n} was changed, or is not what followed row {before.n}."


def _beginning(taken_out: Head, first: Entry) -> Iterator[str]:
    if first.n <= taken_out.n:
        yield f"{_rows(first.n, taken_out.n)} there, though taken out."
    else:
        yield from _chain(taken_out, first)


def _follows(before: Head, entry: Entry) -> bool:
    facts = (entry.actor, entry.action, entry.subject, entry.detail)
    return entry.hash == hash_of(before.hash, entry.n, entry.wall, *facts)


def _rows(first: int, last: int) -> str:
    return f"Row {first} is" if first == last else f"Rows {first} to {last} are"
