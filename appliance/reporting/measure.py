"""A measure: what it is called, how it comes from sums, and what may be said of it."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from appliance.reporting.figures import Better, Figure, MeasureInfo, Unit
from appliance.store.adding import Part
from appliance.store.counted import Counted
from appliance.store.sums import Found

Compute: TypeAlias = Callable[[Found], Figure]


class Measure(NamedTuple):
    info: MeasureInfo
    part: Part  # the question it needs
    of: Compute


def share(part: float, whole: float) -> Figure:
    """In percent."""
    return Figure(value=100 * part / whole if whole else None, n=whole)


def mean(total: float, count: float, scale: float = 1.0) -> Figure:
    return Figure(value=scale * total / count if count else None, n=count)


def count(number: float) -> Figure:
    return Figure(value=number, n=number)


def percentile(value: float | None, count: float, scale: float = 1.0) -> Figure:
    known = value is not None and count > 0
    return Figure(value=scale * value if known and value is not None else None, n=count)


def measure(
    name: str,
    group: str,
    title: str,
    unit: Unit,
    of: Compute,
    *,
    formula: str,
    source: str,
    counted: str = "calls",
    part: Part = "calls",
    better: Better = "",
    hidden: str = "",
    behind: Counted | None = "calls",
) -> Measure:
    info = MeasureInfo(
        name=name,
        group=group,
        title=title,
        unit=unit,
        formula=formula,
        source=source,
        counted=counted,
        better=better,
        hidden=hidden,
        sessions=None if behind is None else {"counted": behind},
    )
    return Measure(info, part, of)
