"""Who has looked at what of the record, as the audit log tells it: that they did, and never
what they found."""

from anyio import to_thread
from starlette.requests import Request

from appliance.access.access import Access
from appliance.access.audit import Action
from appliance.access.sparing import Sparing
from appliance.retention.erasures import alias_of
from appliance.server.guard import address_of
from appliance.server.passes import pass_of

# A page asks for the same call, and for the list, again and again while it is open: in
# this time one person's look at one call, or through the list, is one.
EVERY_S = 600.0

# Looks that are remembered; nobody at a desk comes near.
MOST = 20_000


class Views:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._sparing = Sparing(EVERY_S, MOST)

    async def viewed(self, request: Request, call_id: str) -> None:
        """Returns once it is in the log. Raises StoreError: what cannot be logged is not
        shown."""
        await self._tell(request, "call viewed", call_id)

    async def played(self, request: Request, call_id: str) -> None:
        """Likewise, of a recording: a page asks for it piece by piece."""
        await self._tell(request, "recording played", call_id)

    async def exported(self, request: Request, call_id: str) -> None:
        """Likewise, of a copy of a recording; each is told."""
        name, address = pass_of(request.scope).caller.name, address_of(request.scope)
        await self._access.record(name, "recording exported", call_id, f"from {address}")

    async def replayed(self, request: Request, call_id: str) -> None:
        """Likewise."""
        await self._tell(request, "call replayed", call_id)

    async def listed(self, request: Request, *, searched: bool) -> None:
        """Likewise. What was searched for may be what somebody said, and is not told."""
        await self._tell(request, "calls listed", detail="searched, " if searched else "")

    async def viewed_customer(self, request: Request, customer_id: str) -> None:
        """Likewise, of their card and their last calls. The log is kept longer than most of
        what is known of them, and so knows them by what stands for their number alone."""
        folder = self._access.folder.parent
        alias = await to_thread.run_sync(alias_of, folder, customer_id)
        await self._tell(request, "customer viewed", alias)

    async def searched_customers(self, request: Request) -> None:
        """Likewise, through all of them."""
        await self._tell(request, "customers searched")

    async def _tell(
        self, request: Request, action: Action, subject: str = "", detail: str = ""
    ) -> None:
        name, address = pass_of(request.scope).caller.name, address_of(request.scope)
        kind = f"{name} {address} {action} {subject} {detail}"
        now = self._access.clock.monotonic_s()
        if self._sparing.due(kind, now):
            await self._access.record(name, action, subject, f"{detail}from {address}")
            self._sparing.told(kind, now)
