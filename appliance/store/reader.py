"""Questions to the record, asked in a worker thread so that the event loop goes on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias, get_args

from anyio import CapacityLimiter, to_thread
from msgspec import Struct, convert
from msgspec.json import decode

from appliance.errors import StoreError
from appliance.messages import ServerMessage
from appliance.store.log import Row, SessionLog

SessionStatus: TypeAlias = Literal["waiting", "active", "ended", "interrupted"]

MOST_SESSIONS = 500

# Feedback and the record's own facts never went to a screen in the form they are kept in.
MESSAGE_KINDS = sorted(str(kind.__struct_config__.tag) for kind in get_args(ServerMessage))

_PAGE = """
SELECT call_id, n FROM event
WHERE kind = 'call_started' AND n < coalesce($before, 9223372036854775807)
ORDER BY n DESC LIMIT $limit
"""

# Two questions: only with a constant `first` are the row groups before it not read.
_SESSIONS = """
SELECT call_id, started, ended, status, reason, agent, customer, language, turns
FROM calls_since($first) WHERE list_contains($call_ids, call_id)
ORDER BY n DESC
"""

# The last word of each call on who its customer is; a customer of the site has one id.
_CALLS_OF = """
WITH linked AS (
    SELECT call_id, n, payload->>'$.card.id' AS customer FROM event WHERE kind = 'customer'
)
SELECT call_id FROM linked GROUP BY call_id
HAVING arg_max(coalesce(customer, ''), n) = $customer ORDER BY max(n) DESC LIMIT $limit
"""

_STARTED_AT = "SELECT min(n) FROM event WHERE call_id = $call_id AND kind = 'call_started'"

_SESSION = """
SELECT call_id, started, ended, status, reason, agent, customer, language, turns
FROM calls_since($first) WHERE call_id = $call_id
"""

_EVENTS = """
SELECT seq, at_ms, wall, kind, payload FROM event
WHERE n >= $first AND call_id = $call_id
    AND ($partials OR coalesce(payload->>'$.is_final', 'true') = 'true')
ORDER BY seq, n
"""

_MESSAGES = """
SELECT payload FROM event
WHERE n >= $first AND call_id = $call_id AND seq > $seq AND list_contains($kinds, kind)
ORDER BY seq, n
"""

# Not by the view `call`, which counts every turn ever spoken: 1.3 s for 5 million events.
_OPEN_CALLS = """
WITH begun AS (
    SELECT call_id FROM event WHERE kind = 'call_started'
    EXCEPT SELECT call_id FROM event WHERE kind = 'call_ended'
)
SELECT call_id, max(seq) + 1, max(at_ms) FROM event SEMI JOIN begun USING (call_id)
GROUP BY call_id ORDER BY min(n)
"""


class SessionRow(Struct, frozen=True, kw_only=True):
    """One call in a list. `language` is the customer's, as last heard; `turns` counts the
    utterances with words."""

    call_id: str
    started: datetime
    ended: datetime | None
    status: SessionStatus
    reason: str | None  # why it ended
    agent: str
    customer: str
    language: str
    turns: int


class StoredEvent(Struct, frozen=True, kw_only=True):
    seq: int
    at_ms: int
    wall: datetime
    kind: str
    payload: dict[str, Any]


class SessionDetail(Struct, frozen=True, kw_only=True):
    session: SessionRow
    events: list[StoredEvent]


class OpenCall(Struct, frozen=True, kw_only=True):
    call_id: str
    next_seq: int
    at_ms: int


class Reader:
    """Asks the log, one question at a time: the cores belong to the models."""

    def __init__(self, log: SessionLog) -> None:
        self._log = log
        self._one = CapacityLimiter(1)

    async def sessions(self, limit: int, before: str | None) -> list[SessionRow]:
        start = None
        if before is not None and (start := await self._started_at(before)) is None:
            raise StoreError(
                f"There is no session {before!r} to go on from.",
                fix="Ask for the first page again, without `before`.",
            )
        limit = max(1, min(limit, MOST_SESSIONS))
        page = await self._ask(_PAGE, {"before": start, "limit": limit})
        call_ids, positions = [call_id for call_id, _ in page], [n for _, n in page]
        known = {"first": min(positions, default=0), "call_ids": call_ids}
        rows = await self._ask(_SESSIONS, known)
        return [_session(row) for row in rows]

    async def session(self, call_id: str, partials: bool) -> SessionDetail | None:
        first = await self._started_at(call_id)
        if first is None:
            return None
        known = {"first": first, "call_id": call_id}
        [row] = await self._ask(_SESSION, known)
        events = await self._ask(_EVENTS, known | {"partials": partials})
        return SessionDetail(
            session=_session(row),
            events=await to_thread.run_sync(_events, events, limiter=self._one),
        )

    async def calls_of(self, customer_id: str, limit: int) -> list[SessionRow]:
        found = await self._ask(_CALLS_OF, {"customer": customer_id, "limit": limit})
        call_ids = [call_id for (call_id,) in found]
        starts = [await self._started_at(call_id) for call_id in call_ids]
        first = min((n for n in starts if n is not None), default=0)
        rows = await self._ask(_SESSIONS, {"first": first, "call_ids": call_ids})
        return [_session(row) for row in rows] if call_ids else []

    async def messages_after(self, call_id: str, seq: int) -> list[bytes]:
        first = await self._started_at(call_id)
        known = {"first": first or 0, "call_id": call_id}
        rows = await self._ask(_MESSAGES, known | {"seq": seq, "kinds": MESSAGE_KINDS})
        return [payload.encode() for (payload,) in rows]

    async def open_calls(self) -> list[OpenCall]:
        rows = await self._ask(_OPEN_CALLS, {})
        return [OpenCall(call_id=c, next_seq=s, at_ms=a) for c, s, a in rows]

    async def _started_at(self, call_id: str) -> int | None:
        [(n,)] = await self._ask(_STARTED_AT, {"call_id": call_id})
        return None if n is None else int(n)

    async def _ask(self, sql: str, parameters: dict[str, object]) -> list[Row]:
        return await to_thread.run_sync(self._log.ask, sql, parameters, limiter=self._one)


def _utc(stored: datetime) -> datetime:
    return stored.replace(tzinfo=UTC)


def _session(row: Row) -> SessionRow:
    values = dict(zip(SessionRow.__struct_fields__, row, strict=True))
    for name in ("started", "ended"):
        values[name] = values[name] and _utc(values[name])
    return convert(values, SessionRow)


def _events(rows: Sequence[Row]) -> list[StoredEvent]:
    return [
        StoredEvent(
            seq=seq, at_ms=at_ms, wall=_utc(wall), kind=kind, payload=decode(payload)
        )
        for seq, at_ms, wall, kind, payload in rows
    ]
