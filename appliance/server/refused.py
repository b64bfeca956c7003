"""Refusals by policy as the audit log tells them: who, what and from where, and no flood of
them."""

import logging

from starlette.types import Scope

from appliance.access.access import Access
from appliance.access.sparing import Sparing
from appliance.bucket import Bucket, Rate
from appliance.errors import StoreError
from appliance.server.guard import address_of
from appliance.server.who import Caller

logger = logging.getLogger(__name__)

# The same by the same once in so long; and of all strangers together, as of all who are
# known, 9000 rows a day at most, which are 2 MB: no stranger's flood hides what somebody
# within tries.
EVERY_S = 60.0
MOST = 1000
ALL = Rate(burst=100, per_s=0.1)


class Refused:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._sparing = Sparing(EVERY_S, MOST)
        now = access.clock.monotonic_s()
        self._strangers, self._known = Bucket(ALL, now), Bucket(ALL, now)

    async def note(self, scope: Scope, caller: Caller, what: str, call_id: str) -> None:
        """`call_id` is the one that was asked for, if any. The refusal stands, whether it
        can be logged or not."""
        address, now = address_of(scope), self._access.clock.monotonic_s()
        kind = f"{caller.name} {address} {what}"
        room = self._known if caller.name else self._strangers
        if not self._sparing.due(kind, now) or room.take(1, now):
            return
        self._sparing.told(kind, now)
        try:
            detail = f"{what}, from {address}"
            await self._access.record(caller.name, "refused", call_id[:64], detail)
        except StoreError as error:
            logger.warning("%s", error)
