"""The file of customers. The only module of this folder that imports duckdb.

One file, written whole by an import and from then on only read: an import builds a new one
beside it and puts it in its place by renaming. So nothing is ever half imported, whoever
reads meanwhile reads the old one to the end, a million new customers cost the process that
takes calls nothing, and the record of calls, which has one writer, is not involved.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

import duckdb

from appliance.airgap import DUCKDB
from appliance.errors import CustomersError

Row: TypeAlias = tuple[Any, ...]

FORMAT = 1

# One thread: the cores belong to the models.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    **DUCKDB,
    "threads": "1",
}
# What is looked up often stays in memory; the rest is in the file system's cache.
_READING = _CONFIG | {"memory_limit": "128MB"}
# Sorting a million rows spills to the disk beyond this.
_BUILDING = _CONFIG | {"memory_limit": "1GB"}

# A look-up reads a few rows from all over a table, and each costs its blocks. With DuckDB's
# usual layout (groups of 122 880 rows, blocks of 256 kB) fetching 60 of a million customers
# took over 50 ms, with groups of 20 480 rows 49, with the smallest there are 6.
_LAYOUT = "ROW_GROUP_SIZE 2048, BLOCK_SIZE 16384"


class Reader:
    """One version of the file, open for questions from any thread.

    Raises CustomersError if it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._asking = Lock()
        self._db = duckdb.connect(":memory:", config=_READING)
        try:
            with _explained(path):
                self._db.execute(f"ATTACH {quoted(path)} AS customers (READ_ONLY)")
                self._db.execute("USE customers")
                self._db.execute("SET enable_external_access = false")
                self._db.execute("SET lock_configuration = true")
                self._check()
        except BaseException:
            self._db.close()
            raise

    def ask(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[Row]:
        """Rows of a query. Blocks. Raises CustomersError."""
        with self._asking, _explained(self.path):
            return self._db.execute(sql, parameters).fetchall()

    def close(self) -> None:
        with self._asking:
            self._db.close()

    def _check(self) -> None:
        [(found,)] = self._db.execute("SELECT format FROM about").fetchall()
        if found != FORMAT:
            raise CustomersError(
                f"{self.path} has format {found}; this program reads {FORMAT}.",
                fix="Import the customers again with this version.",
            )


class Workshop:
    """Where an import reads its sources and builds the next file, `fresh`.

    Tables of its own go to a file in `folder`, which the caller removes.
    """

    def __init__(self, folder: Path, current: Path | None) -> None:
        """`current` is the file in use, attached as `present`; None if there is none."""
        self.fresh = folder / "fresh.duckdb"
        config = _BUILDING | {"temp_directory": str(folder / "spill")}
        self._db = duckdb.connect(str(folder / "workshop.duckdb"), config=config)
        with _explained(current or self.fresh):
            self._db.execute(_sql("macros.sql"))
            self._db.execute(f"ATTACH {quoted(self.fresh)} AS fresh ({_LAYOUT})")
            if current is not None:
                self._db.execute(f"ATTACH {quoted(current)} AS present (READ_ONLY)")

    def run(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[Row]:
        """Rows of a statement. Raises CustomersError."""
        with _explained(self.fresh):
            return self._db.execute(sql, parameters).fetchall()

    def read(self, sql: str, source: Path) -> list[Row]:
        """The same for a statement that reads a file somebody else made.

        Raises CustomersError that names the file.
        """
        try:
            return self._db.execute(sql).fetchall()
        except (duckdb.Error, UnicodeError) as error:
            raise CustomersError(
                f"{source.name} cannot be read: {_first_line(error)}",
                fix="Check that the file is whole and is what its name says.",
            ) from error

    def run_file(self, name: str) -> None:
        """One of this folder's SQL files, on `fresh`."""
        self.run("USE fresh")
        self.run(_sql(name))

    def finish(self) -> None:
        """Bring `fresh` to the disk and let go of everything."""
        self.run("CHECKPOINT fresh")
        self.close()

    def close(self) -> None:
        with suppress(duckdb.Error):
            self._db.close()


def quoted(text: Path | str) -> str:
    """A text as an SQL literal, where DuckDB takes no parameter or makes less of one."""
    return "'" + str(text).replace("'", "''") + "'"


def listed(values: Iterable[str | int]) -> str:
    """Values for `IN`. As literals, since only those keep DuckDB from reading the row
    groups that have none of them."""
    return ", ".join(quoted(v) if isinstance(v, str) else str(int(v)) for v in values)


def named(column: str) -> str:
    """A column's name as SQL, whatever is in it."""
    return '"' + column.replace('"', '""') + '"'


def _sql(name: str) -> str:
    return files("appliance.customers").joinpath(name).read_text()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else "no reason"


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        complaint = _first_line(error)
        if "no space left" in complaint.lower():
            raise CustomersError(
                f"The disk of {path} is full.", fix=f"Free some space in {path.parent}."
            ) from error
        raise CustomersError(
            f"The customers in {path} cannot be used: {complaint}",
            fix="Import them again (appliance import customers --replace FILE...).",
        ) from error
