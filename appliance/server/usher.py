"""Shows everybody who comes to a route to what they may do there, and nobody further.

It stands inside the guard and in front of the routes. A program is refused a socket by the
status of the handshake; a browser tells its page nothing of that, so its socket is opened
and closed with a code that says why: 4401, 4403 and 4404 are what 401, 403 and 404 are.
"""

from collections.abc import Sequence
from contextlib import suppress

from anyio import CancelScope
from starlette.routing import BaseRoute, Match, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from appliance.access.access import Access
from appliance.errors import ApplianceError
from appliance.server.answers import refuse, status_of
from appliance.server.cookies import header
from appliance.server.passes import KEY, Pass, TookPart
from appliance.server.refused import Refused
from appliance.server.vigil import Vigil

CLOSED = 4000  # and the status that HTTP has for it

REASON_BYTES = 123  # what a closing frame has room for (RFC 6455, 5.5)


class Usher:
    def __init__(
        self,
        app: ASGIApp,
        routes: Sequence[BaseRoute],
        access: Access,
        took_part: TookPart,
        vigil: Vigil,
    ) -> None:
        self._app = app
        self._routes = routes
        self._access = access
        self._took_part = took_part
        self._vigil = vigil
        self._refused = Refused(access)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = None if scope["type"] == "lifespan" else self._find(scope)
        if found is None:  # the router says that there is no such thing
            await self._app(scope, receive, send)
            return
        what, call_id = found
        given = scope[KEY] = Pass(self._access, scope, self._took_part)
        try:
            if call_id is None:
                given.require(what)
            else:
                await given.require_call(what, call_id)
        except ApplianceError as error:
            await self._refused.note(scope, given.caller, what, call_id or "")
            await _turn_away(error, scope, receive, send)
            return
        if scope["type"] == "http":
            await self._app(scope, receive, send)
        else:
            await self._watched(given, scope, receive, send)

    def _find(self, scope: Scope) -> tuple[str, str | None] | None:
        """The row of the policy, and the id of the call that it is about."""
        for route in self._routes:
            match, found = route.matches(scope)
            if match is Match.FULL and isinstance(route, Route | WebSocketRoute):
                call_id = found["path_params"].get("call_id")
                return f"{_verb(scope)} {route.path}", call_id
        return None

    async def _watched(
        self, given: Pass, scope: Scope, receive: Receive, send: Send
    ) -> None:
        with CancelScope() as open_, self._vigil.over(given, open_) as watched:
            await self._app(scope, receive, send)
        if watched.refusal is not None:
            # It may have closed by itself at the same moment.
            with suppress(OSError, RuntimeError):
                await send(_goodbye(watched.refusal))


def _verb(scope: Scope) -> str:
    if scope["type"] == "websocket":
        return "WS"
    return "GET" if scope["method"] == "HEAD" else str(scope["method"])


async def _turn_away(
    error: ApplianceError, scope: Scope, receive: Receive, send: Send
) -> None:
    if scope["type"] == "http" or not header(scope, b"origin"):
        await refuse(error)(scope, receive, send)
        return
    await receive()  # the handshake, which comes first
    with suppress(OSError):  # they have left again
        await send({"type": "websocket.accept"})
        await send(_goodbye(error))


def _goodbye(error: ApplianceError) -> dict[str, object]:
    reason = error.problem.encode()[:REASON_BYTES].decode(errors="ignore")
    code = CLOSED + status_of(error)
    return {"type": "websocket.close", "code": code, "reason": reason}
