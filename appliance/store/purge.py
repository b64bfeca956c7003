"""What keeping and erasing ask of the record, in SQL: what there is, and what is changed.

Each `Statements` is one transaction of the thread that writes, of a few ms.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.json import encode

Statements: TypeAlias = list[tuple[str, Sequence[object] | Mapping[str, object]]]

# So many events are changed at once: 4 ms.
BATCH = 200

ENDED = "SELECT call_id, n, started, ended FROM session ORDER BY n"

QUEUES = """
SELECT call_id, arg_max(payload->>'$.queue', n) FROM event
WHERE kind = 'joined' AND (payload->>'$.queue') <> '' GROUP BY call_id
"""

# The last word on who it was.
CUSTOMERS = """
SELECT call_id, arg_max(coalesce(payload->>'$.card.id', ''), n) FROM event
WHERE kind = 'customer' GROUP BY call_id
"""

CUSTOMER_OF = """
SELECT coalesce(payload->>'$.card.id', '') FROM event
WHERE kind = 'customer' AND call_id = ? ORDER BY n DESC LIMIT 1
"""

# Everybody who was ever shown in a call, but whoever it was in the end.
MENTIONS = """
SELECT call_id, n, list_append(payload->>'$.candidates[*].id', payload->>'$.card.id')
FROM event WHERE kind = 'customer' AND (
    (payload->>'$.card.id') IS NOT NULL OR len(payload->>'$.candidates[*].id') > 0
) ORDER BY n
"""

# `person` is more than `said`, and comes before it.
PURGED = """
SELECT call_id, min(payload->>'$.what') FROM event WHERE kind = 'purged' GROUP BY call_id
"""

EVENTS = """
SELECT n, seq, at_ms, kind, payload FROM event WHERE n >= ? AND call_id = ? ORDER BY n
"""

# What agents were doing is of no call.
STAFF_EVENTS = "SELECT n FROM event WHERE call_id = '' AND wall < ? ORDER BY n"

EVENTS_AT = "SELECT n, kind, payload FROM event WHERE n IN (SELECT unnest(?))"

HOLDS = """
SELECT id, kind, subject, reason, placed_by, placed, until FROM hold ORDER BY placed, id
"""

ERASED = "SELECT id FROM erased"

RESIDUE = "SELECT coalesce(sum(rows), 0) FROM residue"

_REWRITE = """
UPDATE event SET payload = fresh.payload FROM (
    SELECT unnest(from_json(?, '[{"n": "BIGINT", "payload": "VARCHAR"}]'),
        recursive := true)
) fresh
WHERE event.n = fresh.n AND event.n BETWEEN ? AND ?
"""

# Every column of text of `session` and `measured` has its place here (a test sees to it).
TEXT_KEPT: Mapping[str, tuple[str, ...]] = {
    "session": (
        *("call_id", "status", "reason", "agent", "language", "staff"),
        *("queue", "mood", "trend", "alerts"),
    ),
    "measured": (
        *("call_id", "queue", "agent", "agent_name"),
        *("reason", "drafted", "trend"),
    ),
}
# Its words are no longer found; the agent's name is, by its own column.
TEXT_EMPTIED: Mapping[str, Mapping[str, str]] = {
    "session": {
        "concern": "''",
        "summary": "''",
        "texts": "'[]'",
        "words": "''",
        "grams": "bitstring('0', 4096)",
        "fours": "bitstring('0', 4096)",
    },
    "measured": {},
}
# Depending on what may stay.
TEXT_GIVEN: Mapping[str, str] = {
    "customer": "CASE WHEN $keep_name THEN customer ELSE '' END",
    "outcome": "CASE WHEN outcome = '' OR list_contains($outcomes, outcome) THEN outcome"
    " ELSE $gone END",
}
# Of other tables: nothing in them is of a customer.
OTHERS = (
    *("schema_version", "settled", "agent_now", "agent_time"),
    *("hold", "erased", "residue"),
)


def _emptied(table: str) -> str:
    changes = {**TEXT_EMPTIED[table], **TEXT_GIVEN}
    values = ", ".join(f"{name} = {value}" for name, value in changes.items())
    return f"UPDATE {table} SET {values} WHERE n = $n"  # noqa: S608 - ours


_REMOVE = """
DELETE FROM event WHERE n BETWEEN $first AND $last AND list_contains($all, n)
"""

_RESIDUE = "INSERT INTO residue VALUES (?, ?)"


class Left(Struct, frozen=True):
    """What an event is to be from now on; JSON."""

    n: int
    payload: str


def rewritten(events: Sequence[Left], now: datetime) -> Statements:
    """`events` in order of `n`, at least one, at most BATCH."""
    first, last = events[0].n, events[-1].n
    rows = encode(events).decode()
    return [(_REWRITE, [rows, first, last]), (_RESIDUE, [_stored(now), len(events)])]


def emptied(
    n: int, outcomes: Sequence[str], gone: str, now: datetime, *, keep_name: bool
) -> Statements:
    """The rows of a call, without what was said; `outcomes` may stay."""
    values = {"n": n, "outcomes": list(outcomes), "gone": gone, "keep_name": keep_name}
    return [
        *((_emptied(table), values) for table in TEXT_EMPTIED),
        (_RESIDUE, [_stored(now), 1]),
    ]


def removed(events: Sequence[int], now: datetime) -> Statements:
    """Events at these positions, in order; at least one, at most BATCH."""
    known = {"first": events[0], "last": events[-1], "all": list(events)}
    return [
        (_REMOVE, known),
        (_RESIDUE, [_stored(now), len(events)]),
    ]


def unlisted(n: int, now: datetime) -> Statements:
    """The rows of the call whose first event was there."""
    return [
        ("DELETE FROM measured WHERE n = ?", [n]),
        ("DELETE FROM session WHERE n = ?", [n]),
        (_RESIDUE, [_stored(now), 1]),
    ]


def forgotten_times(before: datetime, now: datetime) -> Statements:
    """What agents were doing until then."""
    return [
        ("DELETE FROM agent_time WHERE until < ?", [_stored(before)]),
        (_RESIDUE, [_stored(now), 1]),
    ]


def held(values: Mapping[str, Any]) -> Statements:
    row = [_stored(one) if isinstance(one, datetime) else one for one in values.values()]
    columns, places = ", ".join(values), ", ".join("?" * len(row))
    return [(f"INSERT INTO hold ({columns}) VALUES ({places})", row)]  # noqa: S608 - ours


def released(hold_id: str, now: datetime) -> Statements:
    return [
        ("DELETE FROM hold WHERE id = ?", [hold_id]),
        (_RESIDUE, [_stored(now), 1]),
    ]


def noted(erasure_id: str, now: datetime) -> Statements:
    return [("INSERT INTO erased VALUES (?, ?)", [erasure_id, _stored(now)])]


def _stored(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
