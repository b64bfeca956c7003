"""What a measured curve says about other numbers: of calls, of cores, of agents. No IO.

Three things are fitted, and each fit carries its error:

- cores and memory over calls: a straight line, by least squares;
- how the cost grows: the power of the calls that the cores grow with (1: each further call
  costs what the others did; less: it costs less);
- the 95th percentile of delays over calls: `base + wait * u / (1 - u)` with `u = calls /
  full`, the shape of the simplest queue (M/M/1; L. Kleinrock, Queueing Systems, volume 1,
  1975): its delay has a pole where the engine is busy all the time. All three numbers are
  fitted, none is assumed.

Where the curve has a measured point on both sides of the limit, a fit only says where
between them; where it does not, nothing beyond the last measured point is promised.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

from appliance.errors import ApplianceError

# Turns without a final. Whisper hears nothing in some short ones at any load; more than
# this means that a call was not read, and its delays say nothing.
LOST_SHARE = 0.03
LOST_TURNS = 2  # so many in a short run are still chance

# A delay that is much longer than the limit depends on how long one has measured: its queue
# grew all the time.
USABLE = 3.0

# Most of its one core that the server's loop may use; above it, relayed sound waits.
LOOP_SHARE = 0.7

# Three numbers go through any three points; a fourth one tells whether they fit.
FIT_POINTS = 4

# Where the pole is looked for, as a multiple of the most calls that were measured.
POLES = np.geomspace(1.01, 10.0, 120)


class Delay(Struct, frozen=True, kw_only=True):
    p95: float | None = None  # s; null: nothing was measured


class Row(Struct, frozen=True, kw_only=True):
    """One number of calls, as `appliance bench --json` writes it; the rest is ignored."""

    calls: int
    valid: bool
    final_s: Delay
    first_advice_s: Delay
    turns: int
    turns_lost: int
    cpu: dict[str, float]  # CPU s for each s of a call, by process
    peak_mib: dict[str, float]

    @property
    def slowest_s(self) -> float:
        """The promise that is hardest to keep: 95 % of finals, and of first advice."""
        return max(self.final_s.p95 or 0.0, self.first_advice_s.p95 or 0.0)

    @property
    def usable(self) -> bool:
        """The generator kept its pace, something was said, and every call was read."""
        measured = self.valid and self.calls > 0 and self.final_s.p95 is not None
        return measured and self.read

    @property
    def read(self) -> bool:
        """What was said in every call was transcribed."""
        return self.turns_lost <= max(LOST_TURNS, LOST_SHARE * self.turns)

    @property
    def cores(self) -> float:
        return self.calls * sum(self.cpu.values())


class EngineCeiling(Struct, frozen=True, kw_only=True):
    call_s: float
    engine_s: float


class Report(Struct, frozen=True, kw_only=True):
    """A file of `appliance bench --json`."""

    cores: int
    levels: list[Row]
    processor: str = ""
    when: str = ""
    speech: str = ""  # what it runs on
    environ: dict[str, str] = {}
    ceiling: EngineCeiling | None = None

    @property
    def core_speed(self) -> float | None:
        """Calls that one core's engine could read if it did nothing else."""
        if self.ceiling is None or self.ceiling.engine_s <= 0:
            return None
        return self.ceiling.call_s / self.ceiling.engine_s / self.cores


class Line(Struct, frozen=True):
    """`base + each * calls`."""

    base: float
    each: float
    error: float  # root mean square of what the line misses the points by
    points: int

    def at(self, calls: float) -> float:
        return self.base + self.each * calls


class Queue(Struct, frozen=True):
    """`base_s + wait_s * u / (1 - u)`, `u = calls / full`."""

    base_s: float
    wait_s: float
    full: float
    error: float  # root mean square, as a share of the measured delay

    def at(self, calls: float) -> float:
        u = calls / self.full
        return self.base_s + self.wait_s * u / (1 - u) if u < 1 else math.inf

    def calls_at(self, limit_s: float) -> float:
        """Where the delay reaches the limit; infinite if it never does."""
        room = limit_s - self.base_s
        if room <= 0:
            return 0.0
        return self.full * room / (room + self.wait_s) if self.wait_s > 0 else math.inf


class Found(Struct, frozen=True, kw_only=True):
    """What one curve comes to."""

    report: Report
    rows: list[Row]  # the usable ones, by calls
    left_out: list[int]  # calls of the others
    most: int  # calls, measured within the limit; 0: not even one call is
    too_many: int | None  # calls, measured beyond it; None: the curve ends before
    calls: int  # what the box carries, by all that is known
    range: tuple[int, int]  # the same with any one point left out
    delay: Queue | None  # None: too few points to fit
    cores: Line
    server: Line  # cores of the one process that is not multiplied
    memory: Line  # MiB
    speech_mib: float  # of the speech processes, which grow with the cores
    power: float | None  # of the calls, that the cores grow with


def examine(report: Report, limit_s: float) -> Found:
    """Raises ApplianceError if no row of the report can be used."""
    rows = sorted((row for row in report.levels if row.usable), key=lambda row: row.calls)
    if not rows:
        raise ApplianceError(
            "The report has no number of calls that was measured well: the generator was "
            "late, or calls were not read.",
            fix="Run `appliance bench --json FILE` on a machine that does nothing else.",
        )
    left_out = [row for row in report.levels if not row.usable]
    most, too_many = _bracket(rows, left_out, limit_s)
    calls = _carried(rows, most, too_many, limit_s)
    others = [[*rows[:n], *rows[n + 1 :]] for n in range(len(rows))]
    without = [_carried(rest, most, too_many, limit_s) for rest in others if rest]
    return Found(
        report=report,
        rows=rows,
        left_out=[row.calls for row in left_out],
        most=most,
        too_many=too_many,
        calls=calls,
        range=(min([calls, *without]), max([calls, *without])),
        delay=_queue(rows, limit_s),
        cores=_line(rows, lambda row: row.cores),
        server=_line(rows, lambda row: row.calls * row.cpu.get("server", 0.0)),
        memory=_line(rows, lambda row: sum(row.peak_mib.values())),
        speech_mib=max(row.peak_mib.get("speech", 0.0) for row in rows),
        power=_power(rows),
    )


def _bracket(
    rows: Sequence[Row], left_out: Sequence[Row], limit_s: float
) -> tuple[int, int | None]:
    """The most calls within the limit, and the fewest beyond it."""
    beyond = [row.calls for row in rows if row.slowest_s > limit_s]
    # A call that was not read is beyond what the box carries, whatever the others' delay.
    beyond += [row.calls for row in left_out if row.valid and not row.read]
    too_many = min(beyond, default=None)
    within = [
        row.calls
        for row in rows
        if row.slowest_s <= limit_s and (too_many is None or row.calls < too_many)
    ]
    return max(within, default=0), too_many


def _carried(rows: Sequence[Row], most: int, too_many: int | None, limit_s: float) -> int:
    """The fit decides within the bracket, and nowhere else."""
    fit = _queue(rows, limit_s)
    if fit is None or too_many is None:
        return most
    return max(most, math.floor(min(fit.calls_at(limit_s), too_many - 1)))


def _line(rows: Sequence[Row], value: Callable[[Row], float]) -> Line:
    """One point gives no slope: then all is taken to grow with the calls."""
    calls = np.array([row.calls for row in rows], float)
    values = np.array([value(row) for row in rows])
    if len(set(calls)) < 2:
        return Line(0.0, float(values.mean() / calls.mean()), 0.0, len(rows))
    (base, each), *_ = np.linalg.lstsq(np.stack([np.ones_like(calls), calls], 1), values)
    missed = values - (base + each * calls)
    return Line(float(base), float(each), float(np.sqrt((missed**2).mean())), len(rows))


def _power(rows: Sequence[Row]) -> float | None:
    points = [(row.calls, row.cores) for row in rows if row.cores > 0]
    if len({calls for calls, _ in points}) < 2:
        return None
    calls, cores = np.log(np.array(points, float)).T
    return float(np.polyfit(calls, cores, 1)[0])


def _queue(rows: Sequence[Row], limit_s: float) -> Queue | None:
    """Least squares of the relative error: a tenth matters as much at 0.5 s as at 2 s."""
    points = [(r.calls, r.slowest_s) for r in rows if 0 < r.slowest_s <= USABLE * limit_s]
    if len({calls for calls, _ in points}) < FIT_POINTS:
        return None
    calls, delays = np.array(points, float).T
    fits = [_with_pole(calls, delays, float(calls.max() * pole)) for pole in POLES]
    return min(fits, key=lambda fit: fit.error)


def _with_pole(
    calls: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    delays: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    full: float,
) -> Queue:
    u = calls / full
    shape = u / (1 - u)
    terms = np.stack([1 / delays, shape / delays], 1)
    (base, wait), *_ = np.linalg.lstsq(terms, np.ones_like(delays))
    if wait < 0:  # noise on a flat curve: a queue never gets shorter by more calls
        base, wait = 1 / np.mean(1 / delays), 0.0
    elif base < 0:
        base, wait = 0.0, (terms[:, 1]).sum() / (terms[:, 1] ** 2).sum()
    missed = terms @ np.array([base, wait]) - 1
    return Queue(float(base), float(wait), full, float(np.sqrt((missed**2).mean())))
