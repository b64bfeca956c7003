"""Calls as rows of a table."""

from collections.abc import Sequence
from datetime import tzinfo

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
