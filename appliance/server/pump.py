"""What every socket of the box needs: reading, writing without waiting, refusals."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from appliance.calls.outbox import UNHEARD, Outbox
from appliance.errors import ApplianceError, ProtocolError
from appliance.messages import ErrorSent, encode
from appliance.server.line import Line, line_of

# A peer that says nothing usable for so long is closed.
HELLO_S = 15.0

# The longest text is a chat line of 4000 characters, each at most 12 bytes of JSON.
MAX_TEXT = 64 * 1024

# Unusable messages in a row after which the peer is taken to speak another protocol.
MAX_ERRORS = 50


# "Policy violation", as RFC 6455 has no code for too much of what is right.
FLOODED = 1008


class Pump:
    """Empties an outbox into the line, as far as the line takes it."""

    def __init__(self, line: Line, unheard: int = UNHEARD) -> None:
        """`unheard` frames of sound may wait."""
        self.line = line
        self.outbox = Outbox(self, unheard)
        self._closing = anyio.Event()

    def __call__(self) -> None:
        """Something is in the outbox, or the peer reads again."""
        while self.line.writable_now:
            message = self.outbox.take()
            if message is not None:
                self.line.push(message)
                continue
            if self.outbox.closing is not None:
                self._closing.set()
            return

    async def converse(
        self, socket: WebSocket, take: Callable[[str | bytes], Awaitable[None]]
    ) -> None:
        """Until the socket closes; `take` raises ApplianceError for what it cannot use."""
        self.line.on_writable = self
        # What was put there before the line was told.
        self()
        errors = 0
        try:
            while errors < MAX_ERRORS:
                received = await receive(socket)
                try:
                    await take(received)
                    errors = 0
                except ApplianceError as error:
                    self.outbox.say(refusal(error))
                    errors += 1
            await socket.close(4400, "Nothing usable was sent; see the errors.")
        except WebSocketDisconnect:
            return
        finally:
            self.line.on_writable = None

    async def close_when_told(self, socket: WebSocket) -> None:
        """Close the socket once the outbox says so and is empty."""
        await self._closing.wait()
        if self.outbox.closing is not None:
            with suppress(WebSocketDisconnect, RuntimeError):
                # Starlette raises RuntimeError after the peer's own close.
                await socket.close(*self.outbox.closing)


async def receive(socket: WebSocket) -> str | bytes:
    """The next message. Raises WebSocketDisconnect once there is none, or too many."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    data = message.get("bytes")
    if data is not None:
        return bytes(data)
    text = str(message["text"])
    if not line_of(socket).may_say(text):
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.close(FLOODED, "Too many messages; send at most ten a second.")
        raise WebSocketDisconnect(FLOODED)
    return text


def check_length(text: str) -> None:
    """Raises ProtocolError for a text that nobody could have typed."""
    if len(text) > MAX_TEXT:
        raise ProtocolError(
            f"A message has {len(text)} characters.", fix=f"Send at most {MAX_TEXT}."
        )


def unusable(reason: object) -> ProtocolError:
    return ProtocolError(
        f"A message cannot be used: {reason}.",
        fix="Send one JSON object with a known `type` and its fields, as on "
        "/handbook/interface.",
    )


def refusal(error: ApplianceError) -> bytes:
    return encode(ErrorSent(problem=error.problem, fix=error.fix))
