"""The call socket: JSON and audio in, JSON and audio out. Only translation lives here.

A message that cannot be used is answered with `error` (what was found, what to do) and
changes nothing: the call goes on. A socket that sends nothing else is closed.
"""

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
    decode_from_client,
    encode,
)
from appliance.pipeline.box import Box
from appliance.pipeline.call import LiveCall

HELLO_S = 15.0
SEND_S = 5.0  # for the last messages of a socket that is being closed

# The longest text is a chat line of 4000 characters, each at most 12 bytes of JSON.
MAX_TEXT = 64 * 1024

# Unusable messages in a row after which the peer is taken to speak another protocol.
MAX_ERRORS = 50


class Wake:
    """Tells the sending half of a socket that its outbox has something."""

    def __init__(self) -> None:
        self._event = anyio.Event()
        self._finished = anyio.Event()

    def __call__(self) -> None:
        self._event.set()

    async def wait(self) -> None:
        await self._event.wait()
        self._event = anyio.Event()

    def finish(self) -> None:
        self._finished.set()

    async def sent_all(self) -> None:
        with anyio.move_on_after(SEND_S):
            await self._finished.wait()


@dataclass(frozen=True, slots=True)
class Place:
    """Where this socket sits."""

    live: LiveCall
    hello: ClientHello | Resume
    outbox: Outbox
    wake: Wake


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
            talk.start_soon(_send, socket, place.outbox, place.wake)
            await _receive(socket, place)
            talk.cancel_scope.cancel()
    finally:
        box.leave(place.live, place.hello.role, place.outbox)


async def _hello(box: Box, socket: WebSocket) -> Place | None:
    """The first message; None once the peer has used up its tries."""
    call_id = socket.path_params["call_id"]
    for _ in range(MAX_ERRORS):
        received = await _next(socket)
        try:
            hello = _decode_hello(received)
            wake = Wake()
            outbox = Outbox(wake)
            return Place(box.enter(call_id, hello, outbox), hello, outbox, wake)
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
    """Until the socket closes."""
    errors = 0
    role = place.hello.role
    while errors < MAX_ERRORS:
        try:
            received = await _next(socket)
        except WebSocketDisconnect:
            return
        try:
            if isinstance(received, bytes):
                place.live.on_audio(role, received, place.outbox)
            else:
                place.live.on_message(role, _decode(received))
            errors = 0
        except ProtocolError as error:
            errors += 1
            place.outbox.say(_error(error).encode())
    place.outbox.close(4400, "Nothing usable was sent; see the errors.")
    await place.wake.sent_all()


async def _send(socket: WebSocket, outbox: Outbox, wake: Wake) -> None:
    """Until the outbox is closed and empty, or the socket is gone."""
    try:
        while True:
            message = outbox.take()
            if isinstance(message, bytes):
                await socket.send_bytes(message)
            elif message is not None:
                await socket.send_text(message)
            elif outbox.closing is not None:
                await socket.close(*outbox.closing)
                return
            else:
                await wake.wait()
    except (WebSocketDisconnect, RuntimeError):
        # Starlette raises RuntimeError for a send after the peer's close; `_receive`
        # gets the disconnect.
        return
    finally:
        wake.finish()


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
