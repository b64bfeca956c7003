"""Signing in and out, and changing one's own password.

A site's directory would be asked in `_proven`, in place of the hash that we keep: nothing
else knows how somebody proves who they are.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from anyio import to_thread
from msgspec.structs import replace

from appliance.access.access import Access
from appliance.access.audit import Action, Note
from appliance.access.first import FIRST, forget_first_password
from appliance.access.lockout import Key, network
from appliance.access.passwords import MOST, check_password, normal
from appliance.access.people import Person, folded
from appliance.access.refusals import NotSignedIn, PasswordRefused, TooOften
from appliance.access.roster import Change, Device, Drop, Password, Put
from appliance.access.rules import MOST_SESSIONS
from appliance.access.secret import digest, new_secret
from appliance.access.sessions import Session


class Came(NamedTuple):
    """Where a request comes from, and what it brought."""

    address: str
    session: str = ""  # secrets, as the browser sent them; "" without
    device: str = ""


class SignedIn(NamedTuple):
    """The secrets are for the browser's cookies, and nowhere else."""

    person: Person
    session: str
    device: str


class Entrance:
    def __init__(self, access: Access) -> None:
        self._access = access

    async def sign_in(self, name: str, password: str, came: Came) -> SignedIn:
        """A new session and a new device; the session that was brought ends, whose ever.

        Raises NotSignedIn, alike for every reason, after as long a time; TooOften.
        """
        person, kept = await self._proven(name, password, came, "sign-in refused")
        fresh = None
        if self._access.hasher.outdated(kept):
            fresh = await self._access.hasher.hash(password)
        async with self._access.changing:
            # Disabled, or given another password, since it was compared?
            person = self._still(person, kept)
            changes: list[Change] = []
            if fresh is not None:
                changes.append(Put(Password(person_id=person.id, hash=fresh)))
            note = Note(
                actor=person.name,
                action="signed in",
                subject=person.name,
                detail=f"from {came.address}",
            )
            return await self._let_in(person, came, note, changes)

    async def sign_out(self, person: Person, session: Session) -> None:
        """This browser stays known."""
        note = Note(actor=person.name, action="signed out", subject=person.name)
        await self._access.commit(deny=[Drop(Session, session.digest)], notes=[note])

    async def sign_out_everywhere(self, person: Person) -> None:
        note = Note(actor=person.name, action="signed out everywhere", subject=person.name)
        async with self._access.changing:
            await self._access.commit(deny=gone(self._access, person), notes=[note])

    async def change_password(
        self, person: Person, old: str, new: str, came: Came
    ) -> SignedIn:
        """A new session; all others of this person end, and other browsers are strangers.

        Raises NotSignedIn if the old password is wrong, PasswordRefused, TooOften.
        """
        access = self._access
        check_password(new, person.name, access.settings.password_length)
        if normal(new) == normal(old):
            raise PasswordRefused(
                "The new password is the old one.", fix="Think of another one."
            )
        _, kept = await self._proven(person.name, old, came, "password change refused")
        fresh = await access.hasher.hash(new)
        async with access.changing:
            person = replace(self._still(person, kept), must_change=False)
            changes = [Put(Password(person_id=person.id, hash=fresh)), Put(person)]
            note = Note(actor=person.name, action="password changed", subject=person.name)
            return await self._let_in(person, came, note, changes, gone(access, person))

    async def _proven(
        self, name: str, password: str, came: Came, refused: Action
    ) -> tuple[Person, str]:
        """Who has this name and password, and the hash it was compared with.

        Raises NotSignedIn, TooOften.
        """
        access = self._access
        person = access.roster.named(name)
        known = person is not None and access.roster.knows(
            digest(came.device), person, access.clock.now()
        )
        # A known browser is held back by its own wrong tries alone: whoever guesses at an
        # account elsewhere does not keep its owner out.
        keys = [Key("device", digest(came.device))] if known else _keys(name, came)
        wait_s = access.lockout.wait_s(keys, access.clock.monotonic_s())
        if wait_s > 0:
            raise _too_often(wait_s)
        access.hasher.check_room(known=known)
        access.lockout.begin(keys, access.clock.monotonic_s())
        kept = access.roster.password(person.id) if person is not None else None
        # Nobody's password is longer than that, and hashing it would take longer.
        tried = normal(password)[: MOST + 1]
        right = await access.hasher.matches(kept, tried)
        if person is None or kept is None or not right or person.disabled:
            wait_s = access.lockout.wait_s(keys, access.clock.monotonic_s())
            await access.commit(notes=[_refusal(person, came, refused, wait_s)])
            raise _wrong()
        access.lockout.succeeded(keys, access.clock.monotonic_s())
        return person, kept

    def _still(self, person: Person, kept: str) -> Person:
        """The person as they are now. Raises NotSignedIn if they may not come in now."""
        roster = self._access.roster
        now = roster.people.get(person.id)
        if now is None or now.disabled or roster.password(person.id) != kept:
            raise _wrong()
        return now

    async def _let_in(
        self,
        person: Person,
        came: Came,
        note: Note,
        allow: Sequence[Change],
        deny: Sequence[Change] = (),
    ) -> SignedIn:
        """The browser gets new secrets, and those that it brought are void."""
        access, roster = self._access, self._access.roster
        now = access.clock.now()
        let_in = SignedIn(person, session=new_secret(), device=new_secret())
        session = Session(
            digest=digest(let_in.session),
            person_id=person.id,
            created=now,
            seen=now,
            address=came.address,
        )
        device = Device(digest=digest(let_in.device), person_id=person.id, used=now)
        most = MOST_SESSIONS - 1
        out: list[Change] = [
            *deny,
            Drop(Session, digest(came.session)),
            Drop(Device, digest(came.device)),
            *(Drop(Session, one.digest) for one in roster.sessions.of(person.id)[:-most]),
            *(Drop(Device, one.digest) for one in roster.devices_of(person.id)[:-most]),
        ]
        into = [*allow, Put(session), Put(device)]
        await access.commit(allow=into, deny=out, notes=[note])
        if folded(person.name) == FIRST:
            await to_thread.run_sync(forget_first_password, access.folder)
        return let_in


def gone(access: Access, person: Person) -> list[Change]:
    """Every sign-in of a person ends, and no browser is theirs any more."""
    roster = access.roster
    return [
        *(Drop(Session, one.digest) for one in roster.sessions.of(person.id)),
        *(Drop(Device, one.digest) for one in roster.devices_of(person.id)),
    ]


def _keys(name: str, came: Came) -> list[Key]:
    return [
        Key("account", digest(folded(name))),
        Key("address", network(came.address)),
    ]


def _refusal(person: Person | None, came: Came, action: Action, wait_s: float) -> Note:
    # A name that nobody has is not logged: it may be a password, typed a line too high.
    why = "wrong password" if person is not None else "unknown name"
    if person is not None and person.disabled:
        why = "the account is disabled"
    wait = f"; the next try in {wait_s:.0f} s" if wait_s else ""
    return Note(
        actor="",
        action=action,
        subject=person.name if person is not None else "",
        detail=f"{why}, from {came.address}{wait}",
    )


def _wrong() -> NotSignedIn:
    return NotSignedIn(
        "The name or the password is wrong.",
        fix="Try again, or ask an administrator for a new password.",
    )


def _too_often(wait_s: float) -> TooOften:
    return TooOften(
        "There were too many wrong tries.",
        fix=f"Wait {math.ceil(wait_s)} s, or ask an administrator for a new password.",
        wait_s=wait_s,
    )
