"""The record over REST: the list of calls, and one call with every event."""

from starlette.requests import Request
from starlette.responses import Response

from appliance.errors import ProtocolError
from appliance.pipeline.box import Box
from appliance.server.answers import NotFound, answer

LIMIT = 200


async def page(box: Box, request: Request) -> Response:
    """Newest first; `before=<call_id>` continues after that one."""
    limit = request.query_params.get("limit", "50")
    if not limit.isdecimal() or not 1 <= int(limit) <= LIMIT:
        raise ProtocolError(f"limit is {limit!r}.", fix=f"Give a number from 1 to {LIMIT}.")
    before = request.query_params.get("before")
    return answer({"sessions": await box.store.sessions(int(limit), before)})


async def one(box: Box, request: Request) -> Response:
    """With `partials=0`, without the texts that later ones replaced."""
    call_id = request.path_params["call_id"]
    partials = request.query_params.get("partials", "1") != "0"
    detail = await box.store.session(call_id, partials=partials)
    if detail is None:
        raise NotFound(f"There is no session {call_id!r}.", fix="See GET /api/sessions.")
    return answer(detail)
