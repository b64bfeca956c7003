"""What the asker of a request or socket may do, as far as the policy says."""

from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias

from starlette.types import Scope

from appliance.access.access import Access
from appliance.access.people import Person
from appliance.access.refusals import NotAllowed, not_signed_in
from appliance.errors import ApplianceError
from appliance.messages import Received, Role
from appliance.server import policy
from appliance.server.answers import NotFound
from appliance.server.origin import READS
from appliance.server.policy import Party, Reach
from appliance.server.who import Caller, check_csrf, who

KEY = "appliance.pass"

# Whether somebody, by their id, takes or took part in a call.
TookPart: TypeAlias = Callable[[str, str], Awaitable[bool]]


class Pass:
    """Of one request, or of a socket for as long as it is open."""

    def __init__(self, access: Access, scope: Scope, took_part: TookPart) -> None:
        self.caller = who(access, scope)
        self._access = access
        self._scope = scope
        self._took_part = took_part
        self._granted: list[str] = []

    def person(self) -> Person:
        """Who is signed in. Raises NotSignedIn."""
        if self.caller.person is None:
            raise not_signed_in()
        return self.caller.person

    def by(self, seat: Role) -> str:
        """The id by which a place of theirs is known: a person's own as an agent, a
        program's on either side, and none of a customer, who is known by the call."""
        machine = self.caller.machine is not None
        return self.caller.id if machine or seat == "agent" else ""

    def name(self, seat: Role, given: str) -> str:
        """What they are called there: agents as their account is."""
        person = self.caller.person if seat == "agent" else None
        return given if person is None else person.name

    def reach(self, what: str) -> Reach:
        return policy.reach(what, parties_of(self.caller, what))

    def require(self, what: str) -> Reach:
        """Raises NotSignedIn or NotAllowed for what this one may do with no call."""
        reach = self.reach(what)
        if not reach:
            raise _refusal(self.caller)
        self._check_csrf(what, reach)
        self._granted.append(what)
        return reach

    async def require_call(self, what: str, call_id: str) -> None:
        """Raises NotFound, too, alike for calls of others and for none at all."""
        if self.require(what) == policy.OWN and not await self._owns(what, call_id):
            raise no_such_call(call_id)

    async def took_part(self, call_id: str) -> bool:
        """Whether this one takes part in that call, or the record has it that they did."""
        return await self._took_part(call_id, self.caller.id)

    def refusal_now(self) -> ApplianceError | None:
        """Why an open socket has to go, if it has to: whoever sits there has signed out,
        may not come in any more, or has another role."""
        now = who(self._access, self._scope)
        if now.call_id and now.call_id == self.caller.call_id and self._as_customer():
            return None  # whoever signs in or out beside them, in the same browser
        if (now.id, now.call_id) != (self.caller.id, self.caller.call_id):
            return _refusal(now)
        if all(policy.reach(what, parties_of(now, what)) for what in self._granted):
            return None
        return _refusal(now)

    def _as_customer(self) -> bool:
        """Whether all that was granted is a customer's to do."""
        return all(policy.reach(what, ["anyone", "customer"]) for what in self._granted)

    async def _owns(self, what: str, call_id: str) -> bool:
        parties = policy.by_owning(what, parties_of(self.caller, what))
        if "customer" in parties and self.caller.call_id == call_id:
            return True
        # Staff and programs are known by an id; a customer by their call alone.
        others = [party for party in parties if party != "customer"]
        return bool(others) and await self.took_part(call_id)

    def _check_csrf(self, what: str, reach: Reach) -> None:
        """Where a sign-in is what allows a change. Raises NotAllowed.

        A socket's origin has been checked, and nothing else can send its cookie.
        """
        if self._scope["type"] == "websocket" or self._scope["method"] in READS:
            return
        unsigned = self.caller._replace(person=None, session=None)
        if policy.reach(what, parties_of(unsigned, what)) != reach:
            check_csrf(self._scope)


def own_id(scope: Scope, what: str = policy.SESSIONS) -> str | None:
    """Whose calls alone a list of them, or what it is, may have; None: all."""
    given = pass_of(scope)
    return None if given.reach(what) == policy.ALL else given.caller.id


def pass_of(scope: Scope) -> Pass:
    """That the usher has put there."""
    given: Pass = scope[KEY]
    return given


def check_may_send(
    socket: str, seat: Literal[Role, "supervisor"], message: Received
) -> None:
    """Raises NotAllowed for a message that is not for this seat."""
    kind = str(message.__struct_config__.tag)
    if not policy.cell(f"{socket} {kind}", seat):
        raise NotAllowed(f"The {seat} may not send {kind}.", fix="See /handbook/interface.")


def parties_of(caller: Caller, what: str) -> list[Party]:
    """As whom they may come to do this."""
    parties: list[Party] = ["anyone"]
    if caller.call_id:
        parties.append("customer")
    if caller.machine is not None:
        parties.extend(caller.machine.scopes)
    person, row = caller.person, policy.TABLE.get(what)
    if person is not None:
        waits = person.must_change and not (row is not None and row.new_password)
        parties.extend(() if waits else person.roles)
    return parties


def no_such_call(call_id: str) -> NotFound:
    return NotFound(f"There is no call {call_id!r} here.", fix="See GET /api/sessions.")


def _refusal(caller: Caller) -> ApplianceError:
    if caller.person is not None and caller.person.must_change:
        return NotAllowed(
            "The password has to be changed first.", fix="Change it with /auth/password."
        )
    if caller.person is None and caller.machine is None and not caller.call_id:
        return not_signed_in()
    return NotAllowed(
        "You may not do this.",
        fix="Sign in as somebody who may; an admin gives roles with `appliance users "
        "roles`, and programs their scopes with `appliance tokens add`.",
    )
