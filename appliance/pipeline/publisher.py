"""Write what happened into the record, then show it: in that order, one stream for all.

What a screen has been told as settled must survive a power cut, so a final, a chat line or
an ended call is shown once its commit has returned. What is replaced anyway (partials,
advice in mid sentence) waits only if something settled stands before it.
"""

from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

import anyio
import msgspec

from appliance.calls.room import Room
from appliance.errors import StoreError
from appliance.messages import AiSuggestion, Received, Sent, Summary
from appliance.pipeline import logbook
from appliance.store.event import Event, Fact
from appliance.store.growth import Growth
from appliance.store.writer import Store

# Messages between the stages and the record. Beyond this the disk has stalled for minutes;
# states that will be replaced are no longer taken, settled ones always are.
WAITING = 10_000


class Publisher:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: deque[tuple[Room, Sent | None, Event]] = deque()
        self._growing: WeakKeyDictionary[Room, Growth] = WeakKeyDictionary()
        self._queued = anyio.Event()
        self._gathering = anyio.Event()  # set once what is in the queue has been shown
        self._recording: anyio.Event | None = None  # the same, for what was taken off it

    def publish(self, room: Room, message: Sent, at_ms: int) -> None:
        """Give the message its `seq`, record it and show it, soon. Never blocks."""
        stamped = msgspec.structs.replace(message, seq=room.next_seq())
        event = Event.of(stamped, call_id=room.call_id, at_ms=at_ms, wall=datetime.now(UTC))
        if len(self._queue) >= WAITING and event.partial:
            return
        self._put(room, stamped, event)
        if isinstance(stamped, AiSuggestion | Summary):
            growth = self._growing.setdefault(room, Growth())
            if (written := growth.told(stamped, event.wall)) is not None:
                self.note(room, written, at_ms)

    def note(self, room: Room, fact: Fact | Received, at_ms: int) -> None:
        """Record what no screen is shown."""
        logbook.enter(room.call_id, fact)
        event = Event.note(
            fact,
            call_id=room.call_id,
            seq=room.next_seq(),
            at_ms=at_ms,
            wall=datetime.now(UTC),
        )
        self._put(room, None, event)

    async def settled(self) -> None:
        """Return once everything published so far has been recorded and shown."""
        newest = self._gathering if self._queue else self._recording
        if newest is not None:
            await newest.wait()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._queued.wait()
            self._queued = anyio.Event()
            shown, self._gathering = self._gathering, anyio.Event()
            self._recording = shown
            await self._tell_all()
            self._recording = None
            shown.set()

    async def _tell_all(self) -> None:
        # Not in `run`, whose names would keep what was said last until somebody speaks.
        batch = list(self._queue)
        self._queue.clear()
        await self._record([event for _, message, event in batch if _kept(message)])
        for room, message, _ in batch:
            if message is not None:
                room.deliver(message)

    def _put(self, room: Room, message: Sent | None, event: Event) -> None:
        self._queue.append((room, message, event))
        self._queued.set()

    async def _record(self, events: list[Event]) -> None:
        last = max((n for n, e in enumerate(events) if not e.partial), default=-1)
        for event in events[: max(last, 0)]:
            self._store.append(event)
        if last >= 0:
            # A failing store keeps the event and tries on; /healthz and the log say so. A
            # call must not fall silent because a disk is full.
            with suppress(StoreError):
                await self._store.commit(events[last])
        for event in events[last + 1 :]:
            self._store.append(event)


def _kept(message: Sent | None) -> bool:
    """Advice and summaries are recorded when they are finished, with how they grew: each of
    their states repeats all before."""
    return not (isinstance(message, AiSuggestion | Summary) and not message.is_final)
