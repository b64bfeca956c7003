"""Tokens: of machines, for as long as an admin says, and of customers, for one call."""

from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

from appliance.access.rules import GUEST_LIFE
from appliance.access.secret import digest, new_secret

# What a machine may do: read figures, read the record, or bring calls in as a telephone
# system does.
Scope: TypeAlias = Literal["metrics", "record", "calls"]

# Says what it is wherever it turns up, to whoever searches files for secrets.
PREFIX = "appliance_"


class Machine(Struct, frozen=True, kw_only=True):
    """The token of a machine. Its secret is shown once and not kept."""

    name: str
    digest: str
    scopes: tuple[Scope, ...]
    created: datetime
    expires: datetime
    made_by: str


class _Guest(NamedTuple):
    call_id: str
    expires: datetime


class Guests:
    """Customers, each in one call. Kept in memory: calls end with the process."""

    def __init__(self) -> None:
        self._guests: dict[str, _Guest] = {}
        self._by_call: dict[str, str] = {}

    def admit(self, call_id: str, now: datetime) -> str:
        """The secret of the call's customer; one that was given out before is void."""
        self.end(call_id)
        for key in [k for k, guest in self._guests.items() if guest.expires <= now]:
            self.end(self._guests[key].call_id)
        secret = new_secret()
        self._guests[digest(secret)] = _Guest(call_id, now + GUEST_LIFE)
        self._by_call[call_id] = digest(secret)
        return secret

    def find(self, digest: str, now: datetime) -> str:
        """The call it is for; "" if none."""
        guest = self._guests.get(digest)
        return guest.call_id if guest is not None and now < guest.expires else ""

    def end(self, call_id: str) -> None:
        """The call has ended, and with it the token."""
        self._guests.pop(self._by_call.pop(call_id, ""), None)
