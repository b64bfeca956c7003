"""The record, as the rest of the box sees it: append, commit, look up."""

from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from anyio import to_thread

from appliance.database.copying import Still
from appliance.errors import StoreError
from appliance.store.adding import Sums
from appliance.store.committer import Committer
from appliance.store.event import Event
from appliance.store.interrupted import ON_DUTY, ends_of_calls, ends_of_shifts
from appliance.store.log import Row, SessionLog
from appliance.store.reader import Reader
from appliance.store.rows import Kept, SessionDetail, SessionPage, SessionRow
from appliance.store.search import EVERYTHING, Search
from appliance.store.settler import Settler
from appliance.store.waiting import Counter, Waiter, again, closed, overflow, stopped

T = TypeVar("T")

# When the disk does not keep up, replaceable events go first: half a minute of the
# partials of 100 calls. Finals and call events still come in.
SHED_AT = 5_000

# And what may not be shed is refused, and counted, only when keeping it would take about
# half a gigabyte and soon the whole box with it: over an hour of the finals of 100 calls.
FULL_AT = 250_000


class Store:
    """One open record. Events come in from the event loop and never wait for the disk.

    While commits fail (full disk, I/O error) `problem` says why, `commit` raises at once,
    and everything is kept and stored, in order and once, when the disk works again.
    """

    def __init__(self, log: SessionLog) -> None:
        self._log = log
        self._committer = Committer(log)
        self._settler = Settler(log)
        self._reader = Reader(log)
        self.sums = Sums(log)
        self._shed = Counter()
        self._overflowed = Counter()
        self._closed = False

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the record at `path`, creating it and its folder. Blocks for a moment.

        Raises StoreError: locked by another process, damaged, too new, not writable.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"Cannot create the folder {path.parent} of the record: {error.strerror}.",
                fix="Create it for the user the service runs as, "
                "or set another data_dir under [server].",
            ) from error
        return cls(SessionLog(path))

    def append(self, event: Event) -> None:
        """Queue an event; it is durable within a tenth of a second. Never blocks.

        Any thread. Under back-pressure a `partial` event may be shed (see `shed`).
        """
        if not self._closed and self._admit(event):
            self._committer.put(event)

    async def commit(self, event: Event) -> None:
        """Return once the event is on the disk, and survives kill -9 and power loss.

        Commits that wait together share one transaction. Cancelling the wait does not
        take the event back. Raises StoreError if it is not durable yet; it stays queued,
        unless the record is closed or `lost` says otherwise.
        """
        if self._closed:
            raise closed()
        failure = self._committer.failure
        if not self._admit(event):
            raise again(failure or overflow(FULL_AT))
        if failure is not None:
            # The disk is known to be failing: the call must not wait for it as well.
            self._committer.put(event)
            raise again(failure)
        waiter = Waiter()
        self._committer.put(event, waiter.wake)
        await self._wait(waiter)

    async def flush(self) -> None:
        """Return once everything appended before is durable. Raises StoreError."""
        if self._closed:
            raise closed()
        waiter = Waiter()
        self._committer.flush(waiter.wake)
        await self._wait(waiter)

    @asynccontextmanager
    async def still(self) -> AsyncGenerator[Still, None]:
        """For a copy while calls go on: meanwhile the file does not change, and its log
        only grows. Raises StoreError if what was appended before is not durable."""
        # Without checkpoints every commit goes to the end of the log alone.
        self._committer.still += 1
        try:
            waiter, sizes = Waiter(), list[int]()

            def between_commits(error: StoreError | None) -> None:
                sizes.append(self._log.still_bytes())
                waiter.wake(error)

            if self._closed:
                raise closed()
            self._committer.flush(between_commits)
            await self._wait(waiter)
            yield Still(self._log.path, sizes[0])
        finally:
            self._committer.still -= 1

    async def between_commits(self, work: Callable[[SessionLog], T]) -> T:
        """Have the thread that writes do this to the file, once what was appended before is
        durable. Commits wait meanwhile: a few ms of work. Raises StoreError."""
        waiter, made = Waiter(), list[T]()

        def do(error: StoreError | None) -> None:
            try:
                if error is None:
                    made.append(work(self._log))
            except StoreError as problem:
                error = problem
            waiter.wake(error)

        if self._closed:
            raise closed()
        self._committer.flush(do)
        await self._wait(waiter)
        return made[0]

    async def beside(self, work: Callable[[SessionLog], T]) -> T:
        """The same in a thread of its own, while others commit."""
        return await to_thread.run_sync(work, self._log)

    async def ask(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[Row]:
        """Rows of a query, as of the last commit. Raises StoreError."""
        return await self._reader.ask(sql, parameters)

    @property
    def copied(self) -> bool:
        """Somebody copies the file: it has to stay as it is."""
        return self._committer.still > 0

    @property
    def running(self) -> Collection[str]:
        """Calls that go on, or ended a moment ago."""
        return self._log.running.keys()

    @property
    def path(self) -> Path:
        """Of its file."""
        return self._log.path

    @property
    def failing(self) -> bool:
        """Commits do not reach the disk at present."""
        return self._committer.failure is not None

    @property
    def problem(self) -> str | None:
        """What a person has to know about the record's health, with its fix."""
        committer = self._committer
        error = committer.failure or committer.untidy or self._settler.failure
        if error is None and not self._closed and committer.gone:
            error = stopped()
        return None if error is None else str(error)

    @property
    def queued(self) -> int:
        """Events that are not durable yet."""
        return self._committer.depth

    @property
    def shed(self) -> int:
        """Partials dropped because the disk did not keep up."""
        return self._shed.value

    @property
    def lost(self) -> int:
        """Events that mattered and are gone: refused as unfit, or no room to keep them."""
        committer = self._committer
        return self._overflowed.value + committer.refused + committer.lost

    @property
    def transactions(self) -> int:
        return self._committer.transactions

    async def sessions(self, search: Search = EVERYTHING) -> SessionPage:
        """Calls that fit, newest first, at most 500; `next` of the page goes on after it.

        Raises StoreError, also for a `before` that does not exist.
        """
        return await self._reader.sessions(search)

    async def session(self, call_id: str, *, partials: bool = True) -> SessionDetail | None:
        """One call with its events in order of `seq`; None if there is no such call."""
        return await self._reader.session(call_id, partials)

    async def kept(self, call_id: str) -> list[Kept]:
        """Every event of a call in order of `seq`, as it was stored; none if there is no
        such call."""
        return await self._reader.kept(call_id)

    async def calls_of(
        self, customer_id: str, limit: int, took_part: str | None = None
    ) -> list[SessionRow]:
        """The last calls with this customer of the site, newest first; with `took_part`,
        those in which this account or token did."""
        return await self._reader.calls_of(customer_id, limit, took_part)

    async def took_part(self, call_id: str, by: str) -> bool:
        """Whether a place in this call was that of the account or token `by`."""
        return await self._reader.took_part(call_id, by)

    async def unjudged(self) -> list[str]:
        """Calls that were to be recorded and have no verdict, in the order they began."""
        return await self._reader.unjudged()

    async def messages_after(self, call_id: str, seq: int) -> list[bytes]:
        """JSON of the messages to screens after `seq`, in order, as they were sent.

        What a role may not see is for the caller to leave out. What is queued but not
        durable yet is not among them; `flush` first where that matters.
        """
        return await self._reader.messages_after(call_id, seq)

    async def close_interrupted(self, now: datetime) -> int:
        """End the calls that a crash left open, as `interrupted`, and the time of agents
        who were on duty, with the last sign of life; returns how many calls.

        For the start of the box, before the first call.
        """
        calls = await self._reader.open_calls()
        shifts = await to_thread.run_sync(self._log.ask, ON_DUTY)
        # Shifts first: to a start after this one ends of calls are signs of life.
        for event in (*ends_of_shifts(shifts), *ends_of_calls(calls, now)):
            self.append(event)
        await self.flush()
        return len(calls)

    def close(self) -> None:
        """Store what is queued and close. Blocks; raises StoreError if events are lost."""
        if self._closed:
            return
        self._closed = True
        self._committer.finish()
        self._settler.finish()
        self._log.close()
        if self._committer.lost:
            raise StoreError(
                f"{self._committer.lost} events could not be stored: {self.problem}",
                fix="They are gone; what was acknowledged before is safe.",
            )

    async def aclose(self) -> None:
        """`close`, without blocking the event loop."""
        await to_thread.run_sync(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _admit(self, event: Event) -> bool:
        depth = self._committer.depth
        if event.partial and depth >= SHED_AT:
            self._shed.add()
            return False
        if depth >= FULL_AT:
            self._overflowed.add()
            return False
        return True

    async def _wait(self, waiter: "Waiter") -> None:
        if self._committer.gone:
            waiter.future.cancel()  # nobody would wake it
            raise closed() if self._closed else stopped()
        await waiter.future
