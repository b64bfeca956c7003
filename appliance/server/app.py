"""Routes. Builds the app from what it is given; decides nothing else.

Every request and socket comes through this one table, so that a policy (who may do what)
can be put in front of it as middleware.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import cast

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from appliance.access.access import Access
from appliance.errors import ApplianceError
from appliance.pipeline.box import Box
from appliance.server import calls, customers, health, metrics, sessions
from appliance.server.agent_socket import serve_agent
from appliance.server.answers import refuse, refuse_unrouted
from appliance.server.auth import auth_routes
from appliance.server.call_socket import serve_call
from appliance.server.limits import Gate
from appliance.server.loop import LoopProbe
from appliance.server.pages import NOT_BUILT, Pages
from appliance.server.trust import Trust
from appliance.tls.keeper import Keeper


def create_app(
    box: Box,
    pages: Pages = NOT_BUILT,
    middleware: Sequence[Middleware] = (),
    keeper: Keeper | None = None,
    access: Access | None = None,
    gate: Gate | None = None,
) -> Starlette:
    """Everything the app uses comes in here, so that a test builds it in one line.

    Without `access` nobody can sign in.
    """
    probe = LoopProbe()
    trust = Trust(keeper)
    gate = gate or Gate(box.settings.limits)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None, None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(probe.run)
            yield
            tasks.cancel_scope.cancel()

    return Starlette(
        routes=[
            Route("/", pages.page),
            Route("/calls", pages.page),
            Route("/calls/history", pages.page),
            Route("/calls/history/{call_id}", pages.page),
            Route("/customer", pages.page),
            Route("/dashboard", pages.page),
            Route("/admin", pages.page),
            Route("/sound-check", pages.page),
            Route("/assets/{name}", pages.asset),
            Route("/trust", trust.page),
            Route("/trust.css", trust.style),
            Route("/ca.crt", trust.certificate),
            Route("/healthz", partial(health.healthz, box, probe, keeper)),
            Route("/metrics", partial(metrics.metrics, box, probe, keeper, gate)),
            Route("/api/calls/start", partial(calls.start, box, gate), methods=["POST"]),
            Route(
                "/api/calls/match/{call_id}", partial(calls.match, box), methods=["POST"]
            ),
            Route("/api/calls/status/{call_id}", partial(calls.status, box)),
            Route("/api/calls/end/{call_id}", partial(calls.end, box), methods=["POST"]),
            Route("/api/calls/stats", partial(calls.stats, box)),
            Route("/api/calls/waiting", partial(calls.waiting, box)),
            Route("/api/customers/search", partial(customers.search, box)),
            Route("/api/customers/{customer_id:path}", partial(customers.one, box)),
            Route("/api/sessions", partial(sessions.page, box)),
            Route("/api/sessions/{call_id}", partial(sessions.one, box)),
            Route(
                "/api/sessions/{call_id}/wrap-up",
                partial(sessions.wrap_up, box),
                methods=["POST"],
            ),
            WebSocketRoute("/ws/call/{call_id}", partial(serve_call, box)),
            WebSocketRoute("/ws/agent/{agent_id}", partial(serve_agent, box.floor)),
            *(auth_routes(access) if access is not None else ()),
        ],
        middleware=middleware,
        lifespan=lifespan,
        exception_handlers={ApplianceError: _refuse, HTTPException: _refuse_unrouted},
    )


async def _refuse(_request: Request, error: Exception) -> Response:
    return refuse(cast(ApplianceError, error))


async def _refuse_unrouted(_request: Request, error: Exception) -> Response:
    return refuse_unrouted(cast(HTTPException, error))
