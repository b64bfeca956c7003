"""The record's file. The only module of this folder that imports duckdb.

One thread writes (`write`, `tidy`); any thread may `ask`.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

import duckdb
from msgspec import MsgspecError
from msgspec.json import encode

from appliance.database.opening import Kind, check_room, open_database, wal_bytes
from appliance.database.rebuilding import Fresh, Grows, clear, prepare
from appliance.database.trouble import explain
from appliance.errors import StoreError
from appliance.store.duty import STATEMENTS, changes
from appliance.store.event import Event, EventRefused
from appliance.store.running import after

Row: TypeAlias = tuple[Any, ...]

# All calls of a batch at once: it takes 17 ms, of which 12 to plan.
_STARTS = "SELECT n FROM session WHERE list_contains($calls, call_id)"
# Both have a row for each call that has ended.
_FORGET = (
    "DELETE FROM session WHERE list_contains($starts, n)",
    "DELETE FROM measured WHERE list_contains($starts, n)",
)
_SUM_UP = (
    "INSERT INTO session SELECT * FROM summed_up($first, $calls) WHERE ended IS NOT NULL",
    "INSERT INTO measured SELECT * FROM measures_of($first, $calls)",
)

_GOING_ON = """
SELECT call_id, min(n) FROM event
WHERE kind = 'call_started' AND call_id NOT IN (SELECT call_id FROM session)
GROUP BY call_id
"""

# The whole batch as one JSON parameter. Measured on 2 cores, one transaction of 64 / 256
# rows of 1 KB: executemany 40 / 156 ms, multi-row VALUES 24 / 94, unnest of lists 23 / 86,
# numpy columns 12 / 46, this 1.2 / 3. (The wheel has no appender but for pandas.) The
# payload travels as text inside the JSON, so that it is stored byte for byte.
_INSERT = """
INSERT INTO event SELECT unnest(from_json(?, '[{
    "n": "BIGINT", "call_id": "VARCHAR", "seq": "BIGINT", "at_ms": "BIGINT",
    "wall": "TIMESTAMP", "kind": "VARCHAR", "payload": "VARCHAR"
}]'), recursive := true)
"""

# A call that ended, or was wrapped up, since its row was copied has another one.
_SETTLED_SINCE = (
    "call_id IN (SELECT call_id FROM record.event"
    " WHERE n >= $since AND kind IN ('call_ended', 'wrap_up'))"
)
_GROWS = (
    Grows("event", "n"),
    Grows("session", "n", _SETTLED_SINCE),
    Grows("measured", "n", _SETTLED_SINCE),
    # By DuckDB's own count; were it to change meanwhile, rows would be missing, and the old
    # file stay.
    Grows("agent_time", "rowid"),
)

RECORD = Kind("record", "record", "appliance.store", memory="512MB")

_BAD_EVENT = (duckdb.DataError, duckdb.IntegrityError, duckdb.ProgrammingError)


class SessionLog:
    """An open record; creates the file and brings its schema up to date.

    Raises StoreError, with advice, for a file that is locked, damaged, newer than this
    program, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._asking = Lock()  # held while a cursor is open, and to replace the connection
        self._db = open_database(path, RECORD)
        with suppress(OSError):
            clear(path)
        self._attempted = -1  # where the record ends if the doubtful commit succeeded
        try:
            # Position of the next event; None: unsure.
            self._next: int | None = _end(self._db)
            # Calls without a row in `session`, and the positions of their first events;
            # replaced as a whole, once that is stored.
            self.running: Mapping[str, int] = _going_on(self._db)
        except duckdb.Error as error:
            # Blocks are checked when they are first read.
            self._db.close()
            raise explain(str(error), path, RECORD.noun) from error

    def write(self, events: Sequence[Event]) -> None:
        """Store a batch, all or nothing, and return when it is on the disk.

        Raises EventRefused if one of the events can never be stored (drop it), StoreError
        if the disk or the file fails: call again with the same events until it works. A
        commit that failed on its way back, after it had become durable, is recognised
        then, and not repeated.
        """
        first = self._next
        if first is None:
            first = self._resync()
            if first == self._attempted:
                self._next = first
                return
        self._next, self._attempted = None, first + len(events)
        try:
            self._db.begin()
            self._db.execute(_INSERT, [_rows(first, events)])
            running, settled = after(self.running, first, events)
            self._sum_up(settled)
            self._keep_duty(events)
            self._db.commit()
        except (*_BAD_EVENT, MsgspecError, UnicodeDecodeError) as error:
            self._roll_back()
            self._next = first
            # From None: the cause quotes the payload, and what people said is not for logs.
            raise EventRefused(
                f"An event does not fit the record ({type(error).__name__}).",
                fix="Report it: call, seq and kind are in the system log.",
            ) from None
        except duckdb.Error as error:
            self._roll_back()
            raise explain(str(error), self.path, RECORD.noun) from error
        self._next, self.running = self._attempted, running

    def wal_bytes(self) -> int:
        """Size of the write-ahead log, which a start after a crash has to replay."""
        return wal_bytes(self.path)

    def tidy(self) -> None:
        """Move the write-ahead log into the database file. Raises StoreError."""
        check_room(self.path, RECORD)
        try:
            self._db.execute("CHECKPOINT record")
        except duckdb.Error as error:
            # The database is dead now: open it again, for those who only want to read.
            self._next, self._attempted = None, -1
            with suppress(duckdb.Error, StoreError):
                self._next = self._resync()
            raise explain(str(error), self.path, RECORD.noun) from error

    def change(
        self, statements: Sequence[tuple[str, Sequence[object] | Mapping[str, object]]]
    ) -> None:
        """Do these as one transaction, and return when it is on the disk. For the thread
        that writes. Raises StoreError, with nothing done."""
        try:
            self._db.begin()
            for sql, parameters in statements:
                self._db.execute(sql, parameters)
            self._db.commit()
        except duckdb.Error as error:
            self._roll_back()
            raise explain(str(error), self.path, RECORD.noun) from error

    def begin_anew(self) -> Fresh:
        """A new file without what was deleted, to be filled by any thread. Blocks. Raises
        StoreError."""
        prepare(self.path, RECORD)
        with self._asking:
            return Fresh(self._db.cursor(), self.path, RECORD, _GROWS, ("residue",))

    def go_over(self, fresh: Fresh) -> None:
        """Go on in the new file. For the thread that writes. Raises StoreError: then the
        old one is used on."""
        with self._asking:
            try:
                fresh.take(self._db)
            except StoreError:
                fresh.give_up()
                raise
            finally:
                # Closed, or dead after a failed checkpoint, or as good as before.
                self._next, self._attempted = None, -1
                with suppress(duckdb.Error):
                    self._db.close()
                self._db = open_database(self.path, RECORD)
            self._next = _end(self._db)

    def ask(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[Row]:
        """Rows of a query, as of the last commit. Blocks. Raises StoreError."""
        with self._asking:
            try:
                cursor = self._db.cursor()
                try:
                    cursor.execute("USE record")
                    return cursor.execute(sql, parameters).fetchall()
                finally:
                    cursor.close()
            except duckdb.Error as error:
                raise explain(str(error), self.path, RECORD.noun) from error

    def close(self) -> None:
        """Close the file; what DuckDB cannot tidy up now it does at the next start."""
        with self._asking, suppress(duckdb.Error):
            self._db.close()

    def _keep_duty(self, events: Sequence[Event]) -> None:
        for wall, became in changes(events):
            known = {
                "wall": wall,
                "agent": became.agent,
                "name": became.name,
                "state": became.state,
                "call_id": became.call_id,
                "wrote_up": became.wrote_up,
            }
            for statement in STATEMENTS:
                named = {key: known[key] for key in known if f"${key}" in statement}
                self._db.execute(statement, named)

    def _sum_up(self, settled: Mapping[str, int | None]) -> None:
        """Make the rows of these calls; those that go on have none."""
        calls = list(settled)
        starts = [start for start in settled.values() if start is not None]
        if len(starts) < len(calls):
            starts += [n for (n,) in self._db.execute(_STARTS, {"calls": calls}).fetchall()]
        if starts:
            for forget in _FORGET:
                self._db.execute(forget, {"starts": starts})
            for sum_up in _SUM_UP:
                self._db.execute(sum_up, {"first": min(starts), "calls": calls})

    def _roll_back(self) -> None:
        # A COMMIT that failed has rolled back already, and says so with another error.
        with suppress(duckdb.Error):
            self._db.rollback()

    def _resync(self) -> int:
        """Find out where the record ends, on a new connection if the old one is dead."""
        try:
            end = _end(self._db)
        except duckdb.Error:
            with self._asking:
                # Close first, cursors included: the old instance holds the file.
                self._db.close()
                self._db = open_database(self.path, RECORD)
            end = _end(self._db)
        self.running = _going_on(self._db)
        return end


def _rows(first: int, events: Sequence[Event]) -> str:
    rows = [
        {
            "n": n,
            "call_id": event.call_id,
            "seq": event.seq,
            "at_ms": event.at_ms,
            "wall": event.wall.astimezone(UTC).replace(tzinfo=None),
            "kind": event.kind,
            "payload": event.payload.decode(),
        }
        for n, event in enumerate(events, first)
    ]
    return encode(rows).decode()


def _end(db: duckdb.DuckDBPyConnection) -> int:
    [(end,)] = db.execute("SELECT coalesce(max(n) + 1, 0) FROM event").fetchall()
    return int(end)


def _going_on(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(db.execute(_GOING_ON).fetchall())
