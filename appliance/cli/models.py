"""`appliance models`: see, fetch, pack, check, bring in and remove model files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from rich.progress import TimeRemainingColumn as Remaining
from rich.table import Table

from appliance.assistant import packer
from appliance.errors import ModelError
from appliance.models.fetch import fetch as fetch_model
from appliance.models.files import OnStep, Step
from appliance.models.importing import import_path
from appliance.models.manifest import Entry, load_manifest
from appliance.models.packed import pack as pack_model
from appliance.models.shelf import Listed, find, list_models
from appliance.models.shelf import remove as remove_model
from appliance.models.shelf import verify as verify_model
from appliance.settings import read_settings

WIDE_COLUMNS = 130  # descriptions are left out of a narrower terminal
STATE_STYLES = {
    "present": "green",
    "missing": "dim",
    "half-copied": "yellow",
    "unpacked": "yellow",
}

app = typer.Typer(help="Model files: see, fetch, pack, check, bring in, remove.")


@app.callback(no_args_is_help=True)
def choose_folder(
    context: typer.Context,
    settings: Annotated[
        Path | None, typer.Option(help="Settings file that names the models folder.")
    ] = None,
) -> None:
    context.obj = Path(read_settings(settings).models.dir).expanduser()


@app.command("list")
def list_(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
) -> None:
    """Show every known model: size, memory, licence, and whether it is here and whole."""
    rows = list_models(context.obj)
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode([_plain(r) for r in rows])))
        return
    console = Console()
    wide = console.width >= WIDE_COLUMNS
    table = Table(
        box=None,
        padding=(0, 2, 0, 0),
        header_style="bold underline",
        caption=f"In {context.obj}. * is set up on a new box.",
    )
    for heading in ("Name", "Kind", "State", "Size MB", "RAM MB", "Licence"):
        right = "MB" in heading
        table.add_column(
            heading, justify="right" if right else "left", no_wrap=heading != "Licence"
        )
    if wide:
        table.add_column("What it is")
    for row in rows:
        table.add_row(*_cells(row)[: 7 if wide else 6])
    console.print(table)


def _cells(row: Listed) -> tuple[str, ...]:
    entry = row.entry
    state: str = row.state
    if row.state == "missing" and entry.import_only:
        state = "import only"
    elif row.state == "present" and row.packed not in (None, "present"):
        state = "unpacked"
    return (
        entry.name + (" *" if entry.default else ""),
        entry.kind,
        f"[{STATE_STYLES.get(row.state, 'red')}]{state}",
        f"{row.bytes / 1e6:,.0f}",
        f"{entry.memory_mb:,}",
        entry.licence,
        entry.description,
    )


def _plain(row: Listed) -> dict[str, object]:
    entry = row.entry
    return {
        "name": entry.name,
        "aliases": entry.aliases,
        "kind": entry.kind,
        "state": row.state,
        "packed": row.packed,
        "default": entry.default,
        "import_only": entry.import_only,
        "bytes": row.bytes,
        "memory_mb": entry.memory_mb,
        "licence": entry.licence,
        "description": entry.description,
    }


@app.command()
def fetch(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(help="Models; without any, those marked *.")
    ] = None,
) -> None:
    """Download models with pip. Cut off, it goes on where it was when run again."""
    entries: tuple[Entry, ...] = load_manifest().defaults()
    if names:
        entries = tuple(find(context.obj, name) for name in names)
    for entry in entries:
        with _steps() as on_step:
            fresh = fetch_model(context.obj, entry, on_step)
        typer.echo(f"{entry.name}: {'fetched and checked' if fresh else 'already here'}")
        _pack_if_wanted(context.obj, entry)


def _pack_if_wanted(models_dir: Path, entry: Entry) -> None:
    """Whatever goes wrong is said and no more: without it the model is only slower."""
    try:
        _pack(models_dir, entry)
    except ModelError as error:
        typer.echo(f"{entry.name}: {error}", err=True)


def _pack(models_dir: Path, entry: Entry) -> bool:
    with _steps() as on_step:
        fresh = pack_model(models_dir, entry, packer.pack, on_step)
    if fresh:
        typer.echo(f"{entry.name}: packed for this processor")
    return fresh


@app.command()
def pack(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(help="Models; without any, all that are here.")
    ] = None,
) -> None:
    """Make weights for this processor's kernels of the models that gain by it."""
    for name in names or _here(context.obj):
        entry = find(context.obj, name)
        if not _pack(context.obj, entry):
            what = "already packed" if entry.pack else "is served as it is"
            typer.echo(f"{entry.name}: {what}")


def _here(models_dir: Path) -> list[str]:
    rows = list_models(models_dir)
    return [row.entry.name for row in rows if row.state != "missing"]


@app.command()
def verify(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(help="Models; without any, all that are here.")
    ] = None,
) -> None:
    """Read every file of the models again and compare its SHA-256."""
    errors = []
    for name in names or _here(context.obj):
        try:
            with _steps() as on_step:
                entry = verify_model(context.obj, name, on_step=on_step)
        except ModelError as error:
            errors.append(error)
            typer.echo(f"{name}: {error.problem}")
        else:
            packed = " and its packed weights" if entry.pack else ""
            typer.echo(f"{entry.name}: whole, {len(entry.files)} files{packed}")
    if errors:
        raise errors[0]


@app.command("import")
def import_(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="Whisper folder, GGUF file or its folder.")],
    name: Annotated[
        str | None, typer.Option(help="What to call it, if its checksum does not tell.")
    ] = None,
) -> None:
    """Copy a model from a stick, checking that it is whole."""
    with _steps() as on_step:
        entry = import_path(context.obj, path.expanduser(), name=name, on_step=on_step)
    section = {"speech": "speech", "language": "advice"}.get(entry.kind)
    use = f' Use it with `model = "{entry.name}"` under [{section}].' if section else ""
    typer.echo(f"{entry.name}: imported and checked.{use}")
    _pack_if_wanted(context.obj, entry)


@app.command()
def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Model to delete from this machine.")],
) -> None:
    """Delete a model's files."""
    freed = remove_model(context.obj, name)
    typer.echo(f"{name}: removed, {freed / 1e6:,.0f} MB freed")


@contextmanager
def _steps() -> Iterator[OnStep]:
    """Show steps as a bar, or in a log as one line each."""
    console = Console(stderr=True)
    shown = ""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        Remaining(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        bar = progress.add_task("", total=None)

        def on_step(step: Step) -> None:
            nonlocal shown
            if step.text != shown:
                shown = step.text
                progress.reset(bar, description=step.text, total=None)
                if not console.is_terminal:
                    console.print(step.text, highlight=False)
            progress.update(bar, completed=step.done, total=step.total or None)

        yield on_step


if __name__ == "__main__":
    app()
