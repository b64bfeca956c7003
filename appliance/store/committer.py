"""The one thread that writes the record: gathers events into transactions, and retries.

Measured on 2 busy cores with `python -m tests.load.store_commit` (finals of 1 KB with word
times, three partials before each): one caller at a time p50 4, p99 10 ms; 20 calls that
never pause, 2 000 commits in 144 transactions, p50 6, p99 16 ms, 12 000 events/s; over
160 000 events the longest commit took 172 ms, behind the longest of 18 checkpoints.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import NamedTuple, Protocol, TypeAlias

from appliance.errors import StoreError
from appliance.logged import about
from appliance.store.event import Event, EventRefused

logger = logging.getLogger(__name__)

# What nobody waits for may be late by this much, so that a stream of partials costs
# 20 fsyncs a second and not one each. An event that somebody waits for ends the wait.
LINGER_S = 0.05

# About 6 ms of inserting: what is behind in the queue waits no longer than that.
BATCH = 512

# A log this size is replayed in well under a second after a crash. Above the first mark a
# moment when nothing waits is used to tidy up, above the second any moment.
TIDY_AT, TIDY_NOW = 4 << 20, 16 << 20
TIDY_AGAIN_S = 60.0  # after a failure: the disk is full and will be for a while

RETRY_S, RETRY_MOST_S = 0.25, 5.0

Done: TypeAlias = Callable[[StoreError | None], None]


class Log(Protocol):
    """What the thread needs of the file; see SessionLog for the promises."""

    def write(self, events: Sequence[Event]) -> None: ...
    def tidy(self) -> None: ...
    def wal_bytes(self) -> int: ...


class _Entry(NamedTuple):
    event: Event | None  # None: a flush, stored when everything before it is
    done: Done | None = None  # told once: stored, or failed for now, or refused


class Committer:
    """Owns the log's writing half. `put`, `flush` and `finish` may come from any thread."""

    def __init__(self, log: Log) -> None:
        self.failure: StoreError | None = None  # why the last commit failed, while it does
        self.untidy: StoreError | None = None  # why the last tidying failed
        self.refused = 0  # events that could never be stored
        self.lost = 0  # events given up at the end, because the file still failed
        self.transactions = 0
        self.still = 0  # so many want the file as it is: the log grows, nothing is tidied
        self._log = log
        # Not bounded here: Store refuses events before it gets too long, by kind.
        self._queue: SimpleQueue[_Entry | None] = SimpleQueue()
        self.gone = False  # nothing put from now on is stored, or told
        self._held: deque[_Entry] = deque()  # taken from the queue while commits failed
        self._batch: list[_Entry] = []  # being stored
        self._singly = 0  # so many entries go in one by one, to find the unfit one
        self._finishing = False
        self._tidy_after = 0.0
        self._thread = Thread(target=self._run, name="record", daemon=True)
        self._thread.start()

    @property
    def depth(self) -> int:
        """Entries that are not stored yet."""
        return self._queue.qsize() + len(self._held) + len(self._batch)

    def put(self, event: Event, done: Done | None = None) -> None:
        self._queue.put(_Entry(event, done))

    def flush(self, done: Done) -> None:
        self._queue.put(_Entry(None, done))

    def finish(self) -> None:
        """Store what is queued and stop. Blocks. `lost` says what could not be stored."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while True:
                self._gather()
                if not self._store():
                    return
                if self._finishing and not self._held and self._queue.empty():
                    return
                self._tidy()
        finally:
            self._abandon()

    def _gather(self) -> None:
        """Fill the batch: sleep until there is something, then linger if nobody waits."""
        batch, until = self._batch, 0.0
        most = 1 if self._singly else BATCH
        self._singly = max(0, self._singly - 1)
        while len(batch) < most:
            try:
                entry = self._next_entry(until if batch else None)
            except Empty:
                return
            if entry is None:
                self._finishing = True
                return
            if not batch:
                until = monotonic() + LINGER_S
            batch.append(entry)
            if entry.done is not None or self._held:
                until = 0.0

    def _next_entry(self, until: float | None) -> _Entry | None:
        if self._held:
            return self._held.popleft()
        if until is None:
            return self._queue.get()
        left = until - monotonic()
        return self._queue.get(timeout=left) if left > 0 else self._queue.get_nowait()

    def _store(self) -> bool:
        """Commit the batch, however often it takes; False when it gave up at the end."""
        events = [entry.event for entry in self._batch if entry.event is not None]
        waiting = [entry.done for entry in self._batch if entry.done is not None]
        delay = RETRY_S
        while True:
            try:
                if events:
                    self._log.write(events)
                    self.transactions += 1
            except EventRefused as error:
                self._refuse(waiting, error)
                return True
            except StoreError as error:
                self._failed(error, waiting)
                waiting = []
                if self._finishing:
                    return False
                self._hold(delay, error)
                delay = min(2 * delay, RETRY_MOST_S)
            else:
                self._worked()
                self._batch = []  # before anyone is told, who might look at `depth`
                _tell(waiting, None)
                return True

    def _refuse(self, waiting: list[Done], error: EventRefused) -> None:
        batch, self._batch = self._batch, []
        if len(batch) > 1:
            # One event that does not fit must not take its whole batch with it. Who was
            # told of an earlier failure is not told again.
            again = batch if waiting else [entry._replace(done=None) for entry in batch]
            self._held.extendleft(reversed(again))
            self._singly = len(again)
            return
        self.refused += 1
        for event in (entry.event for entry in batch if entry.event is not None):
            facts = about(event.call_id, seq=event.seq, kind=event.kind)
            logger.error("event refused", extra=facts)
        _tell(waiting, error)

    def _failed(self, error: StoreError, waiting: list[Done]) -> None:
        if self.failure is None:
            logger.error("the record fails: %s", error)
        self.failure = error
        _tell(waiting, error)

    def _worked(self) -> None:
        if self.failure is not None:
            logger.warning("the record works again, queued=%s", self.depth)
        self.failure = None

    def _hold(self, delay: float, error: StoreError) -> None:
        """Wait for the next attempt; whoever comes to wait meanwhile is told at once."""
        until = monotonic() + delay
        while (left := until - monotonic()) > 0:
            try:
                entry = self._queue.get(timeout=left)
            except Empty:
                return
            if entry is None:
                self._finishing = True
                return
            if entry.done is not None:
                entry.done(error)
            if entry.event is not None:
                self._held.append(entry._replace(done=None))

    def _tidy(self) -> None:
        size = self._log.wal_bytes()
        if self.still:
            return
        if size < TIDY_AT or monotonic() < self._tidy_after:
            return
        if size < TIDY_NOW and self.depth:
            return
        try:
            self._log.tidy()
        except StoreError as error:
            logger.warning("the record's log grows: %s", error)
            self.untidy = error
            self._tidy_after = monotonic() + TIDY_AGAIN_S
        else:
            self.untidy = None

    def _abandon(self) -> None:
        """The thread ends: nobody may wait for it any more."""
        # In this order: who puts something and then still reads False is told below.
        self.gone = True
        rest = [*self._batch, *self._held]
        while not self._queue.empty():
            entry = self._queue.get_nowait()
            if entry is not None:
                rest.append(entry)
        self._batch, self._held = [], deque()
        self.lost += sum(entry.event is not None for entry in rest)
        error = self.failure or StoreError(
            "The record is closed.", fix="Start the service again."
        )
        _tell([entry.done for entry in rest if entry.done is not None], error)


def _tell(waiting: Sequence[Done], error: StoreError | None) -> None:
    for done in waiting:
        done(error)
