"""How uvicorn serves an app of ours: with our protocols, our guard and our limits."""

from functools import partial
from typing import cast

import uvicorn
from starlette.types import ASGIApp

from appliance.server.guard import Guard
from appliance.server.http_line import MAX_HEAD, HttpLine
from appliance.server.limits import Gate
from appliance.server.line import Line
from appliance.server.origin import Hosts

# A frame carries a second of audio at most, 96 kB; a text 64 kB.
MAX_MESSAGE = 256 * 1024


def front(app: ASGIApp, gate: Gate, hosts: Hosts | None = None) -> uvicorn.Config:
    """Everybody who comes in comes through `gate`, and under one of the names of `hosts`,
    if there are any."""
    return uvicorn.Config(
        Guard(app, gate, hosts),
        log_config=None,
        log_level="warning",
        access_log=False,
        # What a client says of itself in X-Forwarded-For is not where it is.
        proxy_headers=False,
        server_header=False,
        # Each is made for a connection, by its name and arguments; uvicorn's types know
        # classes only.
        http=cast(type[HttpLine], partial(HttpLine, gate)),
        h11_max_incomplete_event_size=MAX_HEAD,
        ws=cast(type[Line], partial(Line, gate)),
        ws_max_size=MAX_MESSAGE,
        # Audio does not compress, and a deflate of each JSON line costs more CPU than the
        # line is long on a LAN. Nor can anybody send a bomb.
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_graceful_shutdown=5,
    )
