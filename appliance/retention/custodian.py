"""The nightly round, and what a person asks for beside it."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import anyio
from anyio import to_thread
from msgspec.structs import replace

from appliance.access.access import Access
from appliance.access.cutting import cut_log, overdue_rows
from appliance.errors import StoreError
from appliance.recordings.shelf import Shelf
from appliance.retention.backups import Remains, remains
from appliance.retention.commands import Erased, Ran
from appliance.retention.erasing import Eraser
from appliance.retention.erasures import keep_beside
from appliance.retention.export import Exporter, clear_exports
from appliance.retention.holds import HoldBook
from appliance.retention.record import Keepsake
from appliance.retention.rules import FOR_EVER, Due, Kind, PastCall, due
from appliance.retention.site import Site
from appliance.store.anew import write_anew
from appliance.store.writer import Store

logger = logging.getLogger(__name__)

# A file up to this size is written anew in seconds, and as soon as somebody is erased;
# a larger one in the next round at night.
AT_ONCE = 256 << 20


class Custodian:
    """One for each open record."""

    def __init__(
        self,
        store: Store,
        access: Access,
        shelf: Shelf,
        site: Site,
        outcomes: Iterable[str],
        forget: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`outcomes` of calls that the site knows; others somebody has typed.
        `forget(call_id)`: nothing of it may be shown from memory."""
        self._store = store
        self._record = Keepsake(store, tuple(outcomes), live=site.live)
        self._access = access
        self._shelf = shelf
        self._site = site
        self._forget = forget
        self._eraser = Eraser(self._record, shelf, site, forget)
        self._one = anyio.Lock()  # nothing is taken out while the file is written anew
        self.holds = HoldBook(self._record, access)
        self.exports = Exporter(self._record, access, shelf, site)

    async def round(self, actor: str, now: datetime, *, dry: bool) -> Ran:
        """Finish erasures, and take out what has been kept long enough. Raises StoreError,
        OSError; what was not done then the next one does."""
        if dry:
            return await self._cut_log(_ran(await self._due(now), dry=True), actor, now)
        async with self._one:
            await self.holds.drop_ended(actor, now)
            unfinished = await self._eraser.finish(now)
            found = await self._due(now)
            freed, before = await self._apply(found, now), await self._size()
            if days := self._site.rules.staff_days:
                await self._record.forget_staff(now - timedelta(days=days), now)
            await write_anew(self._store, live=self._site.live)
        sizes = before, await self._size()
        ran = _ran(found, freed=freed, sizes=sizes, unfinished=unfinished)
        ran = await self._cut_log(ran, actor, now)
        detail = (
            f"{ran.recordings} recordings, {ran.transcripts} texts, {ran.calls} calls, "
            f"{ran.held} held; record {ran.before} to {ran.after} bytes"
        )
        await self._access.record(actor, "retention run", detail=detail)
        return ran

    async def erase(self, kind: str, subject: str, actor: str, now: datetime) -> Erased:
        """Raises RetentionError where a hold keeps them or there is no such call,
        StoreError, OSError."""
        async with self._one:
            begun = await self._eraser.begin(kind, subject, now)
            taken = await self._eraser.carry_out(begun.erasure, now)
            waiting = [*taken.waiting, *await self._leave_no_bytes()]
        copies = await to_thread.run_sync(self._copies, begun.calls)
        counts = f"{taken.calls} calls, {taken.freed} bytes of recordings"
        unfinished = ", not finished yet" if waiting else ""
        detail = f"erasure {begun.erasure.id}: {counts}{unfinished}"
        await self._access.record(actor, "erased", begun.alias, detail)
        return Erased(
            id=begun.erasure.id,
            calls=taken.calls,
            customers=taken.customers,
            freed=taken.freed,
            waiting=tuple(waiting),
            backups=tuple(copies),
        )

    async def start(self, now: datetime) -> None:
        """Before anybody is served: what was erased may have come back with a backup.
        Raises StoreError."""
        try:
            await to_thread.run_sync(clear_exports, self._site.data_dir)
            async with self._one:
                for why in await self._eraser.finish(now):
                    logger.warning("%s", why)
        except OSError as error:
            raise StoreError(
                f"Who was erased cannot be taken out again: {error}.",
                fix="See that the service may change the data folder and the recordings.",
            ) from error

    async def _due(self, now: datetime) -> Due:
        recorded = await to_thread.run_sync(lambda: dict(self._shelf.calls()))
        calls = await self._record.calls(recorded)
        known = {call.call_id for call in calls} | set(self._store.running)
        # Of calls that the record knows nothing of, as after a restore.
        calls += [_unknown(id_, day) for id_, day in recorded.items() if id_ not in known]
        return due(calls, await self._record.holds(), self._site.rules, now)

    async def _apply(self, found: Due, now: datetime) -> int:
        """Bytes of recordings that were freed."""
        freed = 0
        for call, kind in found.goes:
            if kind in ("recording", "call"):
                freed += await to_thread.run_sync(self._shelf.remove, call.call_id)
            if kind == "transcript":
                await self._record.scrub(call, "said", "retention", now)
            elif kind == "call":
                await self._record.remove(call, now)
            self._forget(call.call_id)
        return freed

    async def _cut_log(self, ran: Ran, actor: str, now: datetime) -> Ran:
        """What cannot go is no reason to keep anything else."""
        days = self._site.rules.audit_days
        if days == FOR_EVER:
            return ran
        before = now - timedelta(days=days)
        try:
            gone = (
                await overdue_rows(self._access, before)
                if ran.dry
                else await cut_log(self._access, before, actor)
            )
        except StoreError as error:
            return replace(ran, unfinished=(*ran.unfinished, str(error)))
        return replace(ran, audit=gone)

    async def _leave_no_bytes(self) -> list[str]:
        """What is left to do, if anything."""
        if await self._size() > AT_ONCE and self._site.live:
            return [
                "It can be read nowhere any more; its bytes leave the record's file at "
                "night (appliance-retention.timer)."
            ]
        try:
            await write_anew(self._store, live=self._site.live)
        except StoreError as error:
            return [str(error)]
        return []

    def _copies(self, calls: Sequence[PastCall]) -> list[Remains]:
        site = self._site
        if site.backups.is_dir():
            try:
                keep_beside(site.data_dir, site.backups)
            except StoreError as error:
                # On a disk that is not the service's: the next backup does it.
                logger.warning("%s", error)
        return remains(site.backups, site.data_dir, site.keep, calls)

    async def _size(self) -> int:
        return (await to_thread.run_sync(self._store.path.stat)).st_size


def _unknown(call_id: str, day: date) -> PastCall:
    began = datetime.combine(day, time(), UTC)
    ended = began + timedelta(days=1)
    return PastCall(call_id, -1, began, ended, purged="person", recorded=True)


def _ran(
    found: Due,
    *,
    dry: bool = False,
    freed: int = 0,
    sizes: tuple[int, int] = (0, 0),
    unfinished: Sequence[str] = (),
) -> Ran:
    def count(kind: Kind) -> int:
        return sum(one.kind == kind for one in found.goes)

    return Ran(
        dry=dry,
        recordings=count("recording"),
        transcripts=count("transcript"),
        calls=count("call"),
        held=len({one.call.call_id for one in found.held}),
        freed=freed,
        before=sizes[0],
        after=sizes[1],
        unfinished=tuple(unfinished),
    )
