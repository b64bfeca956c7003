"""The files an import is given, each as tables of text in the workshop."""

import codecs
import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
from msgspec import Struct

from appliance.customers.database import Workshop, named, quoted
from appliance.errors import CustomersError

PIECE = 1 << 20
SQLITE_ROWS = 10_000

# Our own column beside theirs: the row in the file, counted from 1 without the header.
ROW = "appliance_row"


class Broken(Struct, frozen=True):
    """A row that no table could be made of."""

    row: int
    problem: str


class Table(Struct, frozen=True, kw_only=True):
    source: str  # as a person would name it
    name: str  # of the file or table, by which its kind is guessed
    headers: tuple[str, ...]
    relation: str  # the table in the workshop, with ROW
    rows: int
    broken: tuple[Broken, ...] = ()


class Sources:
    """Reads files into the workshop, each table under a name of its own."""

    def __init__(self, workshop: Workshop, folder: Path, encoding: str | None) -> None:
        self._shop = workshop
        self._folder = folder
        self._encoding = encoding
        self._count = 0

    def read(self, path: Path) -> list[Table]:
        """Every table of the file. Raises CustomersError if it cannot be read at all."""
        if not path.is_file():
            raise CustomersError(f"There is no file {path}.", fix="Check its path.")
        with path.open("rb") as file:
            start = file.read(16)
        if start.startswith(b"SQLite format 3"):
            return self._read_sqlite(path)
        if start[8:12] == b"DUCK":
            return self._read_duckdb(path)
        if start.startswith(b"PAR1"):
            reader = f"read_parquet({quoted(path)})"
            return [
                self._take(path, path.stem, f"SELECT COLUMNS(*)::VARCHAR FROM {reader}")
            ]
        if path.suffix.casefold() in (".json", ".ndjson", ".jsonl"):
            clean = quoted(self._as_utf8(path))
            reader = f"read_json({clean}, maximum_object_size = 1048576, sample_size = -1)"
            return [
                self._take(path, path.stem, f"SELECT COLUMNS(*)::VARCHAR FROM {reader}")
            ]
        return [self._read_csv(path, self._as_utf8(path))]

    def _read_csv(self, path: Path, clean: Path, stem: str = "", label: str = "") -> Table:
        for left in ("reject_scans", "reject_errors"):
            self._shop.run(f"DROP TABLE IF EXISTS {left}")
        reader = (
            f"read_csv({quoted(clean)}, all_varchar = true, header = true,"
            " store_rejects = true, rejects_limit = 0, max_line_size = 1048576)"
        )
        table = self._take(path, stem or path.stem, f"SELECT * FROM {reader}", label)
        rejects = self._shop.run(
            "SELECT line, any_value(error_message) FROM reject_errors"
            " GROUP BY line ORDER BY line"
        )
        broken = tuple(
            Broken(max(1, line - 1), str(said).splitlines()[0][:200])
            for line, said in rejects
        )
        self._move_behind(table.relation, broken)
        return msgspec.structs.replace(table, broken=broken)

    def _move_behind(self, relation: str, broken: tuple[Broken, ...]) -> None:
        """Rows are counted without the broken ones before them; count those as well."""
        for one in broken:
            self._shop.run(
                f"UPDATE {relation} SET {ROW} = {ROW} + 1 WHERE {ROW} >= ?", [one.row]
            )

    def _read_duckdb(self, path: Path) -> list[Table]:
        self._shop.read(f"ATTACH {quoted(path)} AS given (READ_ONLY)", path)
        try:
            names = self._shop.run(
                "SELECT schema_name, table_name FROM duckdb_tables()"
                " WHERE database_name = 'given' ORDER BY ALL"
            )
            return [
                self._take(
                    path,
                    name,
                    f"SELECT COLUMNS(*)::VARCHAR FROM given.{named(schema)}.{named(name)}",
                    f"{path.name}:{name}",
                )
                for schema, name in names
            ]
        finally:
            self._shop.run("DETACH given")

    def _read_sqlite(self, path: Path) -> list[Table]:
        # DuckDB reads SQLite with an extension that would have to be downloaded.
        found = []
        address = f"{path.resolve().as_uri()}?mode=ro"
        try:
            with closing(sqlite3.connect(address, uri=True)) as db:
                names = db.execute(
                    "SELECT name FROM sqlite_master"
                    " WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                )
                for number, (name,) in enumerate(names.fetchall()):
                    copy = self._folder / f"sqlite-{number}.csv"
                    _write_csv(db, name, copy)
                    label = f"{path.name}:{name}"
                    found.append(self._read_csv(path, copy, stem=name, label=label))
        except sqlite3.Error as error:
            raise CustomersError(
                f"{path.name} cannot be read: {error}.",
                fix="Check it with `PRAGMA integrity_check`, or export it as CSV.",
            ) from error
        return found

    def _take(self, path: Path, name: str, select: str, label: str = "") -> Table:
        self._count += 1
        relation = f"workshop.main.source_{self._count}"
        self._shop.read(
            f"CREATE TABLE {relation} AS"
            f" SELECT row_number() OVER () AS {ROW}, * FROM ({select})",
            path,
        )
        columns = self._shop.run(
            "SELECT column_name FROM duckdb_columns() WHERE database_name = 'workshop'"
            f" AND table_name = 'source_{self._count}' ORDER BY column_index"
        )
        [(rows,)] = self._shop.run(f"SELECT count(*) FROM {relation}")
        return Table(
            source=label or path.name,
            name=name,
            headers=tuple(column for (column,) in columns if column != ROW),
            relation=relation,
            rows=rows,
        )

    def _as_utf8(self, path: Path) -> Path:
        """The file, or a copy of it in UTF-8. Raises CustomersError if it is neither UTF-8
        nor of the encoding that was given."""
        with path.open("rb") as file:
            start = file.read(4)
        encoding = self._encoding or _by_mark(start) or "utf-8"
        copy = self._folder / f"utf8-{self._count}{path.suffix}"
        try:
            with copy.open("w", encoding="utf-8", newline="") as out:
                for piece in _decoded(path, encoding):
                    out.write(piece)
        except LookupError as error:
            raise CustomersError(
                f"There is no encoding {encoding!r}.", fix="Try utf-8, cp1252 or utf-16."
            ) from error
        except UnicodeError as error:
            raise CustomersError(
                f"{path.name} is not {encoding}: {_place(path, error)}.",
                fix="Say what it is, such as --encoding cp1252 for an older Windows file.",
            ) from error
        return copy


def _by_mark(start: bytes) -> str | None:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else None


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, newline="") as file:
        while piece := file.read(PIECE):
            # A NUL is in no name; it is what damaged discs and wrong encodings leave.
            if "\0" in piece:
                raise UnicodeDecodeError(encoding, b"\0", 0, 1, "a zero byte")
            yield piece


def _place(path: Path, error: UnicodeError) -> str:
    reason = getattr(error, "reason", "cannot be decoded")
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        try:
            if b"\0" in line:
                return f"{reason} in line {number}"
            line.decode()
        except UnicodeDecodeError:
            return f"{reason} in line {number}"
    return str(reason)


def _write_csv(db: sqlite3.Connection, table: str, path: Path) -> None:
    rows = db.execute(f"SELECT * FROM {named(table)}")
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL)
        out.writerow([column[0] for column in rows.description])
        while batch := rows.fetchmany(SQLITE_ROWS):
            out.writerows(batch)
