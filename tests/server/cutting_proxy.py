"""A line between the people and the box that cuts what they send, or breaks."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Literal, NamedTuple, TypeAlias

import anyio
from anyio.abc import SocketAttribute, SocketStream

from appliance.messages import ROLES

Direction: TypeAlias = Literal["up", "down"]  # up: what people send


class Break(NamedTuple):
    """The line of one socket dies after so many bytes."""

    socket: int  # 0 or 1: of the call's sockets, in the order they were opened
    direction: Direction
    after: int


class _Line:
    """One connection and the one behind it."""

    def __init__(self, person: SocketStream, box: SocketStream, sizes: Sequence[int]):
        self.ways = {"up": (person, box), "down": (box, person)}
        self.sizes = sizes
        self.left: dict[Direction, int] = {}  # bytes until it breaks

    async def run(self, first: bytes) -> None:
        async with anyio.create_task_group() as both:
            both.start_soon(self._pump, "up", first, both.cancel_scope)
            both.start_soon(self._pump, "down", b"", both.cancel_scope)
        for stream, _ in self.ways.values():
            await anyio.aclose_forcefully(stream)

    async def _pump(
        self, direction: Direction, data: bytes, alive: anyio.CancelScope
    ) -> None:
        source, sink = self.ways[direction]
        sizes = cycle(self.sizes)
        try:
            while True:
                while data:
                    size = min(next(sizes), self.left.get(direction, len(data)))
                    await sink.send(data[:size])
                    data = data[size:]
                    if direction in self.left:
                        self.left[direction] -= size
                        if not self.left[direction]:
                            return
                data = await source.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
            return
        finally:
            alive.cancel()


class _Proxy:
    def __init__(self, port: int, sizes: Sequence[int], breaks: Sequence[Break]) -> None:
        self.port = port  # of the box
        self.sizes = sizes
        self.breaks = breaks
        self.sockets = 0

    async def connected(self, person: SocketStream) -> None:
        async with person, await anyio.connect_tcp("127.0.0.1", self.port) as box:
            try:
                first = await person.receive()
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return
            line = _Line(person, box, self.sizes)
            if first.startswith(b"GET /ws/"):
                for one in self.breaks:
                    if one.socket == self.sockets:
                        line.left[one.direction] = one.after
                self.sockets += 1
            await line.run(first)


@asynccontextmanager
async def cutting(
    url: str, sizes: Sequence[int], breaks: Sequence[Break] = ()
) -> AsyncGenerator[str, None]:
    """The address of a proxy for the box at `url`.

    It passes on pieces of these sizes, over and over, in both directions.
    """
    assert {one.socket for one in breaks} <= set(range(len(ROLES)))
    port = int(url.rsplit(":", 1)[1])
    proxy = _Proxy(port, sizes, breaks)
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    async with listener, anyio.create_task_group() as lines:
        lines.start_soon(listener.serve, proxy.connected)
        yield f"http://127.0.0.1:{listener.extra(SocketAttribute.local_port)}"
        lines.cancel_scope.cancel()
