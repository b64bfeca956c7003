"""The record, as those see it who keep it: its calls, and how texts are taken out.

Everything is done in small transactions of the thread that writes, with pauses between
them, so that calls that go on hardly notice. Each can be repeated.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any, NamedTuple

import anyio
from msgspec import convert
from msgspec.json import decode, encode

from appliance.retention.rules import LegalHold, PastCall
from appliance.retention.scrubbing import GONE, Level, scrubbed, without
from appliance.store import purge
from appliance.store.event import Event, Purged
from appliance.store.purge import BATCH, Left, Statements
from appliance.store.writer import Store

# A batch takes a few ms; three times as long the disk belongs to the calls.
PAUSES = 3.0


class Mention(NamedTuple):
    """A `customer` event, and who was shown in it."""

    call_id: str
    n: int
    customers: frozenset[str]


class Keepsake:
    """One open record."""

    def __init__(self, store: Store, outcomes: Collection[str], *, live: bool) -> None:
        """`outcomes` of the site may stay. `live`: calls go on in this process."""
        self.store = store
        self._outcomes = tuple(outcomes)
        self._live = live

    async def calls(self, recorded: Collection[str] = ()) -> list[PastCall]:
        """Every call that has ended, in order."""
        queues: dict[str, str] = dict(await self.store.ask(purge.QUEUES))
        customers: dict[str, str] = dict(await self.store.ask(purge.CUSTOMERS))
        purged: dict[str, Level] = dict(await self.store.ask(purge.PURGED))
        return [
            PastCall(
                call_id=call_id,
                n=n,
                started=_utc(started),
                ended=_utc(ended),
                queue=queues.get(call_id, ""),
                customer=customers.get(call_id, ""),
                purged=purged.get(call_id),
                recorded=call_id in recorded,
            )
            for call_id, n, started, ended in await self.store.ask(purge.ENDED)
        ]

    async def customer_of(self, call_id: str) -> str:
        """ "" where it is not known."""
        rows = await self.store.ask(purge.CUSTOMER_OF, [call_id])
        return rows[0][0] if rows else ""

    async def mentions(self) -> list[Mention]:
        """In calls that go on, too."""
        rows = await self.store.ask(purge.MENTIONS)
        return [
            Mention(call_id, n, frozenset(filter(None, shown)))
            for call_id, n, shown in rows
        ]

    async def scrub(self, call: PastCall, level: Level, why: str, now: datetime) -> None:
        """Take out what was said, or who it was. Raises StoreError."""
        events = await self.store.ask(purge.EVENTS, [call.n, call.call_id])
        left = [_left(row, level, self._outcomes) for row in events]
        changed = [one for one in left if one is not None]
        for batch in _batches(changed):
            await self._do(purge.rewritten(batch, now))
        keep_name = level == "said"
        await self._do(
            purge.emptied(call.n, self._outcomes, GONE, now, keep_name=keep_name)
        )
        fact = convert({"what": level, "why": why}, Purged)
        seq = max((row[1] for row in events), default=0) + 1
        at_ms = max((row[2] for row in events), default=0)
        await self.store.commit(
            Event.note(fact, call_id=call.call_id, seq=seq, at_ms=at_ms, wall=now)
        )

    async def remove(self, call: PastCall, now: datetime) -> None:
        """Take the whole call out of the record. Raises StoreError."""
        events = await self.store.ask(purge.EVENTS, [call.n, call.call_id])
        for batch in _batches([row[0] for row in events]):
            await self._do(purge.removed(batch, now))
        # The row last: as long as it is there, the call is found again.
        await self._do(purge.unlisted(call.n, now))

    async def forget_staff(self, before: datetime, now: datetime) -> int:
        """Take out what agents were doing until then; returns how many events."""
        stored = before.astimezone(UTC).replace(tzinfo=None)
        events = [n for (n,) in await self.store.ask(purge.STAFF_EVENTS, [stored])]
        for batch in _batches(events):
            await self._do(purge.removed(batch, now))
        if events:
            await self._do(purge.forgotten_times(before, now))
        return len(events)

    async def forget(
        self, places: Sequence[int], is_gone: Collection[str], now: datetime
    ) -> None:
        """Take these customers out of `customer` events of somebody else's calls."""
        for ns in _batches(places):
            rows = await self.store.ask(purge.EVENTS_AT, [list(ns)])
            left = [
                Left(n, encode(without(decode(payload), is_gone)).decode())
                for n, _, payload in sorted(rows)
            ]
            await self._do(purge.rewritten(left, now))

    async def holds(self) -> list[LegalHold]:
        rows = await self.store.ask(purge.HOLDS)
        return [
            LegalHold(
                id=id_,
                kind=kind,
                subject=subject,
                reason=reason,
                placed_by=by,
                placed=_utc(placed),
                until=until and _utc(until),
            )
            for id_, kind, subject, reason, by, placed, until in rows
        ]

    async def change(self, statements: Statements) -> None:
        """Raises StoreError."""
        await self.store.between_commits(lambda log: log.change(statements))

    async def _do(self, statements: Statements) -> None:
        began = monotonic()
        await self.change(statements)
        if self._live:
            await anyio.sleep(PAUSES * (monotonic() - began))


def _left(row: tuple[Any, ...], level: Level, outcomes: Collection[str]) -> Left | None:
    """None where nothing has to go."""
    n, _, _, kind, payload = row
    before = decode(payload)
    after = scrubbed(kind, before, level, outcomes)
    return None if after == before else Left(n, encode(after).decode())


def _batches(all_: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(all_), BATCH):
        yield all_[start : start + BATCH]


def _utc(stored: datetime) -> datetime:
    return stored.replace(tzinfo=UTC)
