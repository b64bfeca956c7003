"""The wire of a call: frames go straight through, with no task between.

Through uvicorn's queue each 20 ms frame wakes one task to be read and another to be sent
on; of 200 people who hear each other that is 20,000 wake-ups a second, which took more of
a core than the audio did. Here a frame is read, relayed and written in one go.
"""

from collections.abc import Callable
from typing import cast

from starlette.websockets import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request

EXTENSION = "appliance.line"


class Line(WebSocketsSansIOProtocol):
    """uvicorn's socket protocol, which a call can take binary messages from, and write to,
    without waiting. Give it to uvicorn as `ws`."""

    on_binary: Callable[[bytes], None] | None = None  # else they are queued like text
    on_writable: Callable[[], None] | None = None  # the peer reads again

    @property
    def writable_now(self) -> bool:
        """False while the peer reads too slowly, and once the socket is closing."""
        gone = self.disconnected or self.close_sent or self.transport.is_closing()
        return self.writable.is_set() and not gone

    def push(self, message: bytes | str) -> None:
        """Write one message: bytes as binary, str as text; only while `writable_now`."""
        if isinstance(message, bytes):
            self.conn.send_binary(message)
        else:
            self.conn.send_text(message.encode())
        self.transport.write(b"".join(self.conn.data_to_send()))

    # ------------------------------------------------------------------ uvicorn's side

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            # `extensions` is where a server offers an app what ASGI does not have.
            cast(dict[str, object], self.scope["extensions"])[EXTENSION] = self

    def handle_bytes(self, event: Frame) -> None:
        # A text that has not been taken yet came first, and stays first.
        if self.on_binary is None or not event.fin or not self.queue.empty():
            super().handle_bytes(event)
        else:
            self.on_binary(bytes(event.data))

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.on_writable is not None:
            self.on_writable()


def line_of(socket: WebSocket) -> Line:
    """The line beneath a socket that `Line` serves."""
    return cast(Line, socket.scope["extensions"][EXTENSION])
