"""A recorded call as its screens got it: the same messages, in the same order, in time.

Server-sent events, because a page's own EventSource reads them: it brings the sign-in with
it, and after a dropped line asks again from the `id` it has seen last. `data` is a message
as it was sent, `id` its `seq`, `at` its call time (a field that EventSource passes over,
for programs). `end` says that nothing more comes; without it the page would ask again.

    id: 17
    at: 5230
    data: {"type":"transcript","seq":17,...}
"""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import anyio
from anyio import to_thread
from msgspec import Meta, Struct, ValidationError, convert
from msgspec.json import encode
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from appliance.calls.room import Viewer
from appliance.errors import ApplianceError, ProtocolError
from appliance.pipeline.box import Box
from appliance.pipeline.retold import Line, retold
from appliance.server.answers import NotFound
from appliance.server.passes import Pass, own_id, pass_of
from appliance.server.views import Views

# Behind this a peer that is gone is noticed, and a sign-in that has ended.
QUIET_S = 2.0


class Wish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`speed` 0: at once. What came before `from_ms` comes at once, so that the screen is
    as it was then."""

    speed: Annotated[float, Meta(ge=0, le=1000)] = 1.0
    from_ms: Annotated[int, Meta(ge=0)] = 0


async def replay(box: Box, views: Views, request: Request) -> Response:
    """Agents get what the agent's screen got, supervisors what theirs would have."""
    call_id = request.path_params["call_id"]
    try:
        wish = convert(dict(request.query_params), Wish, strict=False)
        seen = int(request.headers.get("last-event-id") or 0)
    except (ValidationError, ValueError) as error:
        raise ProtocolError(
            f"The call cannot be replayed like that: {error}.",
            fix="Ask as /handbook/interface shows, for instance ?speed=2.",
        ) from error
    await box.publisher.settled()
    events = await box.store.kept(call_id)
    if not events:
        raise NotFound(f"There is no session {call_id!r}.", fix="See GET /api/sessions.")
    await views.replayed(request, call_id)
    viewer: Viewer = "supervisor" if own_id(request.scope) is None else "agent"
    lines = await to_thread.run_sync(retold, events, viewer)
    left = [line for line in lines if line.seq > seen]
    return StreamingResponse(
        _stream(left, wish, pass_of(request.scope)),
        media_type="text/event-stream",
        headers={"cache-control": "no-store"},
    )


async def _stream(lines: Sequence[Line], wish: Wish, given: Pass) -> AsyncIterator[bytes]:
    due = anyio.current_time()
    at_ms = wish.from_ms
    for line in lines:
        if wish.speed:
            due += max(0, line.at_ms - at_ms) / 1000 / wish.speed
            at_ms = max(at_ms, line.at_ms)
        while (left_s := due - anyio.current_time()) > 0:
            await anyio.sleep(min(left_s, QUIET_S))
            if left_s > QUIET_S:
                yield b":\n\n"
            if (refusal := given.refusal_now()) is not None:
                yield _refused(refusal)
                return
        yield b"id: %d\nat: %d\ndata: %s\n\n" % (line.seq, line.at_ms, line.text)
    yield b"event: end\ndata: {}\n\n"


def _refused(error: ApplianceError) -> bytes:
    told = encode({"problem": error.problem, "fix": error.fix})
    return b"event: refused\ndata: %s\n\n" % told
