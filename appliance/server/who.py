"""Who asks: told from the cookies and headers of a request or socket, in microseconds."""

from typing import NamedTuple

from starlette.types import Scope

from appliance.access.access import Access
from appliance.access.people import Person
from appliance.access.refusals import NotAllowed
from appliance.access.secret import csrf_of, digest, same
from appliance.access.sessions import Session
from appliance.access.tokens import Machine
from appliance.server.cookies import cookie, header

BEARER = "Bearer "
CSRF_HEADER = b"x-csrf-token"


class Caller(NamedTuple):
    """What is known of who asks; nothing of it: a stranger.

    A browser may be a person's and a customer's at once, where somebody tries both pages.
    A person who has to change their password (`person.must_change`) may do only that.
    """

    person: Person | None = None
    session: Session | None = None  # of the person
    machine: Machine | None = None
    call_id: str = ""  # the customer of this call

    @property
    def id(self) -> str:
        """By which the record knows whose call it is; "" for strangers and customers."""
        if self.person is not None:
            return self.person.id
        # No person has an id like that.
        return f"token {self.machine.name}" if self.machine is not None else ""

    @property
    def name(self) -> str:
        """By which the audit log knows them; "" for strangers."""
        if self.person is not None:
            return self.person.name
        return self.id or ("the customer" if self.call_id else "")


STRANGER = Caller()


def who(access: Access, scope: Scope) -> Caller:
    """As of now, in memory alone: what was signed out, disabled or revoked counts no more.

    For an open socket, to be asked again now and then with the same scope: that also keeps
    the sign-in of somebody in a long call from seeming unused.
    """
    now = access.clock.now()
    bearer = header(scope, b"authorization")
    if bearer.startswith(BEARER):
        # A program: whatever cookies it has by chance do not add to what its token may do.
        key = digest(bearer.removeprefix(BEARER).strip())
        machine = access.roster.machine(key, now)
        return Caller(machine=machine, call_id=access.guests.find(key, now))
    guest, session = cookie(scope, "customer"), cookie(scope, "session")
    call_id = access.guests.find(digest(guest), now) if guest else ""
    found = access.signed_in(digest(session)) if session else None
    if found is None:
        return Caller(call_id=call_id)
    person, kept = found
    return Caller(person=person, session=kept, call_id=call_id)


def check_csrf(scope: Scope) -> None:
    """For every change that a signed-in browser asks for. Raises NotAllowed.

    The token is told by /auth/me, which no other site's page can read.
    """
    session = cookie(scope, "session")
    if not session or not same(header(scope, CSRF_HEADER), csrf_of(session)):
        raise NotAllowed(
            "The request does not carry this session's token.",
            fix="Send the `csrf` of GET /auth/me as X-CSRF-Token; reload the page.",
        )
