"""What to buy: calls that another box carries, boxes for so many agents. No IO.

Assumptions, all of which `appliance capacity` prints: cores are worth what the engine's
ceiling measured on each; the engine grows with the cores, the server's loop does not; a
speech process has the same size everywhere.
"""

import math

from msgspec import Struct

from appliance.bench.capacity import LOOP_SHARE, Found
from appliance.errors import ApplianceError

# Calls that begin while the box reads as many as it can, and wait for room.
WAITING_SHARE = 0.01

MIB_PER_GIB = 1024
SYSTEM_GIB = 1.0  # the operating system, the record and the browser app


class Box(Struct, frozen=True, kw_only=True):
    """What a box of so many cores carries."""

    cores: int
    calls: int
    loop_calls: int | None  # what one server process could relay; None: as many as you like
    gib: float

    @property
    def bound_by_loop(self) -> bool:
        return self.calls == self.loop_calls


class Need(Struct, frozen=True, kw_only=True):
    """For so many agents."""

    agents: int
    traffic: float  # erlangs: calls at once, on average
    calls: int  # at once, that must be read
    boxes: int
    cores: int  # of each box
    gib: float  # of each box


def other_box(found: Found, cores: int, speed: float = 1.0) -> Box:
    """A box whose single cores are `speed` times as fast as those that were measured."""
    engine = found.calls * cores * speed / found.report.cores
    loop = loop_calls(found, speed)
    calls = math.floor(engine if loop is None else min(engine, loop))
    return Box(
        cores=cores, calls=calls, loop_calls=loop, gib=memory_gib(found, cores, calls)
    )


def loop_calls(found: Found, speed: float) -> int | None:
    """Calls for which the server's one loop is not too busy."""
    if found.server.each <= 0:
        return None
    room = LOOP_SHARE * speed - max(0.0, found.server.base)
    return max(0, math.floor(room / found.server.each))


def memory_gib(found: Found, cores: int, calls: int) -> float:
    """With a speech process for each core, and what each call adds."""
    measured = max(row.calls for row in found.rows)
    per_call = max(0.0, found.memory.each) if found.memory.points > 1 else 0.0
    at_measured = max(sum(row.peak_mib.values()) for row in found.rows)
    more_processes = found.speech_mib * (cores / found.report.cores - 1)
    mib = at_measured + more_processes + per_call * max(0, calls - measured)
    return SYSTEM_GIB + mib / MIB_PER_GIB


def need(found: Found, agents: int, on_call: float, speed: float = 1.0) -> Need:
    """What serves so many agents, each of whom talks for the share `on_call` of the time.

    Raises ApplianceError if the curve gives nothing to reckon with.
    """
    loop = loop_calls(found, speed)
    if not found.calls or loop == 0:
        raise ApplianceError(
            "The measured box does not carry a single call within the limit.",
            fix="Measure a faster box, or a smaller model, and reckon with that.",
        )
    traffic = agents * on_call
    calls = min(agents, lines_for(traffic, WAITING_SHARE))
    boxes = 1 if loop is None else max(1, math.ceil(calls / loop))
    each = math.ceil(calls / boxes)
    cores = math.ceil(each * found.report.cores / found.calls / speed)
    return Need(
        agents=agents,
        traffic=traffic,
        calls=calls,
        boxes=boxes,
        cores=cores,
        gib=memory_gib(found, cores, each),
    )


def erlang_b(traffic: float, lines: int) -> float:
    """Share of the calls that find all lines taken (A. K. Erlang, 1917: Poisson arrivals,
    what finds no line does not come again), by recursion over the lines, which needs no
    factorials."""
    blocked = 1.0
    for line in range(1, lines + 1):
        blocked = traffic * blocked / (line + traffic * blocked)
    return blocked


def lines_for(traffic: float, share: float) -> int:
    """The fewest lines at which no more than this share finds none free."""
    lines = 0
    while erlang_b(traffic, lines) > share and traffic > 0:
        lines += 1
    return lines
