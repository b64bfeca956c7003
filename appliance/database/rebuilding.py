"""A database written anew beside itself while it is used, to take its place.

DuckDB leaves what was deleted or overwritten in its file, and never makes the file smaller
than its last block in use. Only a file into which nothing but what is there now was ever
written has no trace of the rest.

    prepare     an empty file of the same tables, <name>.fresh
    Fresh.copy  row by row, in pieces, by any thread, while others commit
    Fresh.take  between two commits: what came in since; then the log of the old file is
                emptied, and the new file renamed over it

The rename is the one step that counts: before it the old file is whole, after it the new
one is, and neither has a log that the other would replay.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import Any, NamedTuple

import duckdb

from appliance.database.opening import (
    ROW_GROUP,
    Kind,
    check_room,
    fresh_of,
    open_database,
    wal_bytes,
)
from appliance.database.trouble import explain
from appliance.durable import sync_file, sync_folder
from appliance.errors import StoreError

# One row group: 50 to 100 ms for events of 1 KB, in which only the one core is used.
PIECE = ROW_GROUP

# So few are left for the moment between two commits.
FEW = 512

_TABLES = """
SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND NOT internal
ORDER BY table_name
"""


class Grows(NamedTuple):
    """A table whose rows have a position that never changes."""

    table: str
    position: str  # column
    # Rows that may be others by now than when they were copied: those of which this is
    # true, where $since is the first position of a row that came in later.
    changed: str = "false"


def clear(path: Path) -> None:
    """Remove what a killed process left of this. Raises OSError."""
    for left in path.parent.glob(f"{fresh_of(path).name}*"):
        rmtree(left) if left.is_dir() else left.unlink()


def prepare(path: Path, kind: Kind) -> None:
    """Make the empty file. Raises StoreError, also where there is no room for another."""
    check_room(path, kind, path.stat().st_size)
    clear(path)
    open_database(fresh_of(path), kind).close()


class Fresh:
    """The new file, open beside the old one. Raises StoreError; then it is of no use any
    more, and the old one as good as before."""

    def __init__(
        self,
        db: duckdb.DuckDBPyConnection,
        path: Path,
        kind: Kind,
        grows: Sequence[Grows],
        leave: Collection[str],
    ) -> None:
        """`db` is a cursor of the connection that has the old one open, for this alone. Of
        the tables in `leave` nothing is taken along."""
        self._db, self._path, self._kind = db, path, kind
        self._grows, self._leave = grows, leave
        quoted = str(fresh_of(path)).replace("'", "''")
        self._run(f"ATTACH '{quoted}' AS fresh (ROW_GROUP_SIZE {ROW_GROUP})")
        self._next = {one.table: 0 for one in grows}
        self._end = {one.table: self._position(one) for one in grows}
        self._since = self._end[grows[0].table]

    def copy(self) -> bool:
        """The next piece; False when hardly anything is left."""
        for one in self._grows:
            first = self._next[one.table]
            if self._end[one.table] - first < FEW:
                self._end[one.table] = self._position(one)
            if self._end[one.table] - first >= FEW:
                until = min(first + PIECE, self._end[one.table])
                self._insert(one, f"{one.position} BETWEEN {first} AND {until - 1}")
                self._next[one.table] = until
                return True
        return False

    def settle(self) -> None:
        """Bring what was copied to its place in the file, so that `take` has little to."""
        self._run("CHECKPOINT fresh")

    def take(self, db: duckdb.DuckDBPyConnection) -> None:
        """Whatever is not there yet, and into the place of the old one, whose only
        connection is `db`, between two commits. Closes everything."""
        self._run("BEGIN")
        for one in self._grows:
            changed = one.changed.replace("$since", str(self._since))
            self._run(f"DELETE FROM fresh.{one.table} WHERE {changed}")  # noqa: S608 - ours
            later = f"{one.position} >= {self._next[one.table]}"
            self._insert(one, f"({later} OR {changed})")
        grow = {one.table for one in self._grows}
        for table in self._tables():
            if table not in grow:
                self._run(f"DELETE FROM fresh.{table}")  # noqa: S608 - ours
                self._run(f"INSERT INTO fresh.{table} FROM {self._kind.name}.{table}")
        self._run("COMMIT")
        self._compare()
        self._run("CHECKPOINT fresh")
        self._run("DETACH fresh")
        self._db.close()
        try:
            db.execute(f"CHECKPOINT {self._kind.name}")
        except duckdb.Error as error:
            raise explain(str(error), self._path, self._kind.noun) from error
        if wal_bytes(self._path):
            raise _not_now("has a log that somebody still reads")
        db.close()
        _put_in_place(fresh_of(self._path), self._path)

    def give_up(self) -> None:
        with suppress(duckdb.Error):
            self._db.execute("ROLLBACK")
        with suppress(duckdb.Error):
            self._db.execute("DETACH fresh")
        with suppress(duckdb.Error):
            self._db.close()
        with suppress(OSError):
            clear(self._path)

    def _insert(self, one: Grows, where: str) -> None:
        self._run(
            f"INSERT INTO fresh.{one.table} FROM {self._kind.name}.{one.table}"
            f" WHERE {where} ORDER BY {one.position}"
        )

    def _position(self, one: Grows) -> int:
        [(end,)] = self._run(
            f"SELECT coalesce(max({one.position}) + 1, 0)"  # noqa: S608 - our names
            f" FROM {self._kind.name}.{one.table}"
        )
        return int(end)

    def _tables(self) -> list[str]:
        found = [str(name) for (name,) in self._run(_TABLES, [self._kind.name])]
        return [name for name in found if name not in self._leave]

    def _compare(self) -> None:
        """The same number of rows everywhere, or the old file stays."""
        for table in self._tables():
            [(old, new)] = self._run(
                f"SELECT (SELECT count(*) FROM {self._kind.name}.{table}),"  # noqa: S608 - ours
                f" (SELECT count(*) FROM fresh.{table})"
            )
            if old != new:
                raise _not_now(f"has {old} rows in {table}, its copy {new}")

    def _run(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, parameters).fetchall()
        except duckdb.Error as error:
            raise explain(str(error), self._path, self._kind.noun) from error


def _put_in_place(fresh: Path, path: Path) -> None:
    try:
        sync_file(fresh)
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise _not_now(f"cannot be replaced: {error.strerror}") from error


def _not_now(why: str) -> StoreError:
    return StoreError(
        f"The file could not be written anew: it {why}.",
        fix="It is tried again the next night; `appliance retention` tries it now.",
    )
