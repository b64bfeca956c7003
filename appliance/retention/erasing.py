"""Taking somebody out of everything, in steps that can each be repeated.

An erasure is written down before anything is taken out, and is done when the record says
so: whatever stops it, the next round goes on with it.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from anyio import to_thread
from msgspec import Struct

from appliance.customers.erasing import erase_customers
from appliance.errors import CustomersError, RetentionError
from appliance.recordings.joining import is_left_over
from appliance.recordings.shelf import Shelf
from appliance.retention.erasures import (
    Erasure,
    Erasures,
    read_erasures,
    write_erasures,
)
from appliance.retention.record import Keepsake, Mention
from appliance.retention.rules import LegalHold, PastCall, holding
from appliance.retention.site import Site
from appliance.store import purge


class Taken(Struct):
    """What one go at an erasure has done, and why there is more to do."""

    calls: int = 0
    customers: int = 0  # cards
    freed: int = 0  # bytes of recordings
    waiting: list[str] = []


class Begun(Struct, frozen=True):
    erasure: Erasure
    calls: list[PastCall]
    alias: str  # for the audit log


class Eraser:
    def __init__(
        self, record: Keepsake, shelf: Shelf, site: Site, forget: Callable[[str], None]
    ) -> None:
        """`forget(call_id)`: nothing of it may be shown from memory."""
        self._record = record
        self._shelf = shelf
        self._site = site
        self._forget = forget

    async def begin(self, kind: str, subject: str, now: datetime) -> Begun:
        """Write down that they are to be erased. Raises RetentionError where a hold keeps
        them, or there is no such call, StoreError."""
        customer = subject if kind == "customer" else ""
        calls = [
            call
            for call in await self._record.calls()
            if subject == (call.customer if customer else call.call_id)
        ]
        _check_held(await self._record.holds(), kind, subject, now)
        if not customer and not calls:
            raise RetentionError(
                f"There is no call {subject!r} that has ended.", fix="See its number."
            )
        known = await self._list()
        erasure = known.made(customer, [call.call_id for call in calls], now)
        folder = self._site.data_dir
        await to_thread.run_sync(write_erasures, folder, known.with_(erasure))
        return Begun(erasure, calls, known.alias(customer) if customer else subject)

    async def finish(self, now: datetime) -> list[str]:
        """Carry out all that are not done in this record; returns why some are not yet."""
        known = await self._list()
        done = {id_ for (id_,) in await self._record.store.ask(purge.ERASED)}
        waiting = []
        for erasure in known.erasures:
            if erasure.id not in done:
                taken = await self.carry_out(erasure, now)
                waiting += [f"Erasure {erasure.id}: {why}" for why in taken.waiting]
        return waiting

    async def carry_out(self, erasure: Erasure, now: datetime) -> Taken:
        """Raises StoreError, OSError."""
        taken = Taken()
        mentions = await self._record.mentions() if erasure.digest else []
        gone = _gone(erasure, mentions)
        calls = [
            call
            for call in await self._record.calls()
            if call.started <= erasure.wall
            and (call.customer in gone or call.call_id in erasure.calls)
        ]
        await self._take(calls, taken, now)
        theirs = {call.call_id for call in calls}
        elsewhere = [
            one for one in mentions if one.customers & gone and one.call_id not in theirs
        ]
        await self._take_elsewhere(elsewhere, gone, taken, now)
        if erasure.digest:
            await self._take_cards(erasure, taken)
        if not taken.waiting:
            await self._record.change(purge.noted(erasure.id, now))
        return taken

    async def _take(self, calls: Iterable[PastCall], taken: Taken, now: datetime) -> None:
        holds = await self._record.holds()
        for call in calls:
            if any(holding(holds, call, now)):
                taken.waiting.append(f"Call {call.call_id} is held; it goes after that.")
                continue
            if self._site.live and await to_thread.run_sync(self._is_made, call.call_id):
                taken.waiting.append(
                    f"The recording of call {call.call_id} is still put together; it goes "
                    "the next night."
                )
                continue
            taken.freed += await to_thread.run_sync(self._shelf.remove, call.call_id)
            if call.purged != "person":
                await self._record.scrub(call, "person", "erasure", now)
                taken.calls += 1
            self._forget(call.call_id)

    def _is_made(self, call_id: str) -> bool:
        folder = self._shelf.folder_of(call_id)
        return folder is not None and is_left_over(folder)

    async def _take_elsewhere(
        self,
        mentions: Iterable[Mention],
        gone: Collection[str],
        taken: Taken,
        now: datetime,
    ) -> None:
        """They were shown in calls that were somebody else's in the end, or go on."""
        going_on = set(self._record.store.running)
        places = []
        for one in mentions:
            if one.call_id in going_on:
                taken.waiting.append(f"Call {one.call_id} goes on; it goes the next night.")
            else:
                places.append(one.n)
        await self._record.forget(places, gone, now)

    async def _take_cards(self, erasure: Erasure, taken: Taken) -> None:
        try:
            taken.customers += await to_thread.run_sync(
                erase_customers, self._site.data_dir, erasure.is_of
            )
        except CustomersError as error:
            taken.waiting.append(f"Their card is still there: {error}")

    async def _list(self) -> Erasures:
        return await to_thread.run_sync(read_erasures, self._site.data_dir)


def _gone(erasure: Erasure, mentions: Iterable[Mention]) -> frozenset[str]:
    """Ids of those it is of, who are in the record."""
    ids = frozenset[str]().union(*(one.customers for one in mentions))
    return frozenset(id_ for id_ in ids if erasure.is_of(id_))


def _check_held(holds: Iterable[LegalHold], kind: str, subject: str, now: datetime) -> None:
    """A hold of one of a customer's calls keeps that call alone."""
    of_call, of_customer = (subject, "") if kind == "call" else ("", subject)
    stand_in = PastCall(of_call, 0, now, now, customer=of_customer)
    held = next(holding(holds, stand_in, now), None)
    if held is not None:
        raise RetentionError(
            f"Hold {held.id} of {held.placed_by} keeps this {kind}: {held.reason}.",
            fix="Release it first (`appliance hold release`), if it may be.",
        )
