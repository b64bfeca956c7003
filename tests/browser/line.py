"""The network of one browser, which a test cuts and mends."""

from playwright.async_api import WebSocketRoute

# A page may close a socket with no other than 1000, which means well, or 3000 and up.
BROKEN = 3001


class Line:
    """The network of one browser."""

    def __init__(self) -> None:
        self._broken = False
        self._ends: list[WebSocketRoute] = []

    async def join(self, socket: WebSocketRoute) -> None:
        if self._broken:
            await socket.close(code=BROKEN)
        else:
            self._ends = [socket, socket.connect_to_server()]

    async def cut(self) -> None:
        self._broken = True
        for end in self._ends:
            await end.close(code=BROKEN)

    def mend(self) -> None:
        self._broken = False
