"""Tokens: of machines, for as long as an admin says, and of customers, for one call."""

from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

from appliance.access.rules import GUEST_LEAVES, GUEST_LIFE, INVITE_LIFE
from appliance.access.secret import digest, invite_code, new_secret

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
        self._invites: dict[str, _Guest] = {}  # by the digest of the code

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
        """The token is void."""
        self._guests.pop(self._by_call.pop(call_id, ""), None)

    def ending(self, call_id: str, now: datetime) -> None:
        """The call has ended, and with it, in a moment, the token."""
        guest = self._guests.get(key := self._by_call.get(call_id, ""))
        if guest is not None:
            self._guests[key] = _Guest(call_id, min(guest.expires, now + GUEST_LEAVES))
        self._uninvite(call_id, now)

    def invite(self, call_id: str, now: datetime) -> str:
        """A code for whoever is to be the call's customer; the one before is void."""
        self._uninvite(call_id, now)
        code = invite_code()
        self._invites[digest(code)] = _Guest(call_id, now + INVITE_LIFE)
        return code

    def invited(self, code: str, now: datetime) -> str:
        """The call that the code was for, which is used up; "" if it is none."""
        guest = self._invites.pop(digest(code.strip().lower()), None)
        return guest.call_id if guest is not None and now < guest.expires else ""

    def _uninvite(self, call_id: str, now: datetime) -> None:
        """Forget the code of this call, and what has expired."""
        self._invites = {
            key: guest
            for key, guest in self._invites.items()
            if guest.call_id != call_id and now < guest.expires
        }
