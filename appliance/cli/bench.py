"""`appliance bench`: how many calls this machine carries, how late and how right."""

import os
import platform
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import anyio
import msgspec
import typer

from appliance import __version__
from appliance.cli.building import build_models
from appliance.errors import ApplianceError
from appliance.replay.samples import every_sample
from appliance.settings import read_settings
from appliance.transcriber import cuda
from appliance.transcriber.placement import place

if TYPE_CHECKING:
    from appliance.bench.ceiling import Ceiling
    from appliance.bench.run import Plan
    from appliance.bench.table import Summary

NO_ADVICE = {"APPLIANCE_ADVICE_ENABLED": "false"}
# References have every word, so the box is to tell what it hears.
AS_HEARD = {"APPLIANCE_PRIVACY_REDACT": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    plan: "Plan"
    speech: str  # what it runs on
    calls: list[int] | None
    repeat: int
    ceiling: "Ceiling | None"
    json_file: Path | None
    markdown_file: Path | None


def bench(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Recordings with references, CALL.flac and CALL.json; else the samples."
        ),
    ] = None,
    calls: Annotated[
        str | None,
        typer.Option(help="Numbers of calls, such as 1,4,12; else up to the limit."),
    ] = None,
    repeat: Annotated[int, typer.Option(help="Runs of each number, pooled.", min=1)] = 1,
    seconds: Annotated[
        float | None,
        typer.Option(help="Measure for so long; else whole rounds of the set.", min=5),
    ] = None,
    advice: Annotated[
        bool, typer.Option("--advice/--no-advice", help="With the language model.")
    ] = True,
    ceiling: Annotated[
        bool, typer.Option("--ceiling", help="First, what the models do without hurry.")
    ] = False,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write every figure.")
    ] = None,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", help="Write the table.")
    ] = None,
) -> None:
    """Measure simultaneous calls at real speed on a server that is started for this."""
    try:
        from appliance.bench.run import Plan, read_set
    except ModuleNotFoundError as error:
        raise ApplianceError(
            f"The bench needs the Python package {error.name}.",
            fix="Install the extra: pip install 'appliance[bench]'.",
        ) from error
    numbers = _numbers(calls)
    recordings = read_set(folder or every_sample()[0].path.parent)
    chosen = read_settings(settings)
    limit = None
    if ceiling:
        from appliance.bench.ceiling import measure_ceiling

        pairs = list(zip(recordings.recordings, recordings.turns, strict=True))
        limit = anyio.run(measure_ceiling, pairs, chosen, build_models(chosen))
    plan = Plan(
        recordings=recordings,
        seconds=seconds,
        arguments=["--settings", str(settings.resolve())] if settings else [],
        environ=AS_HEARD if advice else AS_HEARD | NO_ADVICE,
    )
    job = Job(
        plan=plan,
        speech=str(place(chosen.speech, cuda.machine())),
        calls=numbers,
        repeat=repeat,
        ceiling=limit,
        json_file=json_file,
        markdown_file=markdown_file,
    )
    anyio.run(_run, job)


def _numbers(calls: str | None) -> list[int] | None:
    if calls is None:
        return None
    numbers = [int(n) for n in calls.split(",") if n.strip().isdecimal() and int(n) > 0]
    if len(numbers) != len(calls.split(",")):
        raise ApplianceError(
            f"{calls!r} is not a list of numbers of calls.", fix="Write it like 1,4,12."
        )
    return numbers


async def _run(job: Job) -> None:
    from appliance.bench.run import curve
    from appliance.bench.table import ceiling_line, markdown, summary

    rows: list[Summary] = []
    last_words = "" if job.ceiling is None else f"\n{ceiling_line(job.ceiling)}\n"
    typer.echo(last_words, nl=False)
    async with aclosing(curve(job.plan, job.calls, job.repeat)) as levels:
        async for level in levels:
            rows.append(summary(level))
            whole = markdown(rows)
            typer.echo(
                whole if len(rows) == 1 else whole.splitlines()[-1], nl=len(rows) > 1
            )
            # After each number: a long run that is broken off has not been for nothing.
            await _write(job.json_file, _report(job, rows))
            await _write(job.markdown_file, (whole + last_words).encode())


async def _write(file: Path | None, content: bytes) -> None:
    if file is not None:
        await anyio.Path(file).write_bytes(content)


def _report(job: Job, rows: "list[Summary]") -> bytes:
    report = {
        "appliance": __version__,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "speech": job.speech,
        "python": platform.python_version(),
        "recordings": job.plan.recordings.names,
        "environ": dict(job.plan.environ),
        "ceiling": job.ceiling,
        "levels": rows,
    }
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"
