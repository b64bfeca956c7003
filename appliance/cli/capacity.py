"""`appliance capacity`: what a measured curve says about other boxes and about agents."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from appliance.bench.capacity import FIT_POINTS, LOOP_SHARE, Found, Report, examine
from appliance.bench.sizing import WAITING_SHARE, Box, Need, need, other_box
from appliance.errors import ApplianceError

CORES = (2, 4, 8, 16, 32, 64)
AGENTS = "10,25,50,100,200"

# Longer than that at a stretch and agents burn out; most centres plan with 80 to 85 %.
OCCUPANCY = 0.85
# Of the time that a call takes an agent; the rest is writing it up, when nobody talks.
TALK = 0.8


def capacity(
    files: Annotated[list[Path], typer.Argument(help="From `appliance bench --json`.")],
    limit: Annotated[
        float, typer.Option(help="Delay that 95 % must keep, in s.", min=0.1)
    ] = 2.0,
    agents: Annotated[str, typer.Option(help="Numbers of agents.")] = AGENTS,
    occupancy: Annotated[
        float, typer.Option(help="Share of the time that agents have a call.", min=0, max=1)
    ] = OCCUPANCY,
    talk: Annotated[
        float, typer.Option(help="Share of that in which people talk.", min=0, max=1)
    ] = TALK,
    speed: Annotated[
        float, typer.Option(help="The other box's cores, in these cores.", min=0.01)
    ] = 1.0,
    other: Annotated[
        Path | None,
        typer.Option(help="Take it from a `bench --ceiling --json` of the other box."),
    ] = None,
) -> None:
    """How many calls boxes carry, and what to buy for so many agents."""
    numbers = _numbers(agents)
    for file in files:
        report = read_report(file)
        found = examine(report, limit)
        times = speed if other is None else _speed_of(read_report(other), report, file)
        typer.echo(f"{file}: {_of(report)}")
        for line in _findings(found, limit):
            typer.echo(f"  {line}")
        if found.calls:
            for line in _boxes(found, times):
                typer.echo(f"  {line}")
            for line in _agents(found, numbers, occupancy, talk, times):
                typer.echo(f"  {line}")
        typer.echo()


def read_report(file: Path) -> Report:
    """Raises ApplianceError for what is not a report of the bench."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Report)
    except (OSError, msgspec.DecodeError) as error:
        raise ApplianceError(
            f"{file} is not a report of the bench: {error}.",
            fix="Make one: appliance bench --json FILE, or scripts/bench/run.",
        ) from error


def _numbers(agents: str) -> list[int]:
    numbers = [n.strip() for n in agents.split(",")]
    if not all(n.isdecimal() and int(n) > 0 for n in numbers):
        raise ApplianceError(
            f"{agents!r} is not a list of numbers of agents.", fix="Write it like 10,50."
        )
    return [int(n) for n in numbers]


def _speed_of(other: Report, report: Report, file: Path) -> float:
    if other.core_speed is None or report.core_speed is None:
        raise ApplianceError(
            f"{file} or the other box's report has no ceiling to compare by.",
            fix="Measure both with `appliance bench --ceiling --json FILE`.",
        )
    return other.core_speed / report.core_speed


def _of(report: Report) -> str:
    without = report.environ.get("APPLIANCE_ADVICE_ENABLED") == "false"
    advice = "without advice" if without else "with advice"
    said = [
        advice,
        f"{report.cores} cores ({report.processor})",
        report.speech,
        report.when,
    ]
    return "; ".join(part for part in said if part)


def _findings(found: Found, limit: float) -> Iterator[str]:
    low, high = found.range
    spread = f"; {low} to {high} with any one point left out" if low != high else ""
    yield f"Calls that it carries with 95 % within {limit:g} s: {found.calls}{spread}."
    beyond = f"{found.too_many} not" if found.too_many else "more was not measured"
    yield f"Measured: {found.most} within, {beyond}."
    if found.left_out:
        calls = ", ".join(map(str, found.left_out))
        yield f"Left out, as the generator was late or calls were not read: {calls}."
    if found.delay is None:
        yield f"Delay: not fitted, which needs {FIT_POINTS} numbers of calls."
    else:
        fit = found.delay
        yield (
            f"Delay: {fit.base_s:.2f} s + {fit.wait_s:.2f} s x u / (1 - u), "
            f"u = calls / {fit.full:.1f}; error {100 * fit.error:.0f} %."
        )
    for name, line, unit in (
        ("CPU", found.cores, "cores"),
        ("Server alone", found.server, "cores"),
        ("Memory", found.memory, "MiB"),
    ):
        if line.points < 2:
            yield f"{name}: {line.each:.3g} {unit} for each call; one point, so no fit."
            continue
        yield (
            f"{name}: {line.base:.4g} {unit} + {line.each:.3g} for each call; "
            f"error {line.error:.2g} {unit} over {line.points} points."
        )
    if found.power is not None:
        yield (
            f"CPU grows with the {found.power:.2f}th power of the calls: "
            f"{_growth(found.power)}."
        )
    costs = ", ".join(f"{r.calls}: {r.cores / r.calls:.3f}" for r in found.rows)
    yield f"CPU s for each s of a call, by calls: {costs}."


def _growth(power: float) -> str:
    if power > 1.05:
        return "each further call costs more than those before"
    return "each further call costs less" if power < 0.95 else "each call costs the same"


def _boxes(found: Found, speed: float) -> Iterator[str]:
    yield ""
    yield f"Another box, whose single cores are {speed:.2f} times as fast:"
    yield "| cores | calls | GiB | bound by |"
    yield "|---|---|---|---|"
    for cores in CORES:
        yield _box_row(other_box(found, cores, speed))


def _box_row(box: Box) -> str:
    bound = "the server's loop" if box.bound_by_loop else "cores"
    return f"| {box.cores} | {box.calls} | {box.gib:.1f} | {bound} |"


def _agents(
    found: Found, numbers: list[int], occupancy: float, talk: float, speed: float
) -> Iterator[str]:
    yield ""
    yield (
        f"To buy, where agents have a call {100 * occupancy:.0f} % of the time and talk in "
        f"{100 * talk:.0f} % of that, and {100 * WAITING_SHARE:.0f} % of the calls may "
        "wait to be read (Erlang B):"
    )
    yield "| agents | calls on average | calls to read | boxes | cores each | GiB each |"
    yield "|---|---|---|---|---|---|"
    for number in numbers:
        yield _need_row(need(found, number, occupancy * talk, speed))
    yield ""
    yield (
        "Assumed: calls grow with the cores and their speed, as the engine's ceiling does; "
        f"the server's loop is one core, of which it may use {100 * LOOP_SHARE:.0f} %; a "
        "speech process for each core; calls come by chance, and not in waves."
    )


def _need_row(need: Need) -> str:
    return (
        f"| {need.agents} | {need.traffic:.1f} | {need.calls} | {need.boxes} "
        f"| {need.cores} | {need.gib:.1f} |"
    )
