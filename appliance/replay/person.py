"""One person of a replayed call: a socket that is opened again when it drops."""

import ssl
from collections.abc import Callable
from typing import NamedTuple

import anyio
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from appliance.audio.wire import HEADER, encode_frame
from appliance.errors import CallError
from appliance.messages import (
    Ack,
    AudioFormat,
    ErrorSent,
    Hello,
    Partner,
    Received,
    Role,
    ServerMessage,
    Status,
    decode_from_server,
    encode,
)
from appliance.received import ClientHello, Resume
from appliance.replay.api import bearer
from appliance.replay.outbox import Outbox

GREETING_S = 10.0  # a server that has not said hello by then is not one
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 3.0
# Audio of 16 kHz s16le in a ms.
_BYTES_PER_MS = 32


class Heard(NamedTuple):
    """A message as it came. `message` is None for a type this program does not know."""

    role: Role  # who received it
    at_s: float  # of the event loop's clock
    raw: bytes
    message: ServerMessage | None


class Person:
    """Speaks what is put into `outbox`, and tells what it hears."""

    def __init__(
        self,
        role: Role,
        url: str,
        audio: AudioFormat,
        tell: Callable[[Heard], None],
        trust: ssl.SSLContext | None = None,
        token: str = "",
    ) -> None:
        self.role = role
        self.url = url  # of the call's socket
        self.audio = audio
        self.tell = tell
        self.trust = trust  # over wss; None: the system's authorities
        self.headers = bearer(token)
        self.outbox = Outbox()
        self.partner_there = anyio.Event()
        self.ended = anyio.Event()
        self.heard_ms = 0  # of the partner's voice
        self.connections = 0  # sockets that were greeted
        self.away_s = 0.0  # stay away so long after the next drop
        self._epoch = ""
        self._last_seq = 0
        self._orders: list[Received] = []
        self._more = anyio.Event()
        self._socket: ClientConnection | None = None

    @property
    def idle(self) -> bool:
        """Connected, and everything said has been sent."""
        return self._socket is not None and not self.outbox.unsent

    def say(self, t_ms: int, payload: bytes) -> None:
        """The next stretch of this person's voice, in the announced format."""
        self.outbox.add(t_ms, payload)
        self._more.set()

    def order(self, order: Received) -> None:
        """Sent once all audio has been."""
        self._orders.append(order)
        self._more.set()

    def drop(self, away_s: float) -> None:
        """Pull the plug without a goodbye, and stay away for a while."""
        self.away_s = away_s
        if self._socket is not None:
            self._socket.transport.abort()

    async def stay(self, give_up_s: float) -> None:
        """Be in the call until it ends, over as many sockets as it takes.

        Raises CallError if the server refuses, or cannot be reached for `give_up_s`.
        """
        pause_s, until_s = FIRST_PAUSE_S, anyio.current_time() + give_up_s
        while not self.ended.is_set():
            known = self.connections
            try:
                await self._one_socket()
            except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed) as error:
                self._give_up_if_refused(error, late=anyio.current_time() > until_s)
            if self.connections > known:
                pause_s, until_s = FIRST_PAUSE_S, anyio.current_time() + give_up_s
            away_s, self.away_s = self.away_s, 0.0
            with anyio.move_on_after(away_s + pause_s):
                await self.ended.wait()
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _give_up_if_refused(self, error: Exception, *, late: bool) -> None:
        if isinstance(error, InvalidStatus) and 400 <= error.response.status_code < 500:
            raise CallError(
                f"The server refuses the {self.role}'s socket: {error}.",
                fix="Start the call again; it may have ended in the meantime.",
            ) from error
        if late:
            raise CallError(
                f"The {self.role} lost the server and cannot reach it again: {error}.",
                fix="Check that the server runs, and look into its log.",
            ) from error

    async def _one_socket(self) -> None:
        # No proxy: the library would take one from the environment. No compression: audio
        # does not shrink, and it would cost the server more than the audio path itself.
        secure = self.trust or self.url.startswith("wss:") or None
        async with connect(
            self.url,
            proxy=None,
            compression=None,
            ssl=secure,
            additional_headers=self.headers,
        ) as socket:
            self._socket = socket
            try:
                with anyio.fail_after(GREETING_S):
                    await self._greet(socket)
                async with anyio.create_task_group() as both:
                    both.start_soon(self._speak, socket)
                    await self._listen(socket)
                    both.cancel_scope.cancel()
            except anyio.get_cancelled_exc_class():
                socket.transport.abort()  # a goodbye would be cancelled half way
                raise
            finally:
                self._socket = None

    async def _greet(self, socket: ClientConnection) -> None:
        greeting = encode(
            Resume(
                role=self.role, epoch=self._epoch, last_seq=self._last_seq, audio=self.audio
            )
            if self._epoch
            else ClientHello(role=self.role, name=self.role.capitalize(), audio=self.audio)
        )
        await socket.send(greeting.decode())
        while True:
            message = self._hear(await socket.recv())
            if isinstance(message, ErrorSent):
                raise CallError(message.problem, fix=message.fix)
            if isinstance(message, Hello):
                self.connections += 1
                return

    async def _speak(self, socket: ClientConnection) -> None:
        try:
            while True:
                self._more = anyio.Event()
                while frame := self.outbox.take():
                    await socket.send(encode_frame(*frame))
                while self._orders:
                    await socket.send(encode(self._orders[0]).decode())
                    del self._orders[0]
                await self._more.wait()
        except ConnectionClosed:
            return  # `_listen` sees it too, and ends this socket

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                self._hear(data)
                if self.ended.is_set():
                    return
        except ConnectionClosed:
            return  # how every drop looks; `stay` opens the next one

    def _hear(self, data: bytes | str) -> ServerMessage | None:
        if isinstance(data, bytes):
            self.heard_ms += (len(data) - HEADER.size) // _BYTES_PER_MS
            return None
        try:
            message = decode_from_server(data)
        except msgspec.MsgspecError:
            message = None  # from a newer server; it is still told, as it came
        if message is not None:
            self._note(message)
        self.tell(Heard(self.role, anyio.current_time(), data.encode(), message))
        return message

    def _note(self, message: ServerMessage) -> None:
        match message:
            case Hello():
                anew = message.epoch != self._epoch
                self._last_seq = 0 if anew else self._last_seq
                self._epoch = message.epoch
                self.outbox.resume(message.next_audio_seq, anew=anew)
                if message.partner is not None:
                    self.partner_there.set()
            case Partner(event="joined" | "back") if message.role != self.role:
                self.partner_there.set()
            case Ack():
                self.outbox.acknowledge(message.audio_seq)
            case Status(part="call", state="ended"):
                self.ended.set()
            case _:
                pass
        self._last_seq = max(self._last_seq, message.seq)
