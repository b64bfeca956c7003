"""Questions to the record, asked in a worker thread so that the event loop goes on."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import get_args

from anyio import CapacityLimiter, to_thread
from msgspec import Struct
from msgspec.structs import replace

from appliance.errors import StoreError
from appliance.messages import ServerMessage
from appliance.store.log import Row, SessionLog
from appliance.store.rows import (
    Kept,
    SessionDetail,
    SessionPage,
    SessionRow,
    kept_events,
    session_row,
    stored_events,
)
from appliance.store.search import (
    ENDED,
    LOOK_INTO,
    MOST_SESSIONS,
    MOST_WORDS,
    WORDS,
    Search,
    Sql,
    among,
    going_on,
    having,
    likely,
    page_of,
    rows_at,
    rows_going_on,
)

# Feedback and the record's own facts never went to a screen in the form they are kept in.
MESSAGE_KINDS = sorted(str(kind.__struct_config__.tag) for kind in get_args(ServerMessage))

# The last word of each call on who its customer is; a customer of the site has one id.
_CALLS_OF = """
WITH linked AS (
    SELECT call_id, n, payload->>'$.card.id' AS customer FROM event WHERE kind = 'customer'
)
SELECT call_id FROM linked
WHERE $by IS NULL OR call_id IN (
    SELECT call_id FROM event
    WHERE kind = 'joined' AND (payload->>'$.person') = $by AND $by <> ''
)
GROUP BY call_id
HAVING arg_max(coalesce(customer, ''), n) = $customer ORDER BY max(n) DESC LIMIT $limit
"""

_TOOK_PART = """
SELECT count(*) FROM event
WHERE n >= $first AND call_id = $call_id
    AND kind = 'joined' AND (payload->>'$.person') = $by AND $by <> ''
"""

_STARTED_AT = "SELECT min(n) FROM session WHERE call_id = $call_id"

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

_OPEN_CALLS = """
SELECT call_id, max(seq) + 1, max(at_ms) FROM event
WHERE n >= $first AND list_contains($wanted, call_id)
GROUP BY call_id ORDER BY min(n)
"""

_UNJUDGED = """
SELECT call_id FROM event
WHERE kind = 'recording' AND (payload->>'$.state') IN ('on', 'failing')
GROUP BY call_id
HAVING call_id NOT IN (SELECT call_id FROM event WHERE kind = 'recording_kept')
ORDER BY min(n)
"""


class OpenCall(Struct, frozen=True, kw_only=True):
    call_id: str
    next_seq: int
    at_ms: int


class Reader:
    """Asks the log, one question at a time: the cores belong to the models."""

    def __init__(self, log: SessionLog) -> None:
        self._log = log
        self._one = CapacityLimiter(1)

    async def sessions(self, search: Search) -> SessionPage:
        before = None
        if search.before is not None:
            before = await self._started_at(search.before)
            mine = search.took_part
            theirs = mine is not None and not await self.took_part(search.before, mine)
            if before is None or theirs:
                raise StoreError(
                    f"There is no session {search.before!r} to go on from.",
                    fix="Ask for the first page again, without `before`.",
                )
        limit = max(1, min(search.limit, MOST_SESSIONS))
        return await to_thread.run_sync(
            self._page, replace(search, limit=limit), before, limiter=self._one
        )

    def _page(self, search: Search, before: int | None) -> SessionPage:
        # Once: each question of a page would wait for the calls that ended since the last.
        with suppress(StoreError):  # as in `ask`
            self._log.settle()
        words = self._words(search.text)
        if search.text.strip() and not words:
            return SessionPage(sessions=[], next=None)  # nothing but signs
        # Who goes on first: a call that ends meanwhile is then seen twice, never missed.
        found: dict[str, Row] = {}
        running = self._log.running
        if running and (before is None or min(running.values()) < before):
            found = self._rows(rows_going_on(running, search, before, words))
        if positions := self._among_ended(search, before, words):
            found |= self._rows(rows_at(ENDED, positions, words))
        rows = sorted(found.values(), reverse=True)
        told = search.took_part is not None
        sessions = [session_row(row, told=told) for row in rows[: search.limit]]
        more = len(rows) > search.limit
        return SessionPage(sessions=sessions, next=sessions[-1].call_id if more else None)

    def _among_ended(
        self, search: Search, before: int | None, words: list[str]
    ) -> list[int]:
        """Positions of a page of calls that have ended, and of one more."""
        most = search.limit + 1
        if not words:
            return self._positions(search, before, most)
        found: list[int] = []
        if (marked := likely(words)) is not None:
            for many in LOOK_INTO:
                may = self._positions(search, before, many, marked)
                if may:
                    found += [n for (n,) in self._log.look(*among(may, words))]
                if len(found) >= most or len(may) < many:
                    return found[:most]
                before = may[-1]
        rest = most - len(found)
        return found + self._positions(search, before, rest, having(words))

    def _positions(
        self, search: Search, before: int | None, most: int, *text: Sql
    ) -> list[int]:
        question = page_of(search, before, most, *text)
        return [n for (n,) in self._log.look(*question)]

    def _rows(self, question: Sql) -> dict[str, Row]:
        return {row[1]: row for row in self._log.look(*question)}

    def _words(self, text: str) -> list[str]:
        if not text.strip():
            return []
        [(words,)] = self._log.look(WORDS, {"text": text})
        return list(dict.fromkeys(words))[:MOST_WORDS]

    async def session(self, call_id: str, partials: bool) -> SessionDetail | None:
        found = await self._row(call_id)
        if found is None:
            return None
        first, row = found
        known = {"first": first, "call_id": call_id, "partials": partials}
        events = await self.ask(_EVENTS, known)
        return SessionDetail(
            session=session_row(row),
            events=await to_thread.run_sync(stored_events, events, limiter=self._one),
        )

    async def kept(self, call_id: str) -> list[Kept]:
        first = await self._started_at(call_id)
        if first is None:
            return []
        known = {"first": first, "call_id": call_id, "partials": True}
        return kept_events(await self.ask(_EVENTS, known))

    async def took_part(self, call_id: str, by: str) -> bool:
        """Whether a place in this call was that of the account or token `by`."""
        first = await self._started_at(call_id)
        if first is None:
            return False
        known = {"first": first, "call_id": call_id, "by": by}
        [(times,)] = await self.ask(_TOOK_PART, known)
        return bool(times)

    async def calls_of(
        self, customer_id: str, limit: int, took_part: str | None = None
    ) -> list[SessionRow]:
        """The last ones of a customer; with `took_part`, of those of this account."""
        found = await self.ask(
            _CALLS_OF, {"customer": customer_id, "limit": limit, "by": took_part}
        )
        call_ids = [call_id for (call_id,) in found]
        rows = [await self._row(call_id) for call_id in call_ids]
        told = took_part is not None
        return [session_row(row, told=told) for _, row in filter(None, rows)]

    async def unjudged(self) -> list[str]:
        """Calls that were to be recorded and have no verdict, in the order they began."""
        rows = await to_thread.run_sync(self._log.ask, _UNJUDGED, limiter=self._one)
        return [call_id for (call_id,) in rows]

    async def messages_after(self, call_id: str, seq: int) -> list[bytes]:
        first = await self._started_at(call_id)
        known = {"first": first or 0, "call_id": call_id}
        rows = await self.ask(_MESSAGES, known | {"seq": seq, "kinds": MESSAGE_KINDS})
        return [payload.encode() for (payload,) in rows]

    async def open_calls(self) -> list[OpenCall]:
        unended = self._log.unended
        if not unended:
            return []
        rows = await self.ask(_OPEN_CALLS, going_on(unended).values)
        return [OpenCall(call_id=c, next_seq=s, at_ms=a) for c, s, a in rows]

    async def _row(self, call_id: str) -> tuple[int, Row] | None:
        """Where a call begins in the log, and what lists say of it."""
        # One look at who goes on: a call may get its row between two.
        first, source = self._log.running.get(call_id), ENDED
        if first is not None:
            source = going_on({call_id: first})
        elif (first := await self._started_at(call_id)) is None:
            return None
        [row] = await self.ask(*rows_at(source, [first], []))
        return first, row

    async def _started_at(self, call_id: str) -> int | None:
        if (n := self._log.running.get(call_id)) is not None:
            return n
        [(n,)] = await self.ask(_STARTED_AT, {"call_id": call_id})
        return None if n is None else int(n)

    async def ask(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object]
    ) -> list[Row]:
        """Rows of any query."""
        return await to_thread.run_sync(self._log.ask, sql, parameters, limiter=self._one)
