"""What every request and socket passes before any route: is it for us, from our own page,
not too much? And what every answer carries."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from appliance.errors import ApplianceError
from appliance.server.answers import refuse
from appliance.server.headers import with_defaults
from appliance.server.limits import Gate, Reason
from appliance.server.origin import READS, Forbidden, Hosts, check_origin, only

STARTS = ("http.response.start", "websocket.http.response.start")

# Refusals of the routes, while they read a body.
BY_STATUS: dict[int, Reason] = {408: "late_body", 413: "large_body"}


class Guard:
    """Stands around a whole app, so that no answer goes out without its headers."""

    def __init__(self, app: ASGIApp, gate: Gate, hosts: Hosts | None) -> None:
        """Without `hosts` any name will do: for an app that only says where to go."""
        self._app = app
        self._gate = gate
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        secure = scope["scheme"] in ("https", "wss")

        async def answer(message: Message) -> None:
            if message["type"] in STARTS:
                given = message.get("headers", ())
                message["headers"] = with_defaults(given, secure=secure)
                if reason := BY_STATUS.get(message["status"]):
                    self._gate.count(reason)
            await send(message)

        address, path = address_of(scope), scope["path"]
        try:
            self._let_in(scope, address)
        except ApplianceError as error:
            await refuse(error)(scope, receive, answer)
            return
        try:
            await self._app(scope, receive, answer)
        finally:
            self._gate.answered(address, path, time.monotonic())

    def _let_in(self, scope: Scope, address: str) -> None:
        """Raises Forbidden or TooMuch."""
        try:
            self._check_sender(scope)
        except Forbidden as error:
            self._gate.count(error.reason)
            raise
        now = time.monotonic()
        if scope["type"] == "websocket":
            self._gate.check_socket(address, now)
        self._gate.ask(address, scope["path"], now)

    def _check_sender(self, scope: Scope) -> None:
        host = only(scope["headers"], "host")
        if self._hosts is not None:
            self._hosts.check(host)
        if scope["type"] == "websocket" or scope["method"] not in READS:
            check_origin(only(scope["headers"], "origin"), host, scope["scheme"])


def address_of(scope: Scope) -> str:
    """The address that a request or socket comes from; "" where there is none."""
    client = scope.get("client")
    return str(client[0]) if client else ""
