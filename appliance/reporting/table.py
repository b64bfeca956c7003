"""Figures as rows of a table."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from appliance.reporting.figures import Figure, Group, MeasureInfo, Metrics
from appliance.sheets.table import Cell, Column

FIGURES = (
    Column("from", "time"),
    Column("to", "time"),
    Column("by"),
    Column("of"),
    Column("measure"),
    Column("title"),
    Column("value", "number"),
    Column("unit"),
    Column("n", "number"),
    Column("n_counts"),
    Column("provisional"),
    Column("formula"),
    Column("source"),
)


class Told(NamedTuple):
    """A figure that is known, of the whole period or of a `part` of it."""

    since: datetime
    until: datetime
    part: bool
    measure: MeasureInfo
    group: Group
    figure: Figure


def known_figures(metrics: Metrics) -> list[Told]:
    """By measure and group, the whole period before its parts."""
    return [
        Told(since, until, part, measure, group, figure)
        for measure in metrics.measures
        if not measure.hidden
        for group in metrics.groups
        for since, until, part, figure in _figures(metrics, group, measure.name)
        if figure.value is not None
    ]


def figure_rows(metrics: Metrics) -> list[tuple[Cell, ...]]:
    """The same, each as one row."""
    return [_row(metrics, told) for told in known_figures(metrics)]


def _figures(
    metrics: Metrics, group: Group, name: str
) -> Iterator[tuple[datetime, datetime, bool, Figure]]:
    yield metrics.since, metrics.until, False, group.figures[name]
    ends = (*metrics.starts[1:], metrics.until)
    series = group.series.get(name, ())
    for since, until, figure in zip(metrics.starts, ends, series, strict=False):
        if figure is not None:
            yield since, until, True, figure


def _row(metrics: Metrics, told: Told) -> tuple[Cell, ...]:
    return (
        told.since,
        told.until,
        metrics.by,
        told.group.name or told.group.id,
        told.measure.name,
        told.measure.title,
        told.figure.value,
        told.measure.unit,
        told.figure.n,
        told.measure.counted,
        "yes" if told.figure.provisional else "",
        told.measure.formula,
        told.measure.source,
    )
