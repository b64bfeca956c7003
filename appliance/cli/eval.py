"""`appliance eval`: how well the box does its work, on conversations nobody here wrote."""

import os
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
import typer

from appliance.cli.building import sentence_model
from appliance.errors import ApplianceError
from appliance.models.resolve import resolve
from appliance.settings import read_settings

# Which questions of a set are asked.
SEED = 17

Folder: TypeAlias = Annotated[
    Path, typer.Argument(help="Folder of the sets star, banking77 and dstc10_task2.")
]
Questions: TypeAlias = Annotated[int, typer.Option(help="At most.", min=1)]

app = typer.Typer(help="Measure what the box makes of labelled conversations.")


@app.callback(no_args_is_help=True)
def read_the_settings(
    context: typer.Context,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
) -> None:
    context.obj = read_settings(settings)


@app.command()
def sentiment(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(help="Folder of the `airline` and `meld` sets.")
    ],
    lines: Annotated[int, typer.Option(help="Lines of each set.", min=1)] = 400,
    seed: Annotated[int, typer.Option(help="Which lines.")] = 17,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write every figure.")
    ] = None,
) -> None:
    """How the customer's mood is read: by the model, and by the word list."""
    from appliance.eval.sentiment import evaluate, markdown  # loads the model's library

    advice = context.obj.advice
    models = Path(context.obj.models.dir).expanduser()
    model = resolve(models, advice.model, "language")
    rows = evaluate(
        folder, (advice.model, model.path), threads=advice.threads, lines=lines, seed=seed
    )
    typer.echo(markdown(rows), nl=False)
    if json_file is not None:
        json_file.write_bytes(msgspec.json.format(msgspec.json.encode(rows)) + b"\n")


@app.command()
def tweetsumm(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder of the `tweetsumm` set.")],
    lines: Annotated[int, typer.Option(help="Dialogues.", min=1)] = 60,
    seed: Annotated[int, typer.Option(help="Which dialogues.")] = 17,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write every figure.")
    ] = None,
) -> None:
    """How near drafts come to people's summaries, and whether anything is invented."""
    # Threads that spin while they wait take each other's time where others work, too: a
    # draft took 15 s and takes 2. As the worker has it; read when the library is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from appliance.eval.tweetsumm import evaluate, markdown  # loads the model's library

    advice = context.obj.advice
    models = Path(context.obj.models.dir).expanduser()
    model = resolve(models, advice.model, "language")
    rows = evaluate(
        folder,
        (advice.model, model.path),
        threads=advice.threads,
        dialogues=lines,
        seed=seed,
    )
    typer.echo(markdown(rows), nl=False)
    if json_file is not None:
        json_file.write_bytes(msgspec.json.format(msgspec.json.encode(rows)) + b"\n")


@app.command()
def languages(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(help="Folder with one of clips for each language.")
    ],
    clips: Annotated[int, typer.Option(help="Clips of each language.", min=1)] = 10,
    seed: Annotated[int, typer.Option(help="Which clips.")] = 17,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write every figure.")
    ] = None,
) -> None:
    """Word errors with the language set and found out, and how soon it is found."""
    try:
        from appliance.eval.languages import evaluate, markdown  # loads both models
    except ModuleNotFoundError as error:
        raise ApplianceError(
            f"This needs the Python package {error.name}.",
            fix="Install the extra: pip install 'appliance[bench]'.",
        ) from error

    speech = context.obj.speech
    model = resolve(Path(context.obj.models.dir).expanduser(), speech.model, "speech")
    report = evaluate(
        folder,
        model.path,
        floor_frames=model.context_floor_frames,
        threads=speech.threads,
        count=clips,
        seed=seed,
    )
    typer.echo(markdown(report), nl=False)
    if json_file is not None:
        json_file.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")


@app.command()
def dstc10(context: typer.Context, folder: Folder, questions: Questions = 1000) -> None:
    """Find answers to spoken questions, by whole calls through a recogniser."""
    _retrieval(context, "dstc10", folder, questions)


@app.command()
def banking77(context: typer.Context, folder: Folder, questions: Questions = 1000) -> None:
    """Find which of 77 kinds a bank customer's question is, by their names alone."""
    _retrieval(context, "banking77", folder, questions)


@app.command("star-task")
def star_task(context: typer.Context, folder: Folder, questions: Questions = 1000) -> None:
    """Find what a customer wants, by their first two messages."""
    _retrieval(context, "star-task", folder, questions)


def _retrieval(context: typer.Context, name: str, folder: Path, questions: int) -> None:
    from appliance.eval import retrieval  # loads the model's library
    from appliance.knowledge.bert import Bert

    model = sentence_model(context.obj)
    embed = Bert(model.path, threads=2).vectors if model else None
    drawn = retrieval.sample(retrieval.SETS[name](folder), questions, SEED)
    typer.echo(retrieval.markdown(retrieval.evaluate(drawn, embed)), nl=False)


@app.command()
def citations(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder of the calls, with references.")],
) -> None:
    """Whether advice rests on the right article at the right turn of a call."""
    from appliance.eval.citations import evaluate, markdown  # loads the model's library

    cited = evaluate(folder, sentence_model(context.obj), context.obj.knowledge)
    typer.echo(markdown(cited), nl=False)


@app.command()
def evi(
    folder: Annotated[Path, typer.Argument(help="Folder of the `evi` set.")],
) -> None:
    """What redaction leaves of names, postcodes and birth dates said on the telephone."""
    from appliance.eval.privacy import Answer, read_rows, spoken, spoken_table

    rows, cost = spoken(read_rows(folder, "evi", Answer))
    typer.echo(spoken_table(rows))
    typer.echo(
        f"A line takes {cost.p50_ms:.2f} ms, {cost.p99_ms:.2f} at p99, "
        f"{cost.most_ms:.2f} at most."
    )


@app.command()
def presidio(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder of the `presidio_synth`, `banking77`, `star` sets."),
    ],
    lines: Annotated[int, typer.Option(help="Harmless lines to make up.", min=1)] = 2000,
    seed: Annotated[int, typer.Option(help="Which lines.")] = 17,
) -> None:
    """What redaction finds of written personal data, and what it takes without need."""
    from appliance.eval.harmless import harmless, harmless_table, survived, taken_out
    from appliance.eval.privacy import Sentence, read_rows, written, written_table

    typer.echo(written_table(written(read_rows(folder, "presidio_synth", Sentence))))
    made = list(harmless(lines, seed))
    typer.echo(harmless_table(lines, survived(made), taken_out(folder)), nl=False)


@app.command("star-actions")
def star_actions(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder of the STAR set.")],
    engine: Annotated[
        Literal["classifier", "language"],
        typer.Option(help="Learnt from other calls, or the language model alone."),
    ] = "classifier",
    calls: Annotated[int, typer.Option(help="Calls for the language model.", min=1)] = 40,
    seed: Annotated[int, typer.Option(help="Which calls.")] = 17,
) -> None:
    """How well the agent's next action is told."""
    from appliance.eval import star_language
    from appliance.eval.star import read_star
    from appliance.eval.star_actions import evaluate, markdown

    star = read_star(folder)
    if engine == "classifier":
        rows = evaluate(star)
    else:
        advice = context.obj.advice
        models = Path(context.obj.models.dir).expanduser()
        model = resolve(models, advice.model, "language").path
        rows = [
            star_language.evaluate(
                star, model, threads=advice.threads, calls=calls, seed=seed
            )
        ]
    typer.echo(markdown(rows), nl=False)
