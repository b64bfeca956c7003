"""`appliance import`: bring in what the site knows."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from appliance.customers.checks import Problem
from appliance.customers.fields import KINDS, check_wanted
from appliance.customers.importing import Given, Order, Report, import_files
from appliance.errors import CustomersError
from appliance.replay.samples import CUSTOMERS
from appliance.settings import read_settings
from appliance.shown import csv_line, escaped

SHOWN = 20  # of the bad rows; --errors writes all

# Calls come first: an import has time.
NICER = 15

app = typer.Typer(help="Bring in what the site knows.", no_args_is_help=True)


@app.callback()
def import_() -> None:
    """Bring in what the site knows."""


@app.command()
def customers(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE...",
            help="CSV, Parquet, JSON, SQLite or DuckDB; KIND=FILE says what is in it: "
            f"{', '.join(KINDS)}.",
        ),
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="FIELD=COLUMN, such as phone=Mobile or orders.total=Sum."
        ),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of text files that are not UTF-8, such as cp1252.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be imported.")
    ] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Import the others.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="What is not in the files goes.")
    ] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Write every bad row to this CSV file.")
    ] = None,
    samples: Annotated[
        bool,
        typer.Option("--samples", help="The invented customers of the built-in calls."),
    ] = False,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    """Import customers, orders, tickets and notes: all of the files or none.

    Rows replace those with the same number; the others stay. A service that runs shows the
    new ones within a second.
    """
    given = [_given(text) for text in files or ()]
    given += [Given(path=path) for path in CUSTOMERS] if samples else []
    if not given:
        raise CustomersError("No file is named.", fix="Name the files to import.")
    order = Order(
        columns=_columns(map_ or []),
        encoding=encoding,
        replace=replace,
        skip_bad_rows=skip_bad_rows,
        dry_run=dry_run,
    )
    folder = data_dir or Path(read_settings(settings).server.data_dir)
    os.nice(NICER)
    console = Console(stderr=True)
    with console.status("") as status:
        report = import_files(folder.expanduser(), given, order, status.update)
    _tell(report)
    if errors is not None:
        _write(errors, report.problems)
    if report.left_out and not skip_bad_rows and not dry_run:
        raise CustomersError(
            f"{report.left_out} rows cannot be imported; nothing has been changed.",
            fix="Correct them, or leave them out with --skip-bad-rows.",
        )


def _given(text: str) -> Given:
    head, sign, rest = text.partition("=")
    for kind in KINDS:
        if sign and head == kind:
            return Given(path=Path(rest), kind=kind)
    return Given(path=Path(text))


def _columns(wanted: list[str]) -> dict[str, str]:
    columns = dict[str, str]()
    for text in wanted:
        field, sign, header = text.partition("=")
        if not sign or not header:
            raise CustomersError(
                f"--map {text!r} is not FIELD=COLUMN.", fix="Write it like phone=Mobile."
            )
        columns[field] = header
    check_wanted(columns)
    return columns


def _tell(report: Report) -> None:
    for table in report.tables:
        _say(f"{table.source}: {table.rows:,} {table.kind}")
        for field, header in table.columns.items():
            _say(f"    {field:16} from {header}")
        if table.unused:
            _say(f"    not used: {', '.join(table.unused)}")
    for name in report.ignored:
        _say(f"{name}: left out, it has none of {', '.join(KINDS)}")
    for problem in report.problems[:SHOWN]:
        _say(_line(problem))
    if len(report.problems) > SHOWN:
        typer.echo(
            f"... and {len(report.problems) - SHOWN:,} more; --errors FILE writes all"
        )
    if report.totals:
        known = ", ".join(f"{count:,} {kind}" for kind, count in report.totals.items())
        typer.echo(f"The box now knows {known}.")


def _line(problem: Problem) -> str:
    what = f"{problem.field} {problem.value!r} " if problem.value else f"{problem.field} "
    end = "" if problem.left_out else "; only the field is left out"
    where = f"{problem.source} row {problem.row}"
    return f"{where}: {what.lstrip()}{problem.problem}{end}"


def _write(path: Path, problems: list[Problem]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        fields = Problem.__struct_fields__
        file.write(f"{csv_line(fields)}\r\n")
        for problem in problems:
            row = [str(getattr(problem, name)) for name in fields]
            file.write(f"{csv_line(row)}\r\n")


def _say(text: str) -> None:
    """Names of columns and files are what somebody else has typed."""
    typer.echo(escaped(text))
