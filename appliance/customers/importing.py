"""Bringing customers in from files: all of them or none, while the box takes calls."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeAlias

from msgspec import Struct

from appliance.customers.building import build
from appliance.customers.checks import Problem, bad_rows, check, prepare, problems, take_in
from appliance.customers.database import Reader, Workshop
from appliance.customers.fields import (
    KINDS,
    Kind,
    check_wanted,
    choose_columns,
    guess_kind,
    missing,
)
from appliance.customers.sources import Sources, Table
from appliance.durable import sync_file
from appliance.errors import CustomersError

FILE = "customers.duckdb"

# In the report; all of them can be written to a file.
MOST_PROBLEMS = 100_000

OnStep: TypeAlias = Callable[[str], None]


class Given(Struct, frozen=True, kw_only=True):
    """A file to import; `kind` where a person said what is in it."""

    path: Path
    kind: Kind | None = None


class Order(Struct, frozen=True, kw_only=True):
    """What to do with the files."""

    columns: Mapping[str, str] = {}  # field to header, where the guess is not right
    encoding: str | None = None  # of text files that are not UTF-8
    replace: bool = False  # the files are all there is: what is not in them goes
    skip_bad_rows: bool = False  # import the others
    dry_run: bool = False


class Taken(Struct, frozen=True, kw_only=True):
    """How one table was understood."""

    source: str
    kind: Kind
    rows: int
    columns: dict[str, str]  # field to header
    unused: list[str]  # headers


class Report(Struct, frozen=True, kw_only=True):
    tables: list[Taken]
    ignored: list[str]  # tables that are none of the kinds
    problems: list[Problem]
    left_out: int  # rows
    totals: dict[str, int]  # what the customers' file has now, by kind; empty if unchanged


def import_files(
    folder: Path, given: Sequence[Given], order: Order, on_step: OnStep
) -> Report:
    """Read the files and put what is in them in place of the customers in `folder`.

    Rows replace those with the same number; the others stay. Raises CustomersError, with
    nothing changed, for a file that cannot be read or understood, and while another import
    runs. With bad rows and no `skip_bad_rows` nothing is changed either: see `left_out`.
    """
    check_wanted(order.columns)
    folder.mkdir(parents=True, exist_ok=True)
    current = folder / FILE
    with alone(folder), scratch_in(folder) as scratch:
        keep = not order.replace and current.is_file()
        if keep:
            Reader(current).close()  # of another format: say so before the work
        shop = Workshop(scratch, current if keep else None)
        try:
            report = _read_all(shop, scratch, given, order, on_step)
            on_step("Checking")
            check(shop, keep=keep)
            left_out, found = bad_rows(shop), problems(shop, MOST_PROBLEMS)
            totals: dict[str, int] = {}
            if not order.dry_run and (not left_out or order.skip_bad_rows):
                totals = build(shop, keep=keep, on_step=on_step)
        finally:
            shop.close()
        if totals:
            put_in_place(shop.fresh, current)
    return Report(
        tables=report[0],
        ignored=report[1],
        problems=found,
        left_out=left_out,
        totals=totals,
    )


def _read_all(
    shop: Workshop, scratch: Path, given: Sequence[Given], order: Order, on_step: OnStep
) -> tuple[list[Taken], list[str]]:
    prepare(shop)
    sources = Sources(shop, scratch, order.encoding)
    taken, ignored = list[Taken](), list[str]()
    for one in given:
        on_step(f"Reading {one.path.name}")
        tables = sources.read(one.path)
        for table in tables:
            kind = one.kind or guess_kind(table.name, table.headers)
            columns = choose_columns(kind, table.headers, order.columns) if kind else {}
            if kind is None or (len(tables) > 1 and missing(kind, columns)):
                ignored.append(table.source)
                continue
            taken.append(_take(shop, table, kind, columns))
    if not taken:
        raise CustomersError(
            f"Nothing to import in {', '.join(ignored) or 'no file'}.",
            fix=f"Say what is in a file: KIND=FILE, with KIND one of {', '.join(KINDS)}.",
        )
    return taken, ignored


def _take(shop: Workshop, table: Table, kind: Kind, columns: dict[str, str]) -> Taken:
    if lacking := missing(kind, columns):
        raise CustomersError(
            f"{table.source} has no column for {', '.join(lacking)} of the {kind};"
            f" it has {', '.join(table.headers[:30])}.",
            fix=f"Name it: --map {lacking[0]}=COLUMN."
            " If the file has something else in it, write KIND=FILE.",
        )
    take_in(shop, table, kind, columns)
    unused = [header for header in table.headers if header not in columns.values()]
    return Taken(
        source=table.source, kind=kind, rows=table.rows, columns=columns, unused=unused
    )


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No two imports at once: the later would undo the earlier."""
    with (folder / f"{FILE}.lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise CustomersError(
                "Another import of customers is running.", fix="Wait until it has finished."
            ) from error
        yield


@contextmanager
def scratch_in(folder: Path) -> Iterator[Path]:
    """An empty folder on the disk of the customers; those of killed imports are removed."""
    for left in folder.glob(f"{FILE}.import-*"):
        shutil.rmtree(left, ignore_errors=True)
    made = Path(mkdtemp(prefix=f"{FILE}.import-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def put_in_place(fresh: Path, current: Path) -> None:
    Reader(fresh).close()  # it can be read, or it does not get there
    sync_file(fresh)
    fresh.replace(current)
    folder = os.open(current.parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system that has no folders to sync
            os.fsync(folder)
    finally:
        os.close(folder)
