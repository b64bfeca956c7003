"""The wire of a call: frames go straight through, with no task between.

Through uvicorn's queue each 20 ms frame wakes one task to be read and another to be sent
on; of 200 people who hear each other that is 20,000 wake-ups a second, which took more of
a core than the audio did. Here a frame is read, relayed and written in one go.

Nobody's frames may keep the others' waiting: what comes at once is taken piece by piece,
what comes too fast is left in the peer's own buffers, and who does not read is let go.
"""

import asyncio
from collections.abc import Callable
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Any, cast

from starlette.websockets import WebSocket
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request
from websockets.protocol import State

from appliance.bucket import Bucket, Rate
from appliance.errors import ProtocolError
from appliance.server.answers import raw_refusal
from appliance.server.limits import Gate

EXTENSION = "appliance.line"

# Of what has come, this much is worked through before anybody else has a turn: 400 of the
# smallest frames, which cost 8 ms. uvloop reads up to 250 KB at once, which cost 0.5 s.
PIECE = 4096

# A frame, and each KB of it, is one. 20 ms of sound at 48 kHz are three, 150 a second;
# after a dropped line a browser sends up to two minutes of them at once. Ten times as fast
# as life is a replay; beyond that the line rests, and nothing is lost.
FRAMES = Rate(burst=20_000, per_s=1500)

# A text is one, and each 400 characters of it. Nobody types ten lines a second; a page
# that comes back sends what was typed meanwhile at once.
TEXTS = Rate(burst=100, per_s=10)

# Who has taken nothing for so long, of sound that must come 50 times a second, is gone;
# their page opens another socket. Their place and what waits for them would be held as
# long as their computer merely answers on the network.
STUCK_S = 20.0

# What the system keeps for a peer who does not read, a second or two of sound; it doubles
# the number. Left alone it keeps 4 MB: two minutes of sound that are played late, and that
# nobody can take back.
SEND_BUFFER = 64 * 1024

# Whoever sends a message in so many parts means to fill the list of them.
MOST_PARTS = 1000

# For the peer's own goodbye.
GOODBYE_S = 3.0


class Line(WebSocketsSansIOProtocol):
    """uvicorn's socket protocol, which a call can take binary messages from, and write to,
    without waiting. Give it to uvicorn as `ws`, with the gate."""

    on_binary: Callable[[bytes], None] | None = None  # else they are queued like text
    on_writable: Callable[[], None] | None = None  # the peer reads again

    def __init__(self, gate: Gate, **given: Any) -> None:
        super().__init__(**given)
        self.close_timeout = GOODBYE_S
        self._gate = gate
        self._address = ""
        now = self.loop.time()
        self._frames = Bucket(FRAMES, now)
        self._texts = Bucket(TEXTS, now)
        self._came = 0  # frames in the newest piece
        self._unread = bytearray()  # at most what one read of the transport gives
        self._resting: asyncio.TimerHandle | None = None  # until reading goes on
        self._rested = False  # since the last ping
        self._stuck: asyncio.TimerHandle | None = None  # the peer reads nothing

    @property
    def writable_now(self) -> bool:
        """False while the peer reads too slowly, and once the socket is closing."""
        gone = self.disconnected or self.close_sent or self.transport.is_closing()
        # The peer's goodbye may have been read already, behind a frame that is being taken.
        return self.writable.is_set() and not gone and self.conn.state is State.OPEN

    def push(self, message: bytes | str) -> None:
        """Write one message: bytes as binary, str as text; only while `writable_now`."""
        if isinstance(message, bytes):
            self.conn.send_binary(message)
        else:
            self.conn.send_text(message.encode())
        self.transport.write(b"".join(self.conn.data_to_send()))

    def may_say(self, text: str) -> bool:
        """Account for a text that has come. False if there are too many."""
        cost = min(20.0, 1 + len(text) / 400)  # the longest is refused as such
        wait_s = self._texts.take(cost, self.loop.time())
        if wait_s:
            self._gate.count("texts")
        return not wait_s

    def rest(self, seconds: float) -> None:
        """Too much sound came: read nothing for so long. It waits at the peer's end."""
        self._gate.count("audio")
        self._later(seconds)

    @property
    def _rests(self) -> bool:
        return self._resting is not None

    def _later(self, seconds: float) -> None:
        """Let reading rest until then; a longer rest stays as it is."""
        self._pause()
        self._rested |= seconds > 0
        until = self.loop.time() + seconds
        if self._resting is not None:
            if self._resting.when() >= until:
                return
            self._resting.cancel()
        self._resting = self.loop.call_later(seconds, self._go_on)

    # ------------------------------------------------------------------ what comes in

    def data_received(self, data: bytes) -> None:
        if len(data) <= PIECE and not self._unread and not self._rests:
            self._take(data)  # nearly always: no copy, no turn of the loop
        else:
            self._unread += data
            self._later(0)

    def _take(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self._refuse_handshake()
            return
        cost = self._came + len(data) / 1000
        if debt_s := self._frames.spend(cost, self.loop.time()):
            self._gate.count("frames")
            self._later(debt_s)

    def _go_on(self) -> None:
        self._resting = None
        if self.transport.is_closing():
            self._unread.clear()
            return
        # A text that waits for its route came first; `receive` takes it up from here.
        if self.read_paused:
            return
        if self._unread:
            piece = bytes(self._unread[:PIECE])
            del self._unread[:PIECE]
            self._take(piece)
        if self._unread:
            self._later(0)
        elif not self._rests and not self.read_paused:
            self.transport.resume_reading()

    async def receive(self) -> Any:
        message = await super().receive()
        # uvicorn may have let reading go on, which is not its to decide alone.
        if self._rests:
            self._pause()
        elif self._unread and not self.read_paused:
            self._later(0)
        return message

    def _pause(self) -> None:
        if not self.transport.is_closing():
            self.transport.pause_reading()

    # ------------------------------------------------------------------ uvicorn's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, SEND_BUFFER)
        self._address = self.client[0] if self.client else ""
        self._gate.open_socket(self._address, self.loop.time())

    def connection_lost(self, exc: Exception | None) -> None:
        now = self.loop.time()
        self._gate.close_socket(self._address, now)
        self._gate.leave(self._address, now)
        for timer in (self._resting, self._stuck):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            # `extensions` is where a server offers an app what ASGI does not have.
            cast(dict[str, object], self.scope["extensions"])[EXTENSION] = self

    def handle_events(self) -> None:
        self._came = len(self.conn.events)
        super().handle_events()

    def handle_bytes(self, event: Frame) -> None:
        # A text that has not been taken yet came first, and stays first.
        if self.on_binary is None or not event.fin or not self.queue.empty():
            super().handle_bytes(event)
        else:
            self.on_binary(bytes(event.data))

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= MOST_PARTS:
            self._fail(CloseCode.MESSAGE_TOO_BIG, "A message in too many parts.")
        else:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        if self.writable.is_set():
            super().handle_ping()
        else:
            # The standard lets only the last ping be answered. Whoever sends thousands
            # and reads none would have them all kept here.
            self.conn.data_to_send()

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_text(self.frames):
            self._fail(CloseCode.INVALID_DATA, "Text has to be UTF-8.")
        else:
            super().send_receive_event_to_app()

    def _fail(self, code: CloseCode, reason: str) -> None:
        self.frames = []
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.handle_parser_exception()

    async def send(self, message: Any) -> None:
        if self.close_sent and message["type"] in ("websocket.send", "websocket.close"):
            # For what came behind that which the route answers: no fault of the route's.
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            # A handshake that was refused is over, too; uvicorn would log that it is not.
            self.handshake_complete = True

    def handle_parser_exception(self) -> None:
        if self.conn.close_sent is None:
            self._refuse_handshake()  # frames came before it was answered, and were wrong
        else:
            super().handle_parser_exception()

    def _refuse_handshake(self) -> None:
        """uvicorn's HTTP side took the request, websockets does not: a body, too many
        headers. No socket has come of it, and nobody else would answer, or close it."""
        self._gate.count("no_websocket")
        error = ProtocolError(
            "This request does not open a WebSocket.",
            fix="Send a plain GET with a few headers and no body.",
        )
        self.handshake_complete = self.close_sent = self.disconnected = True
        self.transport.write(raw_refusal(400, error))
        self.transport.close()

    # ------------------------------------------------------------------ what goes out

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._stuck is None:
            self._stuck = self.loop.call_later(STUCK_S, self._give_up)

    def resume_writing(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
        super().resume_writing()
        if self.on_writable is not None:
            self.on_writable()

    def keepalive_timeout(self) -> None:
        if self._rested:
            # The answer may stand behind what was not read yet.
            self._rested = False
            self.pong_timer = self.pending_ping_payload = None
            self.schedule_ping()
            return
        super().keepalive_timeout()
        self.loop.call_later(GOODBYE_S, self.transport.abort)

    def _give_up(self) -> None:
        self._gate.count("slow_reader")
        self.transport.abort()


def _is_text(frames: list[bytes]) -> bool:
    try:
        b"".join(frames).decode()
    except UnicodeDecodeError:
        return False
    return True


def line_of(socket: WebSocket) -> Line:
    """The line beneath a socket that `Line` serves."""
    return cast(Line, socket.scope["extensions"][EXTENSION])
