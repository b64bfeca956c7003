"""What the record answers: calls in a list, and one call with its events."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from msgspec import Struct, convert
from msgspec.json import decode
from msgspec.structs import replace

from appliance.messages import MoodLabel, Role, Severity, Trend
from appliance.store.log import Row
from appliance.store.search import SessionStatus


class Match(Struct, frozen=True, kw_only=True):
    """Where the words of a search stand: in the call, in why they called (`concern`), or
    in what the agent wrote afterwards."""

    source: Literal["call", "concern", "summary"]
    at_ms: int
    speaker: Role
    text: str


class Raised(Struct, frozen=True, kw_only=True):
    """An alert of a call, whether or not it was over in the end."""

    id: str
    kind: Literal["mood", "rule"]
    rule: str  # its name
    severity: Severity
    told: bool  # the agent was, too


class SessionRow(Struct, frozen=True, kw_only=True):
    """One call in a list. `language` is the customer's, as last heard; `turns` counts the
    utterances with words. `mood`, `call_score` and `trend` are as the call ended, None
    where nothing the customer said was read."""

    call_id: str
    started: datetime
    ended: datetime | None
    status: SessionStatus
    reason: str | None  # why it ended
    agent: str
    customer: str
    concern: str  # why they called, in their own words
    outcome: str
    summary: str
    language: str
    turns: int
    queue: str
    mood: MoodLabel | None
    call_score: int | None  # -100 to 100
    trend: Trend | None
    alerts: tuple[Raised, ...]
    matches: tuple[Match, ...] = ()  # the first few, where text was looked for


class SessionPage(Struct, frozen=True, kw_only=True):
    sessions: list[SessionRow]
    next: str | None  # `before` of the next page, None when this is the last


class StoredEvent(Struct, frozen=True, kw_only=True):
    seq: int
    at_ms: int
    wall: datetime
    kind: str
    payload: dict[str, Any]


class Kept(NamedTuple):
    """An event with its JSON as it was stored."""

    seq: int
    at_ms: int
    wall: datetime
    kind: str
    payload: str


class SessionDetail(Struct, frozen=True, kw_only=True):
    session: SessionRow
    events: list[StoredEvent]


def utc(stored: datetime) -> datetime:
    return stored.replace(tzinfo=UTC)


def session_row(row: Row, *, told: bool = False) -> SessionRow:
    """Of the position and the columns of a call. `told`: with the alerts alone that its
    agent was told of."""
    values = dict(zip(SessionRow.__struct_fields__, row[1:], strict=True))
    for name in ("started", "ended"):
        values[name] = values[name] and utc(values[name])
    values["alerts"] = decode(values["alerts"])
    made = convert(values, SessionRow)
    if not told:
        return made
    return replace(made, alerts=tuple(alert for alert in made.alerts if alert.told))


def kept_events(rows: Sequence[Row]) -> list[Kept]:
    return [
        Kept(seq, at_ms, utc(wall), kind, payload)
        for seq, at_ms, wall, kind, payload in rows
    ]


def stored_events(rows: Sequence[Row]) -> list[StoredEvent]:
    return [
        StoredEvent(
            seq=one.seq,
            at_ms=one.at_ms,
            wall=one.wall,
            kind=one.kind,
            payload=decode(one.payload),
        )
        for one in kept_events(rows)
    ]
