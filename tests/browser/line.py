"""The network of one browser, which a test cuts and mends."""

import json

from playwright.async_api import WebSocketRoute

from appliance.audio.wire import HEADER

# A page may close a socket with no other than 1000, which means well, or 3000 and up.
BROKEN = 3001


class Line:
    """The network of one browser."""

    def __init__(self) -> None:
        self.lost: list[tuple[int, int]] = []  # numbers of sound frames left out, both ends
        self._next = 0  # first sound frame that the box does not have
        self._broken = False
        self._ends: list[WebSocketRoute] = []

    async def join(self, socket: WebSocketRoute) -> None:
        if self._broken:
            await socket.close(code=BROKEN)
            return
        box = socket.connect_to_server()
        self._ends = [socket, box]

        def to_box(message: str | bytes) -> None:
            if not self._broken:
                self._count(message)
                box.send(message)

        def to_page(message: str | bytes) -> None:
            if not self._broken:
                self._resume(message)
                socket.send(message)

        socket.on_message(to_box)
        box.on_message(to_page)

    async def cut(self) -> None:
        self._broken = True
        for end in self._ends:
            await end.close(code=BROKEN)

    def mend(self) -> None:
        self._broken = False

    def _count(self, message: str | bytes) -> None:
        if isinstance(message, str):
            return
        number = HEADER.unpack_from(message)[0]
        # One number is left out where the page's own microphone has heard nothing.
        if number > self._next + 1:
            self.lost.append((self._next, number - 1))
        self._next = max(self._next, number + 1)

    def _resume(self, message: str | bytes) -> None:
        if isinstance(message, str):
            told = json.loads(message)
            if told["type"] == "hello":
                self._next = told["next_audio_seq"]
