"""Calls and figures as rows of tables."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from appliance.reporting.figures import Figure, Group, MeasureInfo, Metrics
from appliance.sheets.table import Cell, Column
from appliance.store.rows import SessionRow

# What the list of calls shows; not the summary, which is for whoever opens the call.
CALLS = (
    Column("call"),
    Column("started", "time"),
    Column("ended", "time"),
    Column("seconds", "number"),
    Column("state"),
    Column("ended_by"),
    Column("agent"),
    Column("customer"),
    Column("concern"),
    Column("queue"),
    Column("outcome"),
    Column("mood"),
    Column("mood_score", "number"),
    Column("mood_trend"),
    Column("alerts", "number"),
    Column("language"),
    Column("lines", "number"),
)

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


def call_rows(calls: Sequence[SessionRow], zone: tzinfo) -> list[tuple[Cell, ...]]:
    """Times as the clock of the site shows them."""
    return [_call(call, zone) for call in calls]


def _call(call: SessionRow, zone: tzinfo) -> tuple[Cell, ...]:
    ended = call.ended
    return (
        call.call_id,
        call.started.astimezone(zone),
        ended and ended.astimezone(zone),
        None if ended is None else round((ended - call.started).total_seconds(), 1),
        call.status,
        call.reason,
        call.agent,
        call.customer,
        call.concern,
        call.queue,
        call.outcome,
        call.mood,
        call.call_score,
        call.trend,
        len(call.alerts),
        call.language,
        call.turns,
    )


def figure_rows(metrics: Metrics) -> list[tuple[Cell, ...]]:
    """One for each figure that is known, of the whole period and of each part of it."""
    return [
        (since, until, metrics.by, *row)
        for measure in metrics.measures
        if not measure.hidden
        for group in metrics.groups
        for since, until, figure in _figures(metrics, group, measure.name)
        for row in [_figure(measure, group, figure)]
        if figure.value is not None
    ]


def _figures(
    metrics: Metrics, group: Group, name: str
) -> Iterator[tuple[datetime, datetime, Figure]]:
    yield metrics.since, metrics.until, group.figures[name]
    ends = (*metrics.starts[1:], metrics.until)
    series = group.series.get(name, ())
    for since, until, figure in zip(metrics.starts, ends, series, strict=False):
        if figure is not None:
            yield since, until, figure


def _figure(measure: MeasureInfo, group: Group, figure: Figure) -> tuple[Cell, ...]:
    return (
        group.name or group.id,
        measure.name,
        measure.title,
        figure.value,
        measure.unit,
        figure.n,
        measure.counted,
        "yes" if figure.provisional else "",
        measure.formula,
        measure.source,
    )
