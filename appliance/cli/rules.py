"""`appliance rules`: are they right, and what would they have done in past calls?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import anyio
import typer
from msgspec import Struct

from appliance.cli.accounts import show
from appliance.cli.files import existing_record
from appliance.cli.past_calls import from_file, from_record, samples
from appliance.errors import RulesError
from appliance.messages import ChatLine, Transcript
from appliance.rules import reading
from appliance.rules.course import Applied
from appliance.rules.past import PastCall, applied_in
from appliance.rules.reading import check_book, read_book
from appliance.rules.rulebook import Rulebook
from appliance.settings import read_settings
from appliance.store.writer import Store

EXAMPLE = Path(reading.__file__).with_name("example.toml")

TOO_OFTEN = 3  # exit status

app = typer.Typer(help="The rules of the site.", no_args_is_help=True)


class Tested(Struct, frozen=True, kw_only=True):
    """A past call, and what the rules made of it."""

    call: PastCall
    applied: Sequence[Applied]


@app.callback()
def rules() -> None:
    """The rules of the site: what must be said in a call, and what must not."""


@app.command()
def example() -> None:
    """Print a file of rules to begin with, with explanations."""
    typer.echo(EXAMPLE.read_text(), nl=False)


@app.command()
def check(file: Annotated[Path, typer.Argument(help="File of rules.")]) -> None:
    """Say what is wrong with a file of rules; status 1 if anything is."""
    book, faults = check_book(file)
    for fault in faults:
        typer.echo(f"{file}: {fault.problem}\n  {fault.fix}")
    if faults or book is None:
        raise typer.Exit(1)
    typer.echo(f"{file}: {len(book.rules)} rules, {len(book.items)} items, no fault.")


@app.command("test")
def try_(
    file: Annotated[Path, typer.Argument(help="File of rules.")],
    calls: Annotated[
        int | None, typer.Option(help="The newest so many calls of the record.", min=1)
    ] = None,
    from_: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="The calls since this day (UTC)."
        ),
    ] = None,
    transcript: Annotated[
        list[Path] | None,
        typer.Option(help="A file instead: an answer of /api/sessions/{id}, or turns."),
    ] = None,
    with_samples: Annotated[
        bool, typer.Option("--samples", help="The built-in calls.")
    ] = False,
    text: Annotated[
        bool, typer.Option("--show", help="Quote the lines, for those who may read them.")
    ] = False,
    at_most: Annotated[
        float | None,
        typer.Option(
            help="Status 3 if a rule with an alert applies in more percent of the calls.",
            min=0,
            max=100,
        ),
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    """Where each rule would have applied in calls that are over.

    The record can be read while the service is stopped; while it runs, save calls from
    /api/sessions/{call_id} and name them with --transcript.
    """
    rulebook = Rulebook(read_book(file))
    past = [from_file(one) for one in transcript or ()]
    past += samples() if with_samples else ()
    if not past:
        folder = data_dir or Path(read_settings(settings).server.data_dir)
        since = from_.date() if from_ else None
        record = existing_record(folder.expanduser())
        past = anyio.run(_read, record, calls or (None if since else 100), since)
    if not past:
        raise RulesError("There is no such call.", fix="Name an earlier day, or files.")
    tested = [Tested(call=one, applied=applied_in(one, rulebook)) for one in past]
    show(("Call", "Time", "Rule", "Outcome", "Line"), _rows(tested, text=text))
    counts = _counts(rulebook, tested)
    typer.echo()
    show(
        ("Rule", "Calls", "Of", "Percent", "Times", "Missed", "Unchecked"),
        [_summary(name, of, len(past)) for name, of in counts.items()],
    )
    if at_most is not None:
        _refuse_frequent(rulebook, counts, len(past), at_most)


async def _read(record: Store, calls: int | None, since: date | None) -> list[PastCall]:
    try:
        return [one async for one in from_record(record, calls, since)]
    finally:
        await record.aclose()


def _rows(tested: Iterable[Tested], *, text: bool) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in tested:
        lines = {
            event.id: event.text
            for _, event in one.call.events
            if isinstance(event, Transcript | ChatLine)
        }
        for found in one.applied:
            seconds = found.at_ms // 1000
            line = lines.get(found.line, "") if text else found.line
            rows.append(
                (
                    one.call.call_id,
                    f"{seconds // 60}:{seconds % 60:02}",
                    found.rule,
                    found.outcome,
                    line if line.isprintable() else ascii(line),
                )
            )
    return rows


def _counts(
    rulebook: Rulebook, tested: Sequence[Tested]
) -> Mapping[str, list[list[Applied]]]:
    """By rule, what it did in each call in which it did something."""
    counts: dict[str, list[list[Applied]]] = {r.rule.name: [] for r in rulebook.rules}
    for one in tested:
        for name in dict.fromkeys(found.rule for found in one.applied):
            counts[name].append([found for found in one.applied if found.rule == name])
    return counts


def _summary(name: str, of: Sequence[Sequence[Applied]], calls: int) -> tuple[str, ...]:
    outcomes = [found.outcome for call in of for found in call]
    met = sum(any(found.outcome == "met" for found in call) for call in of)
    return (
        name,
        str(met),
        str(calls),
        f"{100 * met / calls:.1f}",
        str(outcomes.count("met")),
        str(outcomes.count("missed")),
        str(outcomes.count("unchecked")),
    )


def _refuse_frequent(
    rulebook: Rulebook,
    counts: Mapping[str, Sequence[Sequence[Applied]]],
    calls: int,
    at_most: float,
) -> None:
    """An alert that comes in every other call is soon ignored."""
    frequent = []
    for rule in (ready.rule for ready in rulebook.rules if ready.rule.alert):
        outcome = "met" if rule.deadline_s is None else "missed"
        hit = sum(any(f.outcome == outcome for f in call) for call in counts[rule.name])
        if 100 * hit > at_most * calls:
            frequent.append(f"{rule.name!r} alerts in {hit} of {calls} calls.")
    for text in frequent:
        typer.echo(text, err=True)
    if frequent:
        raise typer.Exit(TOO_OFTEN)
