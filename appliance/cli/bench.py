"""`appliance bench`: how many calls this machine carries, how late and how right."""

import os
import platform
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import anyio
import msgspec
import typer

from appliance import __version__
from appliance.errors import ApplianceError

if TYPE_CHECKING:
    from appliance.bench.run import Plan

NO_ADVICE = {"APPLIANCE_ADVICE_ENABLED": "false"}


def bench(
    folder: Annotated[
        Path, typer.Argument(help="Recordings with references: CALL.flac, CALL.json.")
    ],
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
    plan = Plan(
        recordings=read_set(folder),
        seconds=seconds,
        arguments=["--settings", str(settings.resolve())] if settings else [],
        environ={} if advice else NO_ADVICE,
    )
    anyio.run(_run, plan, _numbers(calls), repeat, json_file, markdown_file)


def _numbers(calls: str | None) -> list[int] | None:
    if calls is None:
        return None
    numbers = [int(n) for n in calls.split(",") if n.strip().isdecimal() and int(n) > 0]
    if len(numbers) != len(calls.split(",")):
        raise ApplianceError(
            f"{calls!r} is not a list of numbers of calls.", fix="Write it like 1,4,12."
        )
    return numbers


async def _run(
    plan: "Plan",
    calls: list[int] | None,
    repeat: int,
    json_file: Path | None,
    markdown_file: Path | None,
) -> None:
    from appliance.bench.run import curve
    from appliance.bench.table import markdown, summary

    rows = []
    async with aclosing(curve(plan, calls, repeat)) as levels:
        async for level in levels:
            rows.append(summary(level))
            typer.echo(
                markdown(rows[-1:]) if len(rows) == 1 else markdown(rows).splitlines()[-1]
            )
            if json_file is not None:
                report = {**_machine(plan), "levels": rows}
                text = msgspec.json.format(msgspec.json.encode(report), indent=1)
                await anyio.Path(json_file).write_bytes(text + b"\n")
    if markdown_file is not None:
        await anyio.Path(markdown_file).write_text(markdown(rows))


def _machine(plan: "Plan") -> dict[str, object]:
    return {
        "appliance": __version__,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "recordings": plan.recordings.names,
        "environ": dict(plan.environ),
    }
