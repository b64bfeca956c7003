"""`appliance audit`: who did what, and whether the log of it is whole."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from appliance.access.audit import Entry, whole
from appliance.access.commands import ReadAudit, Rows
from appliance.access.head import read_head
from appliance.access.office import MOST_ROWS
from appliance.access.verifier import Verifier
from appliance.cli.accounts import Place, accounts_app, perform, show
from appliance.errors import StoreError
from appliance.retention.erasures import read_erasures

app = accounts_app("Who did what.")


@app.command("show")
def show_(
    context: typer.Context,
    last: Annotated[int, typer.Option(help="So many rows, the newest.")] = 50,
    customer: Annotated[
        str, typer.Option(help="Number of one: the rows about them, of the whole log.")
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Every row, one a line, for other programs.")
    ] = False,
) -> None:
    """Show the newest rows; times are UTC."""
    if as_json:
        for entry in _all(context.obj):
            typer.echo(msgspec.json.encode(entry).decode())
        return
    if customer:
        alias = read_erasures(context.obj.data_dir).alias(customer)
        rows = tuple(row for row in _all(context.obj) if row.subject == alias)
    else:
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
    if (gone := verifier.taken_out.n + 1) > 0:
        typer.echo(f"The {gone} before them were taken out, as retention.audit_days says.")
    if verifier.rows:
        typer.echo(f"Row {verifier.head.n} has the hash {verifier.head.hash}")


def _all(place: Place) -> Iterator[Entry]:
    first = 0
    while rows := perform(place, ReadAudit(first=first, most=MOST_ROWS), Rows).rows:
        page = whole(rows, MOST_ROWS)
        yield from page
        first = page[-1].n + 1
