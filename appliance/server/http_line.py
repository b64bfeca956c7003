"""The HTTP connection beneath every request: who may open one, and how long it may take.

uvicorn's protocol waits for ever for the rest of a request, reads any length of a body
that nobody wants, and holds a connection as long as its peer reads nothing. One program
that opens connections and says little on each (slow loris) would use them all up.
"""

import asyncio
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from appliance.errors import ProtocolError
from appliance.server.answers import RETRY_S, raw_refusal
from appliance.server.limits import Gate, Reason

# A head fits into one packet, or into a few with long cookies. A page that a browser
# loads ahead may open its connection long before it asks; that is closed without a word,
# and the browser opens another.
HEAD_S = 10.0
MAX_HEAD = 16 * 1024
PIECE = 4096

# After an answer, so long for what is still on its way of a body that it did not want:
# closed at once, the client would find its line cut rather than the answer.
LINGER_S = 2.0

# And of what comes then, so much may still be the end of it. The rest is not looked at:
# h11 at a gigabyte a second leaves no time for calls.
MOST_REST = 64 * 1024

# A reader who takes nothing of half a packet's worth in so long is gone, or means harm.
STUCK_S = 20.0


class HttpLine(H11Protocol):
    """uvicorn's HTTP protocol, with a gate before it and a limit to its patience. Give it
    to uvicorn as `http`, with the gate."""

    def __init__(self, gate: Gate, **given: Any) -> None:
        super().__init__(**given)
        self._gate = gate
        self._address = ""
        self._refused = False
        self._rest = 0  # bytes of a body that nobody wants
        self._deadline: asyncio.TimerHandle | None = None  # for what must come
        self._stuck: asyncio.TimerHandle | None = None  # the peer reads nothing

    # ------------------------------------------------------------------ the connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        if self._gate.arrive(self._address, self.loop.time()):
            self._expect(HEAD_S)
            return
        self._refused = True
        error = ProtocolError(
            "Too many connections are open.", fix="Close some, or try again in a moment."
        )
        transport.write(raw_refusal(503, error, RETRY_S))
        transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gate.leave(self._address, self.loop.time())
        self._forget()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        # From here on the line is the connection's owner, and its end is not told here.
        self._forget()
        super().handle_websocket_upgrade(event)

    def _forget(self) -> None:
        self._relax()
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    # ------------------------------------------------------------------ what comes in

    def data_received(self, data: bytes) -> None:
        if self._refused or self._rest > MOST_REST:
            return
        # Piece by piece: of a head that comes at once, h11 looks at the end alone.
        for at in range(0, len(data), PIECE):
            if self.transport.is_closing() or self.transport.get_protocol() is not self:
                return
            super().data_received(data[at : at + PIECE])
            if not self._at_work and self.conn.their_state is h11.SEND_BODY:
                self._rest += PIECE
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def _watch(self) -> None:
        """After anything has happened: is something still to come, and until when?"""
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        if self._at_work:
            self._rest = 0
            self._relax()  # a route is at work; it has its own patience with bodies
        elif self.conn.their_state is h11.SEND_BODY:
            self._expect(LINGER_S)
        else:
            self._expect(HEAD_S)

    @property
    def _at_work(self) -> bool:
        """Whether a route is about to answer."""
        cycle: object = self.cycle  # None before the first request, whatever its type says
        return cycle is not None and not self.cycle.response_complete

    def _expect(self, within_s: float) -> None:
        """More must come in time; what comes meanwhile does not win more of it."""
        if self._deadline is None:
            self._deadline = self.loop.call_later(within_s, self._too_late)

    def _relax(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        if self.conn.their_state is h11.SEND_BODY:
            self._gate.count("unread_body")
            self.transport.abort()
        elif self.conn.trailing_data[0]:
            self._end(408, "late_head", f"The request was not there within {HEAD_S:.0f} s.")
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """uvicorn's, called where what came is not HTTP."""
        error = sys.exception()
        if getattr(error, "error_status_hint", 400) == 431:
            self._end(
                431, "large_head", f"The request's head has more than {MAX_HEAD} bytes."
            )
        else:
            self._end(400, "no_http", msg)

    def _end(self, status: int, reason: Reason, problem: str) -> None:
        """Say why, unless an answer is on its way already, and close."""
        self._gate.count(reason)
        self._relax()
        if self.conn.our_state is not h11.IDLE:
            # What an answer is being given to has broken off in mid body. Without this
            # the route would wait for the rest, and fail at a line that is gone.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            self.transport.abort()
            return
        error = ProtocolError(problem, fix="Send one whole HTTP/1.1 request at a time.")
        self.transport.write(raw_refusal(status, error))
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

    def _give_up(self) -> None:
        self._gate.count("slow_reader")
        self.transport.abort()
