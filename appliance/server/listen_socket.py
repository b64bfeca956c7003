"""A supervisor's socket to one call: what its agent is told, and both voices if asked.

Nothing that comes in here reaches the call. What is logged is on the disk before anything
is told or heard: where that fails, nobody listens.
"""

import logging
from dataclasses import dataclass

import anyio
import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from appliance.access.access import Access
from appliance.access.audit import Action
from appliance.access.people import Person
from appliance.calls.listeners import Listener
from appliance.calls.outbox import Outbox
from appliance.errors import ApplianceError, CallError, ProtocolError, StoreError
from appliance.logged import about
from appliance.pipeline.box import Box
from appliance.pipeline.call import LiveCall
from appliance.pipeline.gallery import Gallery
from appliance.pipeline.overheard import UNHEARD
from appliance.server.line import line_of
from appliance.server.passes import check_may_send, pass_of
from appliance.server.policy import LISTEN
from appliance.server.pump import (
    HELLO_S,
    Pump,
    check_length,
    receive,
    refusal,
    unusable,
)
from appliance.supervision import (
    Follow,
    Listen,
    SupervisorMessage,
    decode_from_supervisor,
)

logger = logging.getLogger(__name__)

# For the disk, when the server stops and waits for nobody.
LAST_WORD_S = 5.0


@dataclass(slots=True)
class Place:
    """Where this socket looks on from."""

    gallery: Gallery
    access: Access
    live: LiveCall
    listener: Listener

    async def hear(self, received: str | bytes) -> None:
        """One message of the peer. Raises ProtocolError, StoreError."""
        message = _decode(received)
        if not isinstance(message, Listen):
            raise ProtocolError(
                "This socket follows the call already.", fix="Send listen, or nothing."
            )
        if message.audio == self.listener.hears:
            return
        if message.audio:
            await self._log("listening started")
        self.gallery.hear(self.live, self.listener, on=message.audio)
        if not message.audio:
            await self._log("listening ended")

    async def leave(self) -> None:
        heard = self.listener.hears
        self.gallery.leave(self.live, self.listener)
        with anyio.move_on_after(LAST_WORD_S, shield=True):
            try:
                if heard:
                    await self._log("listening ended")
                await self._log("following ended")
            except StoreError as error:
                logger.warning("%s", error, extra=about(self.live.call.id))

    async def _log(self, action: Action) -> None:
        await self.access.record(self.listener.name, action, self.live.call.id)


async def serve_listener(box: Box, access: Access, socket: WebSocket) -> None:
    person = pass_of(socket.scope).person()
    await socket.accept()
    pump = Pump(line_of(socket), UNHEARD)
    try:
        place = await _follow(box.gallery, access, person, socket, pump.outbox)
        if place is None:
            await socket.close(4408, "No usable follow.")
            return
    except WebSocketDisconnect:
        return
    try:
        async with anyio.create_task_group() as listening:
            listening.start_soon(pump.close_when_told, socket)
            await pump.converse(socket, place.hear)
            listening.cancel_scope.cancel()
    finally:
        await place.leave()


async def _follow(
    gallery: Gallery, access: Access, person: Person, socket: WebSocket, outbox: Outbox
) -> Place | None:
    """None if the first message does not come or do, or there is no such call."""
    call_id = socket.path_params["call_id"]
    received: str | bytes = ""
    with anyio.move_on_after(HELLO_S):
        received = await receive(socket)
    try:
        follow = _decode(received)
        if not isinstance(follow, Follow):
            raise ProtocolError(
                "The first message is not follow.", fix="Send follow first."
            )
        gallery.check(call_id)
        listener = Listener(person.id, person.name, outbox)
        await access.record(person.name, "following started", call_id)
        try:
            live = gallery.enter(call_id, follow, listener)
        except CallError:
            await access.record(person.name, "following ended", call_id)
            raise
    except ApplianceError as error:
        await socket.send_text(refusal(error).decode())
        return None
    return Place(gallery, access, live, listener)


def _decode(received: str | bytes) -> SupervisorMessage:
    if isinstance(received, bytes):
        raise ProtocolError(
            "Audio came from somebody who may only listen.", fix="Send none."
        )
    check_length(received)
    try:
        message = decode_from_supervisor(received)
    except msgspec.MsgspecError as error:
        raise unusable(error) from error
    check_may_send(LISTEN, "supervisor", message)
    return message
