"""Who may do what: every route, socket and message against everybody there is. No IO.

What has no row is refused; tests see to it that nothing is without one, and that no row is
left over. `ALL`: of every call; `OWN`: of the calls that they take or took part in. Roles
are not ranks: whoever is an admin alone sees nothing of what is said on calls.
"""

from collections.abc import Collection, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

Party: TypeAlias = Literal[
    "anyone",  # whoever reaches the box
    "customer",  # of one call, by the token they were given for it
    "agent",
    "supervisor",
    "admin",
    "metrics",  # programs, by the scopes of their token
    "record",
    "calls",
]

Reach: TypeAlias = Literal["", "own", "all"]

ALL: Reach = "all"
OWN: Reach = "own"


class Row(Struct, frozen=True, kw_only=True):
    anyone: Reach = ""
    customer: Reach = ""
    agent: Reach = ""
    supervisor: Reach = ""
    admin: Reach = ""
    metrics: Reach = ""
    record: Reach = ""
    calls: Reach = ""
    # Also whoever has to change their password before anything else.
    new_password: bool = False


PUBLIC = Row(anyone=ALL)
STAFF = Row(agent=ALL, supervisor=ALL, admin=ALL, new_password=True)
SUPERVISOR = Row(supervisor=ALL)
CALL_FLOOR = Row(agent=ALL, supervisor=ALL)
ADMIN = Row(admin=ALL)

CALL = "WS /ws/call/{call_id}"
DESK = "WS /ws/agent"
LISTEN = "WS /ws/listen/{call_id}"
START = "POST /api/calls/start"
MATCH = "POST /api/calls/match/{call_id}"
SESSIONS = "GET /api/sessions"
METRICS = "GET /api/metrics"
METRICS_OF_PEOPLE = f"{METRICS} of people"
HEALTH = "GET /healthz"

# Behind the path, what a request or message is about, where that decides.
ROUTES: Mapping[str, Row] = {
    # The pages are empty shells: what they show they ask for.
    "GET /": PUBLIC,
    "GET /calls": PUBLIC,
    "GET /calls/history": PUBLIC,
    "GET /calls/history/{call_id}": PUBLIC,
    "GET /customer": PUBLIC,
    "GET /dashboard": PUBLIC,
    "GET /dashboard/trends": PUBLIC,
    "GET /dashboard/calls/{call_id}": PUBLIC,
    "GET /admin": PUBLIC,
    "GET /admin/{part}": PUBLIC,
    "GET /sound-check": PUBLIC,
    "GET /assets/{name}": PUBLIC,
    "GET /favicon.ico": PUBLIC,
    "GET /trust": PUBLIC,
    "GET /trust.css": PUBLIC,
    "GET /ca.crt": PUBLIC,
    # Whoever cannot sign in finds there what to do about it.
    "GET /handbook": PUBLIC,
    "GET /handbook/{page}": PUBLIC,
    HEALTH: PUBLIC,
    "GET /metrics": Row(supervisor=ALL, admin=ALL, metrics=ALL),
    "POST /auth/login": PUBLIC,
    "GET /auth/me": PUBLIC,
    "POST /auth/invite": PUBLIC,
    "POST /auth/logout": STAFF,
    "POST /auth/logout-everywhere": STAFF,
    "POST /auth/password": STAFF,
    START: PUBLIC,
    MATCH: Row(customer=OWN, agent=ALL, calls=ALL),
    "GET /api/calls/status/{call_id}": Row(
        customer=OWN, agent=OWN, supervisor=ALL, calls=OWN
    ),
    "POST /api/calls/end/{call_id}": Row(customer=OWN, agent=OWN, calls=OWN),
    "POST /api/calls/{call_id}/invite": Row(agent=OWN, supervisor=ALL),
    "GET /api/calls/stats": Row(
        agent=ALL, supervisor=ALL, admin=ALL, metrics=ALL, calls=ALL
    ),
    "GET /api/calls/waiting": CALL_FLOOR,
    "GET /api/calls/live": SUPERVISOR,
    "GET /api/customers/search": CALL_FLOOR,
    "GET /api/customers/{customer_id:path}": CALL_FLOOR,
    "GET /api/knowledge": Row(supervisor=ALL, admin=ALL),
    "GET /api/knowledge/search": Row(supervisor=ALL, admin=ALL),
    "GET /api/knowledge/{article}": Row(agent=ALL, supervisor=ALL, admin=ALL),
    "POST /api/knowledge": Row(admin=ALL),
    "POST /api/knowledge/{article}/remove": Row(admin=ALL),
    # Sums; those of a person are asked for below.
    METRICS: Row(agent=OWN, supervisor=ALL, admin=ALL, metrics=ALL),
    "GET /api/reports/calls": SUPERVISOR,
    "GET /api/reports/figures": SUPERVISOR,
    SESSIONS: Row(agent=OWN, supervisor=ALL, record=ALL),
    "GET /api/sessions/{call_id}": Row(agent=OWN, supervisor=ALL, record=ALL),
    "GET /api/sessions/{call_id}/recording": Row(agent=OWN, supervisor=ALL, record=ALL),
    "GET /api/sessions/{call_id}/audio": Row(agent=OWN, supervisor=ALL, record=ALL),
    "GET /api/sessions/{call_id}/replay": Row(agent=OWN, supervisor=ALL, record=ALL),
    "POST /api/sessions/{call_id}/wrap-up": Row(agent=OWN, supervisor=ALL),
    "GET /api/sessions/{call_id}/draft": Row(agent=OWN, supervisor=ALL),
    "POST /api/sessions/{call_id}/draft": Row(agent=OWN, supervisor=ALL),
    "GET /api/holds": Row(supervisor=ALL, admin=ALL),
    "POST /api/holds": Row(supervisor=ALL, admin=ALL),
    "POST /api/holds/{hold_id}/release": ADMIN,
    "GET /api/sessions/{call_id}/holds": Row(supervisor=ALL, admin=ALL),
    "GET /api/retention": ADMIN,
    "POST /api/retention/erase": ADMIN,
    "GET /api/exports/customers/{customer_id:path}": SUPERVISOR,
    "GET /api/people": ADMIN,
    "POST /api/people": ADMIN,
    "POST /api/people/{person_id}/roles": ADMIN,
    "POST /api/people/{person_id}/disable": ADMIN,
    "POST /api/people/{person_id}/enable": ADMIN,
    "POST /api/people/{person_id}/reset": ADMIN,
    "POST /api/people/{person_id}/sign-out": ADMIN,
    "GET /api/tokens": ADMIN,
    "POST /api/tokens": ADMIN,
    "POST /api/tokens/revoke": ADMIN,
    "GET /api/audit": ADMIN,
    "POST /api/audit/verify": ADMIN,
    "GET /api/doctor": ADMIN,
    "POST /api/doctor": ADMIN,
    CALL: Row(customer=OWN, agent=OWN, calls=OWN),
    DESK: Row(agent=ALL),
    "WS /ws/floor": SUPERVISOR,
    LISTEN: SUPERVISOR,
}

# What a route asks further, once it knows what is wanted.
PARTS: Mapping[str, Row] = {
    METRICS_OF_PEOPLE: Row(agent=OWN, supervisor=ALL),
    f"{HEALTH} in full": Row(supervisor=ALL, admin=ALL, metrics=ALL),
    f"{START} as customer": Row(anyone=ALL, calls=ALL),
    f"{START} as agent": Row(agent=ALL, calls=ALL),
    # A place in a call that is named: a call id that was guessed opens nothing.
    f"{MATCH} as customer": Row(customer=OWN, calls=OWN),
    f"{MATCH} as agent": Row(agent=ALL, calls=ALL),
    f"{CALL} as customer": Row(customer=OWN, calls=OWN),
    f"{CALL} as agent": Row(agent=OWN, calls=OWN),
}

BOTH = Row(customer=OWN, agent=OWN)
AGENT_ONLY = Row(agent=OWN)

# What may be sent from which seat of a socket; a program speaks from the seat it has taken.
MESSAGES: Mapping[str, Row] = {
    f"{CALL} hello": BOTH,
    f"{CALL} resume": BOTH,
    f"{CALL} audio": BOTH,
    f"{CALL} chat": BOTH,
    f"{CALL} mute": BOTH,
    f"{CALL} hold": BOTH,
    f"{CALL} pause": BOTH,  # whoever is to say a card number
    f"{CALL} record": BOTH,  # the customer agrees, or the agent tells that they do
    f"{CALL} hangup": BOTH,
    f"{CALL} ask": AGENT_ONLY,
    f"{CALL} stop": AGENT_ONLY,
    f"{CALL} summarise": AGENT_ONLY,
    f"{CALL} feedback": AGENT_ONLY,
    f"{CALL} choose_customer": AGENT_ONLY,
    f"{CALL} tick": AGENT_ONLY,
    f"{DESK} on_duty": AGENT_ONLY,
    f"{DESK} be": AGENT_ONLY,
    # Nothing else: whoever listens is no part of the call.
    f"{LISTEN} follow": SUPERVISOR,
    f"{LISTEN} listen": SUPERVISOR,
}

TABLE: Mapping[str, Row] = {**ROUTES, **PARTS, **MESSAGES}

_NOBODY = Row()
_BY_REACH: tuple[Reach, ...] = ("", OWN, ALL)


def cell(what: str, party: Party) -> Reach:
    reach: Reach = getattr(TABLE.get(what, _NOBODY), party)
    return reach


def reach(what: str, parties: Collection[Party]) -> Reach:
    """How far those go, who are all of these at once."""
    return max((cell(what, party) for party in parties), key=_BY_REACH.index, default="")


def by_owning(what: str, parties: Collection[Party]) -> list[Party]:
    """As which of these they may do it with calls of their own."""
    return [party for party in parties if cell(what, party) == OWN]
