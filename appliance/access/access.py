"""Who may come in, as one thing: the roster in memory, the file behind it, the clock."""

import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import NamedTuple, Self

import anyio
from anyio import CancelScope, CapacityLimiter, to_thread

from appliance.access.audit import Action, Asked, Entry, Head, Note
from appliance.access.file import AccessFile
from appliance.access.hashing import Hasher
from appliance.access.lockout import Lockout
from appliance.access.people import Person
from appliance.access.roster import KEYS, Change, Device, Drop, Put, Roster
from appliance.access.sessions import Session
from appliance.access.tokens import Guests
from appliance.database.copying import Still
from appliance.errors import StoreError
from appliance.settings import AccessSettings

logger = logging.getLogger(__name__)

FOLDER = "access"  # in the data folder

# Sign-ins are written anew with the moment of their last use this often: after a restart
# one may seem unused for so much longer, and end so much earlier.
SWEEP_S = 300.0


def _now() -> datetime:
    return datetime.now(UTC)


class Clock(NamedTuple):
    """What time it is: for what outlives the process, and for waits within it."""

    now: Callable[[], datetime] = _now
    monotonic_s: Callable[[], float] = monotonic


class Access:
    """Reading is memory alone. Every change is on the disk, and in the log, when its method
    returns."""

    def __init__(self, file: AccessFile, settings: AccessSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.roster = Roster(settings)
        self.guests = Guests()
        self.hasher = Hasher(settings)
        self.lockout = Lockout()
        self.folder = file.path.parent
        # Held from looking whether a change is right until it is made.
        self.changing = anyio.Lock()
        self._file = file
        # One write at a time. Who logs something waits for its turn and for the disk:
        # nothing is dropped, and there is no queue but the tasks that wait.
        self._one = CapacityLimiter(1)
        self._owed: list[Change] = []  # took effect, and is not on the disk yet
        # Whoever keeps something open for somebody looks again whether they may have it.
        self.on_deny: Callable[[], None] = lambda: None
        for kind in KEYS:
            for record in file.load(kind):
                self.roster.apply(Put(record))

    @classmethod
    def open(
        cls, data_dir: Path, settings: AccessSettings, clock: Clock | None = None
    ) -> Self:
        """Blocks for a moment. Raises StoreError, also if another process has it open."""
        file = AccessFile(data_dir / FOLDER)
        return cls(file, settings, clock or Clock())

    async def run(self) -> None:
        """Keep it tidy until cancelled."""
        while True:
            await anyio.sleep(SWEEP_S)
            try:
                await self.sweep()
            except StoreError as error:
                logger.warning("%s", error)

    async def sweep(self) -> None:
        """Forget what has expired, and write when sign-ins were last used."""
        now = self.clock.now()
        changes: list[Change] = [
            *(Drop(Session, one.digest) for one in self.roster.sessions.overdue(now)),
            *(Drop(Device, one.digest) for one in self.roster.old_devices(now)),
        ]
        for change in changes:
            self.roster.apply(change)
        # Applied now, not after the wait for the disk: that would bring back whoever signs
        # out meanwhile.
        used = [Put(session) for session in self.roster.sessions.used_since()]
        for put in used:
            self.roster.apply(put)
        if changes or used:
            await self._write([*changes, *used], ())

    async def record(
        self, actor: str, action: Action, subject: str = "", detail: str = ""
    ) -> None:
        """Return once it is in the log, on the disk. Raises StoreError.

        No words of a call: `actor` and `subject` are names of people, tokens or calls.
        """
        note = Note(actor=actor, action=action, subject=subject, detail=detail)
        await self.commit(notes=[note])

    async def commit(
        self,
        *,
        allow: Sequence[Change] = (),
        deny: Sequence[Change] = (),
        notes: Sequence[Note] = (),
    ) -> None:
        """Make changes and log them. What denies takes effect at once, whatever the disk
        does; what allows, once it is stored and logged. Raises StoreError."""
        for change in deny:
            self.roster.apply(change)
        if deny:
            self.on_deny()
        changes = [*self._owed, *deny, *allow]
        try:
            await self._write(changes, notes)
        except StoreError:
            self._owed += deny
            raise
        self._owed = [change for change in self._owed if change not in changes]
        for change in allow:
            self.roster.apply(change)

    async def entries(self, first: int, most: int) -> list[Entry]:
        """Rows of the audit log from number `first` on."""
        return await to_thread.run_sync(self._file.entries, first, most, limiter=self._one)

    async def overdue(self, before: datetime) -> Entry | None:
        """The last row of the audit log of those from before this moment."""
        return await to_thread.run_sync(self._file.overdue, before, limiter=self._one)

    async def cut(self, last: int, note: Note) -> None:
        """Take out the rows of the audit log up to this number; see cutting.py."""
        await to_thread.run_sync(self._file.write, (), [note], last, limiter=self._one)
        await to_thread.run_sync(self._file.write_anew, limiter=self._one)

    @asynccontextmanager
    async def still(self) -> AsyncGenerator[tuple[Still, Head], None]:
        """For a copy of the file and the end of its log, while people come and go."""
        holding = self._file.still()
        moment = await to_thread.run_sync(holding.__enter__, limiter=self._one)
        try:
            yield moment
        finally:
            with CancelScope(shield=True):
                leave = partial(holding.__exit__, None, None, None)
                await to_thread.run_sync(leave, limiter=self._one)

    async def newest(self, asked: Asked) -> list[Entry]:
        """Rows of the audit log, the newest first."""
        return await to_thread.run_sync(self._file.newest, asked, limiter=self._one)

    def signed_in(self, digest: str) -> tuple[Person, Session] | None:
        """Whose session this is, and that it is used now; None if it has ended."""
        return self.roster.signed_in(digest, self.clock.now())

    async def _write(self, changes: Sequence[Change], notes: Sequence[Note]) -> None:
        await to_thread.run_sync(self._file.write, changes, notes, limiter=self._one)

    def close(self) -> None:
        self.hasher.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
