"""The call socket: JSON and audio in, JSON and audio out. Only translation lives here.

A message that cannot be used is answered with `error` (what was found, what to do) and
changes nothing: the call goes on. A socket that sends nothing else is closed.
"""

from dataclasses import dataclass

import anyio
import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from appliance.access.refusals import NotAllowed
from appliance.errors import ApplianceError, ProtocolError
from appliance.messages import Role
from appliance.pipeline.box import Box
from appliance.pipeline.call import LiveCall
from appliance.received import (
    ClientHello,
    ClientMessage,
    Resume,
    decode_from_client,
)
from appliance.server.calls import NAME_CHARACTERS
from appliance.server.line import line_of
from appliance.server.passes import Pass, check_may_send, pass_of
from appliance.server.policy import CALL
from appliance.server.pump import (
    HELLO_S,
    MAX_ERRORS,
    Pump,
    check_length,
    receive,
    refusal,
    unusable,
)


@dataclass(slots=True)
class Place:
    """Where this socket sits, and what comes from it."""

    live: LiveCall
    role: Role
    pump: Pump
    errors: int = 0  # unusable messages in a row

    def hear(self, received: str | bytes) -> None:
        """One message of the peer, which is not listened to any more after MAX_ERRORS."""
        outbox = self.pump.outbox
        if self.errors >= MAX_ERRORS:
            return
        try:
            if isinstance(received, bytes):
                self._rest(self.live.voices.take(self.role, received, outbox))
            else:
                message = _decode(received)
                check_may_send(CALL, self.role, message)
                self.live.on_message(self.role, message)
            self.errors = 0
        except (ProtocolError, NotAllowed) as error:
            self.errors += 1
            outbox.say(refusal(error))
            if self.errors >= MAX_ERRORS:
                outbox.close(4400, "Nothing usable was sent; see the errors.")

    def _rest(self, seconds: float) -> None:
        if seconds:
            self.pump.line.rest(seconds)


async def serve_call(box: Box, socket: WebSocket) -> None:
    await socket.accept()
    try:
        place = None
        with anyio.move_on_after(HELLO_S):
            place = await _hello(box, socket)
        if place is None:
            await socket.close(4408, "No usable hello.")
            return
    except WebSocketDisconnect:
        return
    try:
        async with anyio.create_task_group() as talk:
            talk.start_soon(place.pump.close_when_told, socket)
            await _receive(socket, place)
            talk.cancel_scope.cancel()
    finally:
        box.leave(place.live, place.role, place.pump.outbox)


async def _hello(box: Box, socket: WebSocket) -> Place | None:
    """The first message; None once the peer has used up its tries."""
    call_id, given = socket.path_params["call_id"], pass_of(socket.scope)
    for _ in range(MAX_ERRORS):
        received = await receive(socket)
        try:
            hello = await _allowed(given, call_id, _decode_hello(received))
            pump = Pump(line_of(socket))
            live = box.enter(call_id, hello, pump.outbox, given.by(hello.role))
            return Place(live, hello.role, pump)
        except ApplianceError as error:
            await socket.send_text(refusal(error).decode())
            if not isinstance(error, ProtocolError):
                return None  # no such call, or no place in it: nothing to try again
    return None


def _decode_hello(received: str | bytes) -> ClientHello | Resume:
    if isinstance(received, bytes):
        raise ProtocolError(
            "Audio came before hello.", fix="Send hello or resume as JSON first."
        )
    message = _decode(received)
    if not isinstance(message, ClientHello | Resume):
        raise ProtocolError(
            "The first message is not hello.", fix="Send hello or resume first."
        )
    return message


async def _allowed(
    given: Pass, call_id: str, hello: ClientHello | Resume
) -> ClientHello | Resume:
    """The greeting of somebody who may sit there. Raises NotSignedIn, NotAllowed or
    NotFound."""
    check_may_send(CALL, hello.role, hello)
    await given.require_call(f"{CALL} as {hello.role}", call_id)
    if isinstance(hello, Resume):
        return hello
    name = given.name(hello.role, hello.name[:NAME_CHARACTERS])
    return msgspec.structs.replace(hello, name=name)


async def _receive(socket: WebSocket, place: Place) -> None:
    """Until the socket closes. Audio comes straight from the line; see `Line`."""
    line = line_of(socket)
    line.on_binary, line.on_writable = place.hear, place.pump
    try:
        while True:
            place.hear(await receive(socket))
    except WebSocketDisconnect:
        return
    finally:
        line.on_binary = line.on_writable = None


def _decode(text: str) -> ClientMessage:
    check_length(text)
    try:
        return decode_from_client(text)
    except msgspec.MsgspecError as error:
        raise unusable(error) from error
