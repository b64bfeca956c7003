"""The file of accounts and the audit log. The only module here that imports duckdb.

A file of its own, `access/access.duckdb` in the data folder. A change and the rows of the
log that tell of it are one transaction: nothing happens that is not in the log.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import duckdb
import msgspec

from appliance.access.audit import Asked, Entry, Head, Note, chained, head_of
from appliance.access.head import read_head, write_head
from appliance.access.roster import KEYS, Change, Put, Record
from appliance.database.copying import Still
from appliance.database.opening import Kind, check_room, open_database, wal_bytes
from appliance.database.rebuilding import Fresh, Grows, clear, prepare
from appliance.database.trouble import explain
from appliance.errors import StoreError

T = TypeVar("T")

logger = logging.getLogger(__name__)

ACCESS = Kind("access", "file of accounts", "appliance.access", memory="64MB")

# Replayed in a tenth of a second at the next start.
_TIDY_AT = 1 << 20

_GROWS = (Grows("audit", "n"),)


class AccessFile:
    """Blocks; any thread, one at a time. Raises StoreError where the disk or file fails."""

    def __init__(self, folder: Path) -> None:
        """Creates what is missing in `folder`, which becomes the owner's alone."""
        self.path = folder / "access.duckdb"
        self._lock = Lock()
        _make_private(folder)
        with suppress(OSError):
            clear(self.path)
        self._db: duckdb.DuckDBPyConnection | None = None
        self._head = Head()
        self._copied = 0  # so many want the file as it is
        self._connected()
        self._check_end()

    def load(self, kind: type[T]) -> list[T]:
        """Every record of a kind."""
        columns = _columns(kind)
        rows = self._ask(f"SELECT {columns} FROM {_table(kind)}")  # noqa: S608 - our names
        return [_record(kind, row) for row in rows]

    def write(
        self, changes: Sequence[Change], notes: Sequence[Note] = (), cut: int = -1
    ) -> None:
        """All or nothing, and return when it is on the disk. Rows of the log up to number
        `cut` go."""
        with self._lock:
            db = self._connected()
            head, entries = self._head, []
            for note in notes:
                entries.append(chained(head, note, datetime.now(UTC)))
                head = head_of(entries[-1])
            try:
                db.begin()
                for change in changes:
                    _change(db, change)
                db.execute("DELETE FROM audit WHERE n <= ?", [cut])
                for entry in entries:
                    _insert(db, entry, "audit")
                db.commit()
            except duckdb.Error as error:
                # Whether it is on the disk nobody knows: begin anew from what is there.
                self._let_go()
                raise explain(str(error), self.path, ACCESS.noun) from error
            self._head = head
            if entries:
                self._note_end(head)
            self._tidy(db)

    def entries(self, first: int, most: int) -> list[Entry]:
        """Rows of the log from number `first` on, a negative one counted from the end."""
        first = max(0, self._head.n + 1 + first) if first < 0 else first
        sql = f"SELECT {_columns(Entry)} FROM audit WHERE n >= ? ORDER BY n, rowid LIMIT ?"  # noqa: S608 - our names
        return [_record(Entry, row) for row in self._ask(sql, [first, most])]

    def overdue(self, before: datetime) -> Entry | None:
        """The last row of those that are older, as are all before it. The newest never is:
        audit.head knows it."""
        sql = (
            f"SELECT {_columns(Entry)} FROM audit WHERE n < ? AND n < (SELECT "  # noqa: S608 - our names
            "coalesce(min(n), ?) FROM audit WHERE wall >= ?) ORDER BY n DESC LIMIT 1"
        )
        newest = self._head.n
        found = self._ask(sql, [newest, newest, _as_stored(before)])
        return _record(Entry, found[0]) if found else None

    def write_anew(self) -> None:
        """So that what was deleted or overwritten leaves no byte. Raises StoreError; then
        the file is as it was. Nobody signs in meanwhile."""
        with self._lock:
            if self._copied:
                raise StoreError(
                    "The file of accounts is being copied.", fix="Wait for the backup."
                )
            db = self._connected()
            prepare(self.path, ACCESS)
            fresh = Fresh(db.cursor(), self.path, ACCESS, _GROWS, leave=())
            try:
                fresh.take(db)
            except StoreError:
                fresh.give_up()
                raise
            finally:
                self._let_go()

    @contextmanager
    def still(self) -> Iterator[tuple[Still, Head]]:
        """For a copy: meanwhile the file does not change, and its log only grows. With the
        end of the log of the same moment."""
        with self._lock:
            self._connected()
            self._copied += 1
            moment = Still(self.path, wal_bytes(self.path)), self._head
        try:
            yield moment
        finally:
            with self._lock:
                self._copied -= 1

    def newest(self, asked: Asked) -> list[Entry]:
        """Rows of the log that fit, the newest first."""
        wanted = ["n < ?"]
        values: list[object] = [asked.before]
        if asked.person:
            wanted.append("(contains(lower(actor), ?) OR contains(lower(subject), ?))")
            values += [asked.person.lower()] * 2
        if asked.action:
            wanted.append("action = ?")
            values.append(asked.action)
        sql = (
            f"SELECT {_columns(Entry)} FROM audit WHERE {' AND '.join(wanted)} "  # noqa: S608 - our names
            "ORDER BY n DESC, rowid DESC LIMIT ?"
        )
        return [_record(Entry, row) for row in self._ask(sql, [*values, asked.most])]

    def close(self) -> None:
        with self._lock:
            self._let_go()

    def _connected(self) -> duckdb.DuckDBPyConnection:
        if self._db is None:
            self._db = open_database(self.path, ACCESS)
            self._head = self._newest(self._db)
        return self._db

    def _let_go(self) -> None:
        if self._db is not None:
            with suppress(duckdb.Error):
                self._db.close()
            self._db = None

    def _ask(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connected().execute(sql, parameters).fetchall()
            except duckdb.Error as error:
                raise explain(str(error), self.path, ACCESS.noun) from error

    def _newest(self, db: duckdb.DuckDBPyConnection) -> Head:
        sql = "SELECT n, hash FROM audit ORDER BY n DESC, rowid DESC LIMIT 1"
        try:
            rows = db.execute(sql).fetchall()
        except duckdb.Error as error:
            raise explain(str(error), self.path, ACCESS.noun) from error
        return Head(n=rows[0][0], hash=rows[0][1]) if rows else Head()

    def _check_end(self) -> None:
        """Say in the log itself that its end is not the one it had; then go on."""
        noted = read_head(self.path.parent)
        if noted is None and self._head.n < 0:
            return  # a new box
        if noted is None:
            what = "audit.head was missing or damaged"
        elif noted.n > self._head.n:
            what = f"the log ended at row {self._head.n}, and had had {noted.n}"
        elif noted.hash != self._hash_of(noted.n):
            what = f"row {noted.n} was not the one that audit.head knew"
        else:
            if noted != self._head:
                # Killed after the rows were stored and before their number was noted.
                self._note_end(self._head)
            return
        logger.error("The audit log was changed from outside: %s", what)
        detail = f"at the start {what}"
        self.write((), [Note(actor="the box", action="log damaged", detail=detail)])

    def _note_end(self, head: Head) -> None:
        try:
            write_head(self.path.parent, head)
        except StoreError as error:
            # The row is stored and chained; the next one's end is noted for both.
            logger.error("%s", error)  # noqa: TRY400 - it says what happened, and the fix

    def _hash_of(self, n: int) -> str:
        rows = self._ask("SELECT hash FROM audit WHERE n = ?", [n])
        return str(rows[0][0]) if rows else ""

    def _tidy(self, db: duckdb.DuckDBPyConnection) -> None:
        if self._copied or wal_bytes(self.path) < _TIDY_AT:
            return
        try:
            check_room(self.path, ACCESS)
            db.execute("CHECKPOINT access")
        except StoreError as error:
            logger.warning("%s", error)
        except duckdb.Error as error:
            # What was committed is safe; the connection is not.
            self._let_go()
            logger.warning("%s", explain(str(error), self.path, ACCESS.noun))


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Whatever the umask is, and whoever made it: DuckDB's files may be read by all.
        folder.chmod(0o700)
    except OSError as error:
        raise StoreError(
            f"The folder of accounts {folder} cannot be made: {error.strerror}.",
            fix="Give it to the user the service runs as, or set another data_dir under "
            "[server].",
        ) from error


def _change(db: duckdb.DuckDBPyConnection, change: Change) -> None:
    if isinstance(change, Put):
        record = change.record
        _delete(db, type(record), getattr(record, KEYS[type(record)]))
        _insert(db, record, _table(type(record)))
    else:
        _delete(db, change.kind, change.key)


def _delete(db: duckdb.DuckDBPyConnection, kind: type[Record], key: str) -> None:
    sql = f"DELETE FROM {_table(kind)} WHERE {KEYS[kind]} = ?"  # noqa: S608 - our names
    db.execute(sql, [key])


def _insert(db: duckdb.DuckDBPyConnection, record: Record | Entry, table: str) -> None:
    values = [_as_stored(getattr(record, name)) for name in _names(type(record))]
    places = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({_columns(type(record))}) VALUES ({places})"  # noqa: S608 - our names
    db.execute(sql, values)


def _record(kind: type[T], row: Iterable[Any]) -> T:
    values = dict(zip(_names(kind), map(_as_told, row), strict=True))
    return msgspec.convert(values, kind)


def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind))


def _columns(kind: type) -> str:
    return ", ".join(_names(kind))


def _table(kind: type) -> str:
    return kind.__name__.lower()


def _as_stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return list(value) if isinstance(value, tuple) else value


def _as_told(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
