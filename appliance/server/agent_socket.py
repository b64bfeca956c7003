"""An agent's socket: what they want to be doing in, what the box makes of it out.

The agent is who is signed in.

It is open for the whole shift, beside the socket of each call. Only translation lives here.
"""

from typing import TypeVar

import anyio
import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from appliance.duty import AgentMessage, Be, OnDuty, decode_from_agent
from appliance.errors import ApplianceError, ProtocolError
from appliance.pipeline.floor import Floor
from appliance.server.line import line_of
from appliance.server.passes import Pass, check_may_send, pass_of
from appliance.server.policy import DESK
from appliance.server.pump import (
    HELLO_S,
    Pump,
    check_length,
    receive,
    refusal,
    unusable,
)

T = TypeVar("T", bound=AgentMessage)


async def serve_agent(floor: Floor, socket: WebSocket) -> None:
    given = pass_of(socket.scope)
    person = given.person()
    await socket.accept()
    pump = Pump(line_of(socket))
    try:
        if not await _arrive(floor, given, socket, pump):
            await socket.close(4408, "No usable on_duty.")
            return
    except WebSocketDisconnect:
        return

    async def take(received: str | bytes) -> None:
        floor.be(person.id, _decode(received, Be))

    try:
        async with anyio.create_task_group() as shift:
            shift.start_soon(pump.close_when_told, socket)
            await pump.converse(socket, take)
            shift.cancel_scope.cancel()
    finally:
        floor.leave(person.id, pump.outbox)


async def _arrive(floor: Floor, given: Pass, socket: WebSocket, pump: Pump) -> bool:
    """False if the first message does not come, or does not do."""
    with anyio.move_on_after(HELLO_S):
        try:
            told, person = _decode(await receive(socket), OnDuty), given.person()
            believed = told.call_id and not floor.agents.knows(person.id)
            if believed and not await given.took_part(told.call_id):
                # Answered in the very moment of a crash, say: there is nothing to write up.
                told = OnDuty(state=told.state)
            floor.enter(person.id, person.name, told, pump.outbox)
            return True
        except ApplianceError as error:
            await socket.send_text(refusal(error).decode())
    return False


def _decode(received: str | bytes, wanted: type[T]) -> T:
    if isinstance(received, bytes):
        raise ProtocolError("Audio came.", fix="Send audio to the socket of a call.")
    check_length(received)
    try:
        message = decode_from_agent(received)
    except msgspec.MsgspecError as error:
        raise unusable(error) from error
    check_may_send(DESK, "agent", message)
    if not isinstance(message, wanted):
        raise ProtocolError(
            f"{message.__struct_config__.tag} came out of turn.",
            fix="Send on_duty first, and once; be after that.",
        )
    return message
