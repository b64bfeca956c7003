"""`appliance kb`: the site's articles, which advice rests on."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from appliance.cli.building import sentence_model
from appliance.errors import KnowledgeError
from appliance.knowledge.articles import Article
from appliance.knowledge.catalogue import FILE, Library, changed
from appliance.knowledge.golden import Outcome, read_golden, run
from appliance.knowledge.reading import SUFFIXES, read_file
from appliance.knowledge.shelf import read_index
from appliance.knowledge.updating import Report, Sentences, update
from appliance.replay.samples import ARTICLES
from appliance.settings import Settings, read_settings

# Beside a box that takes calls.
NICER = 10

app = typer.Typer(help="The articles that advice rests on.")


class Place(Struct, frozen=True):
    """Where the articles are, and by what they are found."""

    folder: Path
    settings: Settings

    def sentences(self) -> Sentences:
        model = sentence_model(self.settings)
        if model is None:
            return Sentences()
        # Here alone: it loads torch, which every other command, and the server for as long
        # as it runs, would carry along: 195 MB and a second and a half.
        from appliance.knowledge.bert import Bert

        return Sentences(model.name, Bert(model.path, threads=os.cpu_count() or 1).vectors)


@app.callback(no_args_is_help=True)
def find_the_place(
    context: typer.Context,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    chosen = read_settings(settings)
    folder = (data_dir or Path(chosen.server.data_dir)).expanduser()
    context.obj = Place(folder, chosen)


@app.command()
def add(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders; without any, [knowledge] folder."),
    ] = None,
    samples: Annotated[
        bool, typer.Option("--samples", help="Those of the built-in calls.")
    ] = False,
    only: Annotated[
        bool, typer.Option("--only", help="Articles that are not in them go.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Even if the golden set comes out worse.")
    ] = False,
) -> None:
    """Add articles, or change those with the same name. All of them or none; a service
    that runs finds the new ones at once."""
    place: Place = context.obj
    chosen = [ARTICLES] if samples else []
    chosen += files or ([] if samples else [_folder_of(place.settings)])
    articles = [article for path in chosen for article in _read(path)]
    os.nice(NICER)
    report = update(
        place.folder,
        articles,
        place.sentences(),
        only=only or not (files or samples),
        force=force,
        threshold=place.settings.knowledge.threshold,
    )
    _tell(report)


@app.command()
def remove(
    context: typer.Context,
    articles: Annotated[list[str], typer.Argument(help="Ids, as `kb list` shows them.")],
    force: Annotated[
        bool, typer.Option("--force", help="Even if the golden set comes out worse.")
    ] = False,
) -> None:
    """Take articles out. Their versions stay, for what was cited from them."""
    place: Place = context.obj
    report = update(
        place.folder,
        (),
        place.sentences(),
        remove=articles,
        force=force,
        threshold=place.settings.knowledge.threshold,
    )
    _tell(report)


@app.command("list")
def list_(
    context: typer.Context,
    article: Annotated[
        str | None, typer.Argument(help="Id of one, to see it whole, with its versions.")
    ] = None,
) -> None:
    """Show the articles, or one of them."""
    place: Place = context.obj
    if not (place.folder / FILE).exists():
        raise _no_articles()
    with Library(place.folder / FILE) as library:
        if article is not None:
            _show(library, article)
            return
        rows = library.current()
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold underline")
    for heading in ("Id", "Title", "Passages", "Version", "Changed", "File"):
        table.add_column(heading)
    for row in rows:
        table.add_row(
            row.id,
            row.title,
            str(len(row.passages)),
            str(row.version),
            f"{row.changed:%Y-%m-%d %H:%M}",
            row.source,
        )
    Console().print(table)


@app.command()
def search(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="What a customer might say.")],
    most: Annotated[int, typer.Option(help="Passages to show.", min=1)] = 5,
) -> None:
    """Find passages, with their probability and why."""
    place: Place = context.obj
    sentences = place.sentences()
    index = read_index(place.folder, sentences.model)
    vector = sentences.embed([question])[0] if sentences.embed else None
    hits = index.find(question, vector, most=most)
    if not hits:
        raise _no_articles()
    for hit in hits:
        cited = hit.probability >= place.settings.knowledge.threshold
        fit, entry = hit.fit, hit.entry
        where = " > ".join(part for part in (entry.title, entry.passage.section) if part)
        typer.echo(f"{hit.probability:.2f}{' ' if cited else '-'} {entry.article}: {where}")
        typer.echo(
            f"      sense {fit.sense:.2f}, wording {fit.wording:.2f}, name {fit.name:.2f}"
        )
        typer.echo(f"      {entry.passage.text[:160]}")
    typer.echo("-: not likely enough to be cited")


@app.command()
def test(
    context: typer.Context,
    golden: Annotated[
        Path | None,
        typer.Argument(help="CSV of question and article; without it, the kept one."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Refuse changes that make it come out worse.")
    ] = False,
) -> None:
    """Ask the questions of a golden set: is the right article cited?"""
    place: Place = context.obj
    sentences = place.sentences()
    if golden is not None:
        questions = read_golden(golden.name, golden.read_bytes())
    else:
        with Library(place.folder / FILE) as library:
            questions = library.golden()
    index = read_index(place.folder, sentences.model)
    outcome = run(index, questions, sentences.embed, place.settings.knowledge.threshold)
    _tell_outcome(outcome)
    if keep:
        with changed(place.folder) as library, library.together():
            library.keep(questions, outcome.rights)
        typer.echo("Kept: changes that make it worse are refused from now on.")


def _folder_of(settings: Settings) -> Path:
    if not settings.knowledge.folder:
        raise KnowledgeError(
            "No file is named, and no folder is set.",
            fix="Name the files, or set [knowledge] folder.",
        )
    return Path(settings.knowledge.folder).expanduser()


def _read(path: Path) -> list[Article]:
    if not path.is_dir():
        return read_file(path)
    files = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
    return [article for file in files for article in read_file(file)]


def _no_articles() -> KnowledgeError:
    return KnowledgeError(
        "There are no articles yet.", fix="Add some: appliance kb add FILE..."
    )


def _show(library: Library, article: str) -> None:
    versions = library.versions(article)
    if not versions:
        raise KnowledgeError(f"There is no article {article}.", fix="See `kb list`.")
    newest = versions[0]
    typer.echo(f"{newest.title}\n")
    for passage in newest.passages:
        if passage.section:
            typer.echo(f"[{passage.section}]")
        typer.echo(f"{passage.text}\n")
    for version in versions:
        state = "current" if version.current else "past"
        typer.echo(f"version {version.version}  {version.changed:%Y-%m-%d %H:%M}  {state}")


def _tell(report: Report) -> None:
    for name, ids in (
        ("added", report.added),
        ("changed", report.changed),
        ("removed", report.removed),
    ):
        _tell_ids(name, ids)
    typer.echo(f"{report.same} are as they were.")
    if report.golden is not None:
        _tell_outcome(report.golden)


def _tell_ids(name: str, ids: Sequence[str]) -> None:
    if ids:
        shown = ", ".join(ids[:10]) + (", ..." if len(ids) > 10 else "")
        typer.echo(f"{len(ids)} {name}: {shown}")


def _tell_outcome(outcome: Outcome) -> None:
    for answer in outcome.answers:
        if not answer.right:
            wanted = answer.question.article or "nothing"
            typer.echo(
                f"{answer.question.question}\n    wanted {wanted}, shown "
                f"{answer.shown or 'nothing'}; best {', '.join(answer.best[:3])} "
                f"({answer.probability:.2f})"
            )
    count = len(outcome.answers)
    typer.echo(
        f"{outcome.rights} of {count} right, {outcome.wrongs} wrong ones shown; the right "
        f"article first for {outcome.found_among(1)}, among five for "
        f"{outcome.found_among(5)}."
    )
