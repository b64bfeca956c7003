"""Routes. Builds the app from what it is given; decides nothing else.

Every request and socket comes past the usher, who knows the policy, to this one table.
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
from starlette.routing import BaseRoute, Route, WebSocketRoute

from appliance.access.access import Access
from appliance.errors import ApplianceError
from appliance.pipeline.box import Box
from appliance.retention.building import custodian_of
from appliance.retention.custodian import Custodian
from appliance.server import (
    board,
    calls,
    customers,
    figures,
    handbook,
    health,
    knowledge,
    metrics,
    recordings,
    sessions,
)
from appliance.server.administration import administration_routes
from appliance.server.agent_socket import serve_agent
from appliance.server.answers import refuse, refuse_unrouted
from appliance.server.auth import auth_routes
from appliance.server.call_socket import serve_call
from appliance.server.doctor import Rounds
from appliance.server.invites import invite_routes
from appliance.server.limits import Gate
from appliance.server.listen_socket import serve_listener
from appliance.server.loop import LoopProbe
from appliance.server.pages import NOT_BUILT, Pages
from appliance.server.replay import replay
from appliance.server.reports import report_routes
from appliance.server.retention import retention_routes
from appliance.server.trust import Trust
from appliance.server.usher import Usher
from appliance.server.views import Views
from appliance.server.vigil import Vigil
from appliance.tls.keeper import Keeper


def create_app(
    box: Box,
    access: Access,
    pages: Pages = NOT_BUILT,
    middleware: Sequence[Middleware] = (),
    keeper: Keeper | None = None,
    gate: Gate | None = None,
    custodian: Custodian | None = None,
) -> Starlette:
    """Everything the app uses comes in here, so that a test builds it in one line."""
    probe, vigil, rounds = LoopProbe(), Vigil(), Rounds(box.settings)
    gate = gate or Gate(box.settings.limits)
    custodian = custodian or _custodian(box, access)
    routes = [
        *every_route(box, access, pages, probe, keeper, gate),
        *retention_routes(custodian),
        Route("/handbook", handbook.page),
        Route("/handbook/{page}", handbook.page),
        Route("/api/doctor", rounds.tell),
        Route("/api/doctor", rounds.begin, methods=["POST"]),
    ]
    access.on_deny = vigil.look_soon
    box.endings.on_ended = lambda call_id: access.guests.ending(call_id, access.clock.now())
    usher = Middleware(Usher, routes, access, partial(_took_part, box), vigil)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None, None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(probe.run)
            tasks.start_soon(vigil.run)
            tasks.start_soon(rounds.run)
            yield
            tasks.cancel_scope.cancel()

    return Starlette(
        routes=routes,
        middleware=[*middleware, usher],
        lifespan=lifespan,
        exception_handlers={ApplianceError: _refuse, HTTPException: _refuse_unrouted},
    )


def every_route(
    box: Box,
    access: Access,
    pages: Pages,
    probe: LoopProbe,
    keeper: Keeper | None,
    gate: Gate,
) -> list[BaseRoute]:
    """Each has its row in `appliance.server.policy`."""
    trust, views = Trust(keeper), Views(access)
    return [
        Route("/", pages.page),
        Route("/calls", pages.page),
        Route("/calls/history", pages.page),
        Route("/calls/history/{call_id}", pages.page),
        Route("/customer", pages.page),
        Route("/dashboard", pages.page),
        Route("/dashboard/trends", pages.page),
        Route("/dashboard/calls/{call_id}", pages.page),
        Route("/admin", pages.page),
        Route("/admin/{part}", pages.page),
        Route("/sound-check", pages.page),
        Route("/assets/{name}", pages.asset),
        Route("/favicon.ico", pages.icon),
        Route("/trust", trust.page),
        Route("/trust.css", trust.style),
        Route("/ca.crt", trust.certificate),
        Route("/healthz", partial(health.healthz, box, probe, keeper)),
        Route("/metrics", partial(metrics.metrics, box, probe, keeper, gate)),
        Route(
            "/api/calls/start", partial(calls.start, box, gate, access), methods=["POST"]
        ),
        Route(
            "/api/calls/match/{call_id}",
            partial(calls.match, box, access),
            methods=["POST"],
        ),
        Route("/api/calls/status/{call_id}", partial(calls.status, box)),
        Route("/api/calls/end/{call_id}", partial(calls.end, box), methods=["POST"]),
        Route("/api/calls/stats", partial(calls.stats, box)),
        Route("/api/calls/waiting", partial(calls.waiting, box)),
        Route("/api/calls/live", partial(board.live, box.board)),
        Route("/api/metrics", partial(figures.figures, box)),
        Route("/api/customers/search", partial(customers.search, box, views)),
        Route("/api/customers/{customer_id:path}", partial(customers.one, box, views)),
        Route("/api/knowledge", partial(knowledge.page, box)),
        Route("/api/knowledge", partial(knowledge.put, box), methods=["POST"]),
        Route("/api/knowledge/search", partial(knowledge.search, box)),
        Route("/api/knowledge/{article}", partial(knowledge.one, box)),
        Route(
            "/api/knowledge/{article}/remove",
            partial(knowledge.remove, box),
            methods=["POST"],
        ),
        Route("/api/sessions", partial(sessions.page, box, views)),
        Route("/api/sessions/{call_id}", partial(sessions.one, box, views)),
        Route("/api/sessions/{call_id}/recording", partial(recordings.about, box, views)),
        Route("/api/sessions/{call_id}/audio", partial(recordings.audio, box, views)),
        Route("/api/sessions/{call_id}/replay", partial(replay, box, views)),
        Route(
            "/api/sessions/{call_id}/wrap-up",
            partial(sessions.wrap_up, box),
            methods=["POST"],
        ),
        Route("/api/sessions/{call_id}/draft", partial(sessions.draft, box, views)),
        Route(
            "/api/sessions/{call_id}/draft",
            partial(sessions.redraft, box, views),
            methods=["POST"],
        ),
        WebSocketRoute("/ws/call/{call_id}", partial(serve_call, box)),
        WebSocketRoute("/ws/floor", partial(board.serve_floor, box.board)),
        WebSocketRoute("/ws/listen/{call_id}", partial(serve_listener, box, access)),
        WebSocketRoute("/ws/agent", partial(serve_agent, box.floor)),
        *report_routes(box, access),
        *auth_routes(access),
        *invite_routes(box, access),
        *administration_routes(access),
    ]


def _custodian(box: Box, access: Access) -> Custodian:
    """For who serves without the command line's control socket beside it."""
    folder = box.store.path.parent
    return custodian_of(
        box.settings, folder, box.store, access, live=True, forget=box.drafts.forget
    )


async def _took_part(box: Box, call_id: str, by: str) -> bool:
    if box.registry.took_part(call_id, by):
        return True
    await box.publisher.settled()
    return await box.store.took_part(call_id, by)


async def _refuse(_request: Request, error: Exception) -> Response:
    return refuse(cast(ApplianceError, error))


async def _refuse_unrouted(_request: Request, error: Exception) -> Response:
    return refuse_unrouted(cast(HTTPException, error))
