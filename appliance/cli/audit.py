"""`appliance audit`: who did what, and whether the log of it is whole."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from appliance.access.audit import Entry, Verifier, whole
from appliance.access.commands import ReadAudit, Rows
from appliance.access.head import read_head
from appliance.access.office import MOST_ROWS
from appliance.cli.accounts import Place, perform, place_of, show
from appliance.errors import StoreError

app = typer.Typer(help="Who did what.", no_args_is_help=True)


@app.callback(no_args_is_help=True)
def choose_folder(
    context: typer.Context,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    """Who did what. Works while the server runs, and while it does not."""
    context.obj = place_of(settings, data_dir)


@app.command("show")
def show_(
    context: typer.Context,
    last: Annotated[int, typer.Option(help="So many rows, the newest.")] = 50,
    as_json: Annotated[
        bool, typer.Option("--json", help="Every row, one a line, for other programs.")
    ] = False,
) -> None:
    """Show the newest rows; times are UTC."""
    if as_json:
        for entry in _all(context.obj):
            typer.echo(msgspec.json.encode(entry).decode())
        return
    wish = ReadAudit(first=-max(1, last), most=MOST_ROWS)
    rows = perform(context.obj, wish, Rows).rows
    show(
        ("Row", "Time", "Who", "What", "Whom", "Detail"),
        [
            (
                str(one.n),
                f"{one.wall:%Y-%m-%d %H:%M:%S}",
                one.actor,
                one.action,
                one.subject,
                one.detail,
            )
            for one in rows
        ],
    )


@app.command()
def verify(
    context: typer.Context,
    expect: Annotated[
        str, typer.Option(help="The hash of a row, noted down before: is it still there?")
    ] = "",
) -> None:
    """Look for rows that were changed, taken out, moved, or cut off."""
    verifier = Verifier(read_head(context.obj.folder), expect)
    problems = [text for entry in _all(context.obj) for text in verifier.told(entry)]
    problems += verifier.finished()
    for text in problems:
        typer.echo(text)
    if problems:
        raise StoreError(
            f"The audit log of {verifier.rows} rows is not as it was written.",
            fix="Compare it with a backup, and find out who could write to "
            f"{context.obj.folder}.",
        )
    typer.echo(f"All {verifier.rows} rows are as they were written.")
    if verifier.rows:
        typer.echo(f"Row {verifier.head.n} has the hash {verifier.head.hash}")


def _all(place: Place) -> Iterator[Entry]:
    first = 0
    while rows := perform(place, ReadAudit(first=first, most=MOST_ROWS), Rows).rows:
        page = whole(rows, MOST_ROWS)
        yield from page
        first = page[-1].n + 1
