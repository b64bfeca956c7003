"""The record's file. The only module of this folder that imports duckdb.

One thread writes (`write`, `tidy`); any thread may `settle` and `ask`.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from threading import Event as Signal
from threading import Lock
from typing import Any, TypeAlias

import duckdb
from msgspec import MsgspecError
from msgspec.json import encode

from appliance.database.opening import Kind, check_room, open_database, wal_bytes
from appliance.database.rebuilding import Fresh, Grows, clear, prepare
from appliance.database.trouble import explain
from appliance.errors import StoreError
from appliance.store.duty import changes
from appliance.store.event import Event, EventRefused
from appliance.store.running import Standing
from appliance.store.settling import CHANGED_SINCE, make_rows, read_end, read_standing

Row: TypeAlias = tuple[Any, ...]

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

_CHANGED = CHANGED_SINCE.format(event="record.event")
_SETTLED_SINCE = f"call_id IN (SELECT call_id FROM ({_CHANGED}))"  # noqa: S608 - ours
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
        # Both are held to replace the connection, in this order.
        self._settling = Lock()  # held by whoever writes anything but events
        self._asking = Lock()  # held while a cursor is open
        self._standing = Standing(0, {}, {})
        self._standing_changes = Lock()
        self.to_settle = Signal()  # set while calls wait for their rows
        self._db = open_database(path, RECORD)
        with suppress(OSError):
            clear(path)
        self._attempted = -1  # where the record ends if the doubtful commit succeeded
        try:
            # Position of the next event; None: unsure.
            self._next: int | None = read_end(self._run)
            self._find_standing()
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
            for sql, known in changes(events):
                self._db.execute(sql, known)
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
        self._next = self._attempted
        with self._standing_changes:
            self._standing = self._standing.after(first, events)
        if self._standing.unsettled:
            self.to_settle.set()

    @property
    def unended(self) -> Mapping[str, int]:
        """Calls that go on, and the positions of their first events."""
        return self._standing.unended

    @property
    def running(self) -> Mapping[str, int]:
        """Those, and calls that ended a moment ago and have no row yet."""
        return self._standing.running

    def settle(self) -> None:
        """Make the rows that say what is stored by now, not what is stored meanwhile: in a
        busy hour that would never end. Blocks: some 50 ms, and as long as those that are
        being made. Raises StoreError: then they are made the next time."""
        end = self._standing.end
        while self._standing.behind(end):
            with self._settling:
                if self._standing.behind(end):
                    self._settle()

    def wal_bytes(self) -> int:
        """Size of the write-ahead log, which a start after a crash has to replay."""
        return wal_bytes(self.path)

    def still_bytes(self) -> int:
        """The same at a moment when nobody writes. For the thread that writes."""
        with self._settling:
            return self.wal_bytes()

    def tidy(self) -> None:
        """Move the write-ahead log into the database file. Raises StoreError."""
        check_room(self.path, RECORD)
        try:
            with self._settling:
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
        with self._settling:
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
            fresh = Fresh(self._db.cursor(), self.path, RECORD, _GROWS, ("residue",))
        try:
            self.settle()  # of what came in before, no row is to change later
        except StoreError:
            fresh.give_up()
            raise
        return fresh

    def go_over(self, fresh: Fresh) -> None:
        """Go on in the new file. For the thread that writes. Raises StoreError: then the
        old one is used on."""
        with self._settling, self._asking:
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
            self._next = read_end(self._run)

    def ask(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[Row]:
        """Rows of a query, as of the last commit. Blocks. Raises StoreError."""
        with suppress(StoreError):  # on a full disk, say; there is still much to read
            self.settle()
        return self.look(sql, parameters)

    def look(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[Row]:
        """The same, without the rows that were not made yet: for who has just asked."""
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
        with self._settling, self._asking, suppress(duckdb.Error):
            self._db.close()

    def _settle(self) -> None:
        due = self._standing.due
        if due is None:
            return
        try:
            cursor = self._db.cursor()
            try:
                cursor.execute("USE record")
                cursor.begin()
                make_rows(lambda sql, known: cursor.execute(sql, known).fetchall(), due)
                cursor.commit()
            finally:
                cursor.close()  # and what is not committed is rolled back
        except duckdb.Error as error:
            raise explain(str(error), self.path, RECORD.noun) from error
        with self._standing_changes:
            self._standing = self._standing.settled(due)

    def _find_standing(self) -> None:
        with self._standing_changes:
            self._standing = read_standing(self._run)
        if self._standing.unsettled:
            self.to_settle.set()

    def _run(self, sql: str, known: Mapping[str, object]) -> list[Row]:
        return self._db.execute(sql, known).fetchall()

    def _roll_back(self) -> None:
        # A COMMIT that failed has rolled back already, and says so with another error.
        with suppress(duckdb.Error):
            self._db.rollback()

    def _resync(self) -> int:
        """Find out where the record ends, on a new connection if the old one is dead."""
        try:
            end = read_end(self._run)
        except duckdb.Error:
            with self._settling, self._asking:
                # Close first, cursors included: the old instance holds the file.
                self._db.close()
                self._db = open_database(self.path, RECORD)
            end = read_end(self._run)
        self._find_standing()
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
