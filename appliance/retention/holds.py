"""What has to be kept, and on whose word: the book of holds."""

import secrets
from datetime import datetime

from anyio import to_thread

from appliance.access.access import Access
from appliance.access.audit import Action
from appliance.errors import RetentionError
from appliance.retention.commands import Held, Holds, PlaceHold
from appliance.retention.erasures import alias_of
from appliance.retention.record import Keepsake
from appliance.retention.rules import LegalHold, PastCall, holding
from appliance.store import purge


class HoldBook:
    def __init__(self, record: Keepsake, access: Access) -> None:
        self._record = record
        self._access = access

    async def all_(self) -> Holds:
        """With the calls that each keeps. Raises StoreError."""
        calls, found = await self._record.calls(), await self._record.holds()
        return Holds(
            holds=tuple(
                Held(
                    hold=hold,
                    calls=sum(any(holding([hold], c, hold.placed)) for c in calls),
                )
                for hold in found
            )
        )

    async def of_call(self, call_id: str, now: datetime) -> list[LegalHold]:
        """Those that keep it. Raises StoreError."""
        found = await self._record.holds()
        if not found:
            return []
        customer = await self._record.customer_of(call_id)
        call = PastCall(call_id, 0, now, now, customer=customer)
        return list(holding(found, call, now))

    async def place(self, wish: PlaceHold, actor: str, now: datetime) -> LegalHold:
        """Raises RetentionError, StoreError."""
        if not wish.subject.strip() or not wish.reason.strip():
            raise RetentionError(
                "A hold needs what is held, and a reason.", fix="Give both."
            )
        if wish.until is not None and wish.until <= now:
            raise RetentionError("The hold would be over already.", fix="Name a later day.")
        hold = LegalHold(
            id=secrets.token_hex(4),
            kind=wish.kind,
            subject=wish.subject.strip(),
            reason=wish.reason.strip(),
            placed_by=actor,
            placed=now,
            until=wish.until,
        )
        values = {name: getattr(hold, name) for name in LegalHold.__struct_fields__}
        await self._record.change(purge.held(values))
        until = f"until {hold.until:%Y-%m-%d}" if hold.until else ""
        await self._note(actor, "hold placed", hold, until)
        return hold

    async def release(self, hold_id: str, actor: str, now: datetime) -> None:
        """Raises RetentionError, StoreError."""
        found = [one for one in await self._record.holds() if one.id == hold_id]
        if not found:
            raise RetentionError(
                f"There is no hold {hold_id!r}.", fix="See the list of holds."
            )
        await self._release(found[0], actor, "", now)

    async def drop_ended(self, actor: str, now: datetime) -> None:
        """Those whose day has come. Raises StoreError."""
        for hold in await self._record.holds():
            if hold.until is not None and hold.until <= now:
                await self._release(hold, actor, "its day has come", now)

    async def _release(self, hold: LegalHold, actor: str, why: str, now: datetime) -> None:
        await self._record.change(purge.released(hold.id, now))
        await self._note(actor, "hold released", hold, why)

    async def _note(self, actor: str, action: Action, hold: LegalHold, detail: str) -> None:
        subject = hold.subject
        if hold.kind == "customer":
            folder = self._record.store.path.parent
            subject = await to_thread.run_sync(alias_of, folder, hold.subject)
        told = f"hold {hold.id} {detail}".strip()
        await self._access.record(actor, action, subject, told)
