"""`appliance report`: figures over a period, on the terminal or as a file."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO, Literal, TypeAlias

import anyio
import typer

from appliance.access.access import Access
from appliance.cli.accounts import place_in, show
from appliance.cli.files import existing_record, new_file
from appliance.control import line
from appliance.errors import SettingsError, StoreError
from appliance.reporting.commands import Report, Reported
from appliance.reporting.desk import Question, Reporting
from appliance.reporting.figures import Metrics, Unit
from appliance.reporting.periods import Grain
from appliance.reporting.reporter import report as make_report
from appliance.reporting.table import FIGURES, Told, figure_rows, known_figures
from appliance.reporting.zone import named
from appliance.settings import read_settings
from appliance.sheets.formats import FORMATS
from appliance.sheets.table import Cell
from appliance.store.sums import By

Shape: TypeAlias = Literal["table", "csv", "xlsx", "parquet"]

# Calls come first.
NICER = 15

DAYS = 7
DAY = ["%Y-%m-%d"]

UNITS: dict[Unit, str] = {"s": " s", "ms": " ms", "percent": " %", "per_minute": "/min"}


def report(
    from_: Annotated[
        datetime | None,
        typer.Option("--from", formats=DAY, help="First day, of the site's time."),
    ] = None,
    to: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Last day; else today.")
    ] = None,
    by: Annotated[By, typer.Option(help="Of whom.")] = "site",
    grain: Annotated[
        Grain | None, typer.Option(help="And of each part of the period.")
    ] = None,
    measures: Annotated[
        str, typer.Option(help="Names, with commas; else all that are known.")
    ] = "",
    queue: Annotated[str | None, typer.Option(help="Only calls of this queue.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to be written; its ending says as what.")
    ] = None,
    shape: Annotated[
        Shape | None, typer.Option("--format", help="Else a table, or as the file ends.")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    """Tell what the record comes to, while calls go on; without days, of the last seven."""
    os.nice(NICER)
    chosen = read_settings(settings)
    place = place_in(chosen, data_dir)
    since, until = _period(from_, to, named(chosen.reporting.time_zone))
    question = Question(
        since=since,
        until=until,
        by=by,
        grain=grain,
        measures=tuple(measures.replace(",", " ").split()),
        queue=queue,
    )
    with _opened(out, shape) as (file, format_):
        command = Report(question=question, format=format_)
        try:
            told = line.ask(place.folder, command, Reported)
        except line.NoServer:
            with existing_record(place.data_dir) as store, Access.open(*place) as access:
                reporting = Reporting(chosen.reporting, store)
                told = anyio.run(make_report, reporting, access, command, line.user_name())
        if file is None:
            _print(told.metrics)
        else:
            _write(file, format_, figure_rows(told.metrics))


def _period(
    first: datetime | None, last: datetime | None, zone: tzinfo
) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day."""
    today = datetime.now(zone).replace(tzinfo=None)
    last = (last or today).replace(hour=0, minute=0, second=0, microsecond=0)
    first = first or last - timedelta(days=DAYS - 1)
    return first.replace(tzinfo=zone), (last + timedelta(days=1)).replace(tzinfo=zone)


@contextmanager
def _opened(
    out: Path | None, shape: Shape | None
) -> Iterator[tuple[BinaryIO | None, Shape]]:
    """Where to write to, and as what; None is a table, on the terminal. Before anything is
    asked: who is told of a wrong ending has not yet waited, and is not yet in the log."""
    if out is not None:
        format_ = _format_of(out, shape)
        with new_file(out) as file:
            yield file, format_
    elif shape is None or shape == "table":
        yield None, "table"
    elif shape != "csv" and sys.stdout.isatty():
        raise SettingsError(f"A terminal cannot show {shape}.", fix="Name a file: --out.")
    else:
        yield sys.stdout.buffer, shape


def _format_of(out: Path, shape: Shape | None) -> Shape:
    ending = out.suffix.removeprefix(".").lower()
    for name in ("csv", "xlsx", "parquet"):
        if name == (shape or ending):
            return name
    raise SettingsError(
        f"A file cannot be written as {shape or ending or out.name!r}.",
        fix=f"Let it end in one of: {', '.join(FORMATS)}; or name one with --format.",
    )


def _write(file: BinaryIO, format_: Shape, rows: Sequence[Sequence[Cell]]) -> None:
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"figures.{format_}"
            sheet = FORMATS[format_].make(path, FIGURES)
            sheet.add(rows)
            sheet.close()
            file.write(path.read_bytes())
            file.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StoreError(
            f"The report cannot be written: {error}.",
            fix="Make room there, and in the folder of temporary files.",
        ) from error


def _print(metrics: Metrics) -> None:
    last = metrics.until - timedelta(seconds=1)
    days = f"{metrics.since:%Y-%m-%d} to {last:%Y-%m-%d}, {metrics.time_zone}"
    rows = [_row(one) for one in known_figures(metrics)]
    if not rows:
        print(f"{days}: nothing was counted.")
        return
    print(days)
    told_apart = {"When": metrics.grain is not None, "Of": metrics.by != "site"}
    names = [name for name in rows[0] if told_apart.get(name, True)]
    show(tuple(names), [tuple(row[name] for name in names) for row in rows])


def _row(told: Told) -> dict[str, str]:
    measure, figure = told.measure, told.figure
    provisional = " (provisional)" if figure.provisional else ""
    return {
        "When": f"{told.since:%Y-%m-%d %H:%M}" if told.part else "in all",
        "Of": told.group.name or told.group.id,
        "Measure": measure.title,
        "Value": f"{figure.value:,.10g}{UNITS.get(measure.unit, '')}{provisional}",
        "Rests on": f"{figure.n:,.10g} {measure.counted}",
        "Formula": measure.formula,
    }
