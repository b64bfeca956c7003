"""How a customer comes by the token of their one call: with it, or by an agent's code."""

from functools import partial
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.access.access import Access
from appliance.access.rules import INVITE_LIFE
from appliance.calls.registry import Call
from appliance.errors import CallError
from appliance.pipeline.box import Box
from appliance.server.answers import NotFound, answer, read_body
from appliance.server.cookies import set_cookie
from appliance.server.guard import address_of
from appliance.server.passes import pass_of


class Invite(Struct, frozen=True, kw_only=True):
    """To be told to the customer: as a code, or as a link that no server's log gets to
    see, since browsers keep what stands behind the # to themselves."""

    code: str
    path: str
    minutes: int


class InviteWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: Annotated[str, Meta(max_length=100)]


class Invited(Struct, frozen=True, kw_only=True):
    call_id: str


def invite_routes(box: Box, access: Access) -> list[Route]:
    return [
        Route(
            "/api/calls/{call_id}/invite", partial(invite, box, access), methods=["POST"]
        ),
        Route("/auth/invite", partial(accept, box, access), methods=["POST"]),
    ]


async def invite(box: Box, access: Access, request: Request) -> Response:
    """A code for the customer of this call; one that was made before is void."""
    try:
        call = box.registry.get(request.path_params["call_id"])
    except CallError as error:
        raise NotFound(error.problem, fix=error.fix) from error
    _check_waits(call)
    name, address = pass_of(request.scope).caller.name, address_of(request.scope)
    await access.record(name, "customer invited", call.id, f"from {address}")
    code = access.guests.invite(call.id, access.clock.now())
    minutes = int(INVITE_LIFE.total_seconds() // 60)
    return answer(Invite(code=code, path=f"/customer#{code}", minutes=minutes), 201)


async def accept(box: Box, access: Access, request: Request) -> Response:
    """The code is used up; whoever sent it is the customer of its call."""
    wish = await read_body(request, InviteWish)
    call_id = access.guests.invited(wish.code, access.clock.now())
    if not call_id:
        raise NotFound("This code is not valid, or not any more.", fix="Ask for a new one.")
    # Somebody else may have called in meanwhile, and must not be put out.
    _check_waits(box.registry.get(call_id))
    await access.record(
        "the customer", "invitation used", call_id, f"from {address_of(request.scope)}"
    )
    response = answer(Invited(call_id=call_id))
    admit_customer(access, request, response, call_id)
    return response


def _check_waits(call: Call) -> None:
    if call.state == "ended" or "customer" in call.people:
        raise CallError(
            "This call waits for no customer, or not any more.",
            fix="Invite a customer, or come, while it waits for one.",
        )


def admit_customer(
    access: Access, request: Request, response: Response, call_id: str
) -> None:
    """Whoever held the place before is out."""
    secret = access.guests.admit(call_id, access.clock.now())
    set_cookie(request.scope, response, "customer", secret)
    response.headers["cache-control"] = "no-store"
