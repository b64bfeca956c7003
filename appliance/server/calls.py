"""Calls over REST: start, match, status, end, stats."""

import time

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from appliance.calls.registry import Call
from appliance.errors import CallError
from appliance.messages import Role
from appliance.pipeline.box import Box
from appliance.server.answers import NotFound, answer, read_body

NAME_CHARACTERS = 200


class Wish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody wants to talk; `call_id` names a call, else the box finds one."""

    role: Role
    name: str = ""
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


class CallStatus(Struct, frozen=True, kw_only=True):
    call_id: str
    state: str  # waiting | active | ended
    reason: str
    seconds: float  # since it was started
    people: list[PersonStatus]
    speech: str
    suggestions: str
    lag_ms: int


async def start(box: Box, request: Request) -> Response:
    wish = await read_body(request, Wish)
    return _seat(box.start(wish.role, wish.name[:NAME_CHARACTERS], wish.call_id), wish.role)


async def match(box: Box, request: Request) -> Response:
    """Take a place in the call that the path names."""
    wish = await read_body(request, Wish)
    call = _known(box, request)
    return _seat(box.start(wish.role, wish.name[:NAME_CHARACTERS], call.id), wish.role)


async def status(box: Box, request: Request) -> Response:
    return answer(_status(box, _known(box, request)))


async def end(box: Box, request: Request) -> Response:
    return answer(_status(box, box.end(_known(box, request).id)))


async def stats(box: Box, _request: Request) -> Response:
    counts: dict[str, int | str] = dict(box.registry.stats())
    return answer(
        counts
        | {
            "speech": box.parts.speech,
            "suggestions": box.parts.suggestions,
            "lag_ms": box.parts.lag_ms,
        }
    )


def _known(box: Box, request: Request) -> Call:
    try:
        return box.registry.get(request.path_params["call_id"])
    except CallError as error:
        raise NotFound(error.problem, fix=error.fix) from error


def _seat(call: Call, role: Role) -> Response:
    matched = call.state == "active"
    seat = Seat(
        call_id=call.id,
        role=role,
        status="matched" if matched else "waiting",
        socket=f"/ws/call/{call.id}",
    )
    return answer(seat, 200 if matched else 201)


def _status(box: Box, call: Call) -> CallStatus:
    return CallStatus(
        call_id=call.id,
        state=call.state,
        reason=call.reason,
        seconds=round(time.monotonic() - call.started, 1),
        people=[
            PersonStatus(role=p.role, name=p.name, connected=p.away_since is None)
            for p in call.people.values()
        ],
        speech=box.parts.speech,
        suggestions=box.parts.suggestions,
        lag_ms=box.parts.lag_ms,
    )
