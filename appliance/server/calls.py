"""Calls over REST: start, match, status, end, stats."""

import time
from functools import partial

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from appliance.access.access import Access
from appliance.access.refusals import NotAllowed
from appliance.calls.registry import Call
from appliance.duty import AgentState
from appliance.errors import CallError
from appliance.messages import Role, partner_of
from appliance.pipeline.box import Box
from appliance.server.answers import NotFound, answer, read_body
from appliance.server.guard import address_of
from appliance.server.invites import admit_customer
from appliance.server.limits import Gate
from appliance.server.passes import Pass, pass_of
from appliance.server.policy import MATCH, START

NAME_CHARACTERS = 200
REASON_CHARACTERS = 500
PHONE_CHARACTERS = 40
QUEUE_CHARACTERS = 80


class Wish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody wants to talk; `call_id` names a call, else the box finds one."""

    role: Role
    name: str = ""
    reason: str = ""  # why they call, in a sentence
    phone: str = ""  # the number a customer calls from, where a telephone system tells it
    queue: str = ""  # where the call came in; whoever names one first decides
    call_id: str | None = None


class Seat(Struct, frozen=True, kw_only=True):
    """Where the person's socket is to go."""

    call_id: str
    role: Role
    status: str  # waiting | matched
    socket: str


class PersonStatus(Struct, frozen=True, kw_only=True):
    role: Role
    name: str
    connected: bool
    reason: str


class Waiter(Struct, frozen=True, kw_only=True):
    """A customer whom nobody has answered yet."""

    call_id: str
    name: str
    reason: str
    queue: str
    seconds: float
    connected: bool


class Queue(Struct, frozen=True, kw_only=True):
    waiting: list[Waiter]  # the longest first


class Stats(Struct, frozen=True, kw_only=True):
    waiting: int
    active: int
    ended: int
    speech: str
    suggestions: str
    lag_ms: int
    agents: dict[AgentState, int]  # on duty


class CallStatus(Struct, frozen=True, kw_only=True):
    call_id: str
    state: str  # waiting | active | ended
    reason: str
    queue: str
    seconds: float  # since it was started
    position: int  # of the customer among those who wait, from 1; 0 when not waiting
    people: list[PersonStatus]
    speech: str
    suggestions: str
    lag_ms: int


async def start(box: Box, gate: Gate, access: Access, request: Request) -> Response:
    wish = await read_body(request, Wish)
    given = pass_of(request.scope)
    if wish.call_id is None:
        _check_may_start(box, given, wish.role)
    else:
        await given.require_call(f"{MATCH} as {wish.role}", wish.call_id)
    address, now = address_of(request.scope), time.monotonic()
    if wish.call_id is None and not box.registry.waiting(partner_of(wish.role)):
        # Nobody is there to be matched with: this call will wait.
        gate.check_call(address, box.registry.waits, now)
    call = _take_seat(box, given, wish, wish.call_id)
    if call.state == "waiting":
        gate.started(address, call.id, now)
    return _admitted(access, request, call, wish.role)


async def match(box: Box, access: Access, request: Request) -> Response:
    """Take a place in the call that the path names."""
    wish = await read_body(request, Wish)
    call, given = _known(box, request), pass_of(request.scope)
    await given.require_call(f"{MATCH} as {wish.role}", call.id)
    return _admitted(access, request, _take_seat(box, given, wish, call.id), wish.role)


async def status(box: Box, request: Request) -> Response:
    return answer(_status(box, _known(box, request)))


async def end(box: Box, request: Request) -> Response:
    return answer(_status(box, box.end(_known(box, request).id)))


async def stats(box: Box, _request: Request) -> Response:
    return answer(
        Stats(
            **box.registry.stats(),
            speech=box.parts.speech,
            suggestions=box.parts.suggestions,
            lag_ms=box.parts.lag_ms,
            agents=box.floor.agents.counts(),
        )
    )


async def waiting(box: Box, _request: Request) -> Response:
    """The customers who wait, for the agents who may answer."""
    now = time.monotonic()
    return answer(
        Queue(waiting=[_waiter(call, now) for call in box.registry.waiting("customer")])
    )


def _waiter(call: Call, now: float) -> Waiter:
    customer = call.people["customer"]
    return Waiter(
        call_id=call.id,
        name=customer.name,
        reason=customer.reason,
        queue=call.queue,
        seconds=round(now - call.started, 1),
        connected=customer.away_since is None,
    )


def _known(box: Box, request: Request) -> Call:
    try:
        return box.registry.get(request.path_params["call_id"])
    except CallError as error:
        raise NotFound(error.problem, fix=error.fix) from error


def _check_may_start(box: Box, given: Pass, role: Role) -> None:
    """Raises NotSignedIn, NotAllowed."""
    given.require(f"{START} as {role}")
    stranger = role == "customer" and given.caller.machine is None
    if stranger and not box.settings.calls.uninvited:
        raise NotAllowed(
            "Nobody calls here without an invitation.",
            fix="Ask for one; an agent makes it. An admin may set calls.uninvited.",
        )


def _take_seat(box: Box, given: Pass, wish: Wish, call_id: str | None) -> Call:
    take_seat = partial(
        box.start,
        wish.role,
        given.name(wish.role, wish.name[:NAME_CHARACTERS]),
        call_id,
        wish.reason[:REASON_CHARACTERS],
        wish.phone[:PHONE_CHARACTERS],
        given.by(wish.role),
        wish.queue[:QUEUE_CHARACTERS],
    )
    if wish.role == "agent" and given.caller.person is not None:
        return box.floor.answer(given.caller.person.id, take_seat)
    return take_seat()


def _admitted(access: Access, request: Request, call: Call, role: Role) -> Response:
    """A customer at a browser gets the token of their call. A program has its own."""
    response, caller = _seated(call, role), pass_of(request.scope).caller
    if role == "customer" and caller.machine is None and caller.call_id != call.id:
        admit_customer(access, request, response, call.id)
    return response


def _seated(call: Call, role: Role) -> Response:
    matched = call.state == "active"
    seat = Seat(
        call_id=call.id,
        role=role,
        status="matched" if matched else "waiting",
        socket=f"/ws/call/{call.id}",
    )
    return answer(seat, 200 if matched else 201)


def _status(box: Box, call: Call) -> CallStatus:
    waiting = [waiting.id for waiting in box.registry.waiting("customer")]
    return CallStatus(
        call_id=call.id,
        state=call.state,
        reason=call.reason,
        queue=call.queue,
        seconds=round(time.monotonic() - call.started, 1),
        position=waiting.index(call.id) + 1 if call.id in waiting else 0,
        people=[
            PersonStatus(
                role=p.role,
                name=p.name,
                connected=p.away_since is None,
                reason=p.reason,
            )
            for p in call.people.values()
        ],
        speech=box.parts.speech,
        suggestions=box.parts.suggestions,
        lag_ms=box.parts.lag_ms,
    )
