"""`appliance train`: learn from the site's own calls."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from appliance.assistant.actions.classifier import Figures, encode
from appliance.assistant.actions.labels import action_labels
from appliance.assistant.actions.learning import Conversation, measure, split, train
from appliance.assistant.actions.reading import read_calls
from appliance.assistant.actions.record import conversations
from appliance.assistant.actions.shelf import FOLDER, install, newest
from appliance.errors import ApplianceError
from appliance.settings import read_settings
from appliance.store.log import SessionLog
from appliance.store.training import recorded

app = typer.Typer(help="Learn from the site's own calls.")


@app.callback(no_args_is_help=True)
def train_() -> None:
    """Learn from the site's own calls."""


@app.command()
def actions(
    file: Annotated[
        Path | None,
        typer.Argument(help="Calls as JSON lines, with `action` in the agents' turns."),
    ] = None,
    from_record: Annotated[
        bool,
        typer.Option(
            "--from-record", help="Advice that agents used or said; stop the service first."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only measure.")] = False,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    """Learn which action an agent takes next.

    One call in ten is held out and says how right the result is. It is installed only if
    it is better there than a guess from the action before, and than the one in use.
    """
    chosen = read_settings(settings)
    folder = (data_dir or Path(chosen.server.data_dir)).expanduser()
    calls = _calls(file, folder if from_record else None)
    _check_labels(calls, action_labels(chosen.advice.actions))
    parts = split(calls)
    fresh = train(parts)
    found = measure(fresh, parts)
    typer.echo(_line("new", found))
    used = newest(folder / FOLDER)
    before = None if used is None else measure(used[1], parts)
    if before is not None:
        typer.echo(_line("in use", before))
    _check_better(found, before)
    if dry_run:
        return
    source = file.name if file is not None else "the record"
    data = encode(fresh, trained=datetime.now(UTC), source=source, figures=found)
    target = install(folder / FOLDER, data)
    typer.echo(f"Installed as {target}; a running service uses it within ten seconds.")


def _calls(file: Path | None, record: Path | None) -> list[Conversation]:
    if (file is None) == (record is None):
        raise ApplianceError(
            "What to learn from is not said, or said twice.",
            fix="Name a file of calls, or give --from-record.",
        )
    if file is not None:
        return read_calls(file)
    log = SessionLog((record or Path()) / "appliance.duckdb")
    try:
        return conversations(recorded(log))
    finally:
        log.close()


def _check_labels(calls: list[Conversation], known: tuple[str, ...]) -> None:
    used = {turn.action for call in calls for turn in call.turns if turn.action}
    unknown = sorted(used.difference(known))
    if unknown:
        raise ApplianceError(
            f"Not in [advice] actions: {', '.join(unknown[:8])}"
            f"{' and more' if len(unknown) > 8 else ''}.",
            fix="Add them to that list, or write the site's names into the file.",
        )


def _check_better(found: Figures, before: Figures | None) -> None:
    least = found.by_last_action
    against = "a guess from the action before"
    if before is not None and before.accuracy > least:
        least, against = before.accuracy, "the classifier in use"
    if found.accuracy < least:
        raise ApplianceError(
            f"It is right in {found.accuracy:.1%}, {against} in {least:.1%}: left alone.",
            fix="Bring more calls, or calls whose actions are named more evenly.",
        )


def _line(name: str, found: Figures) -> str:
    return (
        f"{name}: right in {found.accuracy:.1%} of {found.decisions:,} decisions that were "
        f"held out (from the action before {found.by_last_action:.1%}), calibration error "
        f"{found.calibration_error:.3f}; sure of {found.sure:.0%}, right in "
        f"{found.sure_accuracy:.1%} of these"
    )
