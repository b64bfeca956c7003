"""The call socket: JSON and audio in, JSON and audio out. Only translation lives here.

A message that cannot be used is answered with `error` (what was found, what to do) and
changes nothing: the call goes on. A socket that sends nothing else is closed.
"""

from contextlib import suppress
from dataclasses import dataclass

import anyio
import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from appliance.calls.room import Outbox
from appliance.errors import ApplianceError, ProtocolError
from appliance.messages import (
    ClientHello,
    ClientMessage,
    ErrorSent,
    Resume,
    Role,
    decode_from_client,
    encode,
)
from appliance.pipeline.box import Box
from appliance.pipeline.call import LiveCall
from appliance.server.line import Line, line_of

HELLO_S = 15.0

# The longest text is a chat line of 4000 characters, each at most 12 bytes of JSON.
MAX_TEXT = 64 * 1024

# Unusable messages in a row after which the peer is taken to speak another protocol.
MAX_ERRORS = 50


class Pump:
    """Empties an outbox into the line, as far as the line takes it."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.outbox = Outbox(self)
        self._closing = anyio.Event()

    def __call__(self) -> None:
        """Something is in the outbox, or the peer reads again."""
        while self._line.writable_now:
            message = self.outbox.take()
            if message is not None:
                self._line.push(message)
                continue
            if self.outbox.closing is not None:
                self._closing.set()
            return

    async def close_when_told(self, socket: WebSocket) -> None:
        """Close the socket once the outbox says so and is empty."""
        await self._closing.wait()
        if self.outbox.closing is not None:
            with suppress(WebSocketDisconnect, RuntimeError):
                # Starlette raises RuntimeError after the peer's own close.
                await socket.close(*self.outbox.closing)


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
                self.live.on_audio(self.role, received, outbox)
            else:
                self.live.on_message(self.role, _decode(received))
            self.errors = 0
        except ProtocolError as error:
            self.errors += 1
            outbox.say(_error(error).encode())
            if self.errors >= MAX_ERRORS:
                outbox.close(4400, "Nothing usable was sent; see the errors.")


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
    call_id = socket.path_params["call_id"]
    for _ in range(MAX_ERRORS):
        received = await _next(socket)
        try:
            hello = _decode_hello(received)
            pump = Pump(line_of(socket))
            live = box.enter(call_id, hello, pump.outbox)
            return Place(live, hello.role, pump)
        except ApplianceError as error:
            await socket.send_text(_error(error))
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


async def _receive(socket: WebSocket, place: Place) -> None:
    """Until the socket closes. Audio comes straight from the line; see `Line`."""
    line = line_of(socket)
    line.on_binary, line.on_writable = place.hear, place.pump
    try:
        while True:
            place.hear(await _next(socket))
    except WebSocketDisconnect:
        return
    finally:
        line.on_binary = line.on_writable = None


async def _next(socket: WebSocket) -> str | bytes:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    data = message.get("bytes")
    return data if data is not None else str(message["text"])


def _decode(text: str) -> ClientMessage:
    if len(text) > MAX_TEXT:
        raise ProtocolError(
            f"A message has {len(text)} characters.", fix=f"Send at most {MAX_TEXT}."
        )
    try:
        return decode_from_client(text)
    except msgspec.MsgspecError as error:
        raise ProtocolError(
            f"A message cannot be used: {error}.",
            fix="Send one JSON object with a known `type` and its fields; see the README.",
        ) from error


def _error(error: ApplianceError) -> str:
    return encode(ErrorSent(problem=error.problem, fix=error.fix)).decode()
