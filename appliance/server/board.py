"""The calls going on, for supervisors: asked for once, or pushed as they change."""

import anyio
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from appliance.errors import ProtocolError
from appliance.pipeline.board import Board
from appliance.server.answers import answer
from appliance.server.line import line_of
from appliance.server.pump import Pump
from appliance.supervision import CallGoingOn


class CallsGoingOn(Struct, frozen=True, kw_only=True):
    calls: tuple[CallGoingOn, ...]  # the longest first


async def live(board: Board, _request: Request) -> Response:
    return answer(CallsGoingOn(calls=board.calls()))


async def serve_floor(board: Board, socket: WebSocket) -> None:
    await socket.accept()
    pump = Pump(line_of(socket))
    board.watch(pump.outbox)
    try:
        async with anyio.create_task_group() as watch:
            watch.start_soon(pump.close_when_told, socket)
            await pump.converse(socket, _refuse)
            watch.cancel_scope.cancel()
    finally:
        board.leave(pump.outbox)


async def _refuse(_received: str | bytes) -> None:
    raise ProtocolError("This socket only tells.", fix="Send nothing.")
