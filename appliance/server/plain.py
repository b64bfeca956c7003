"""What whoever comes without TLS is answered: where to go, and how to trust the box."""

import re
from functools import partial
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from appliance.server.answers import answer
from appliance.server.trust import Trust

# What `Host` may be: a name, an IPv4 or a bracketed IPv6 address. It comes from outside,
# and goes into an address that a browser follows.
_HOST = re.compile(r"(?P<host>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?")

HTTPS = 443  # the port that browsers take without being told

# Whoever only looks is sent on. A form or a program that was sent on would never learn that
# what it sent could be read by everybody on the way.
LOOKING = ("GET", "HEAD")


def plain_app(trust: Trust, port: int) -> Starlette:
    """For connections without TLS to a box whose port for TLS is `port`."""
    return Starlette(
        routes=[
            Route("/trust", trust.page),
            Route("/trust.css", trust.style),
            Route("/ca.crt", trust.certificate),
            Route(
                "/{path:path}",
                partial(_send_on, port),
                methods=[*LOOKING, "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
            ),
            WebSocketRoute("/{path:path}", partial(_refuse_socket, port)),
        ]
    )


async def _send_on(port: int, request: Request) -> Response:
    address = _secure_address(request, port)
    page = request.method in LOOKING and "text/html" in request.headers.get("accept", "")
    if not page:
        return _refusal(address)
    # Not for ever: a browser would go on being sent there once TLS is switched off again.
    return RedirectResponse(address, status_code=307, headers={"cache-control": "no-store"})


async def _refuse_socket(port: int, socket: WebSocket) -> None:
    await socket.send_denial_response(_refusal(_secure_address(socket, port)))


def _refusal(address: str) -> Response:
    problem = "This is http, which everybody on the network can read."
    fix = f"Use {address} and trust the box's certificate: /trust says how."
    return answer({"problem": problem, "fix": fix}, 403)


def _secure_address(request: Request | WebSocket, port: int) -> str:
    """The same page or socket over TLS, at the host that was asked for."""
    server = request.scope.get("server") or ("localhost", port)
    given = _HOST.fullmatch(request.headers.get("host", ""))
    host = given["host"] if given else str(server[0])
    # At the box's own port the browser already has the right one, whatever forwards to it.
    ours = "" if port == HTTPS else f":{port}"
    outside = given[2] if given and server[1] == port else ours
    scheme = "wss" if request.scope["type"] == "websocket" else "https"
    # Not `request.url`, which is put together from that same header.
    query = request.scope["query_string"].decode("latin-1")
    path = quote(request.scope["path"]) + (f"?{query}" if query else "")
    return f"{scheme}://{host}{outside or ''}{path}"
