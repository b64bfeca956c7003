"""Supervisors at sockets of their own."""

import json
import socket
from asyncio import get_running_loop
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from appliance.access.people import StaffRole
from appliance.messages import ROLES, Received, Role, encode
from appliance.pipeline.box import Box
from appliance.pipeline.overheard import HEADER
from appliance.pipeline.parts import Models
from appliance.settings import Settings
from appliance.supervision import Follow
from tests.access.site import hire
from tests.server.live import OFF, RATE, SETTINGS, SITES, Keys, serving


async def keys_of(url: str, name: str, *roles: StaffRole) -> dict[str, str]:
    """What the browser of somebody new sends, who has signed in."""
    return dict(Keys.of_person(await hire(SITES[url].access, name, *roles)).headers)


Sign = dict[str, str]


@asynccontextmanager
async def a_site(
    folder: Path, settings: Settings = SETTINGS, models: Models = OFF
) -> AsyncIterator[tuple[str, Box, Sign]]:
    """With Sam, a supervisor: what their browser sends."""
    async with serving(folder, settings, models) as (url, box):
        yield url, box, await keys_of(url, "Sam", "supervisor")


class Onlooker:
    """One supervisor at the socket of a call, or of the floor."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.told: list[dict[str, Any]] = []
        self.heard: dict[Role, bytearray] = {role: bytearray() for role in ROLES}
        # Of each frame: its number, and the call time and length in ms.
        self.frames: dict[Role, list[tuple[int, int, int]]] = {role: [] for role in ROLES}

    async def send(self, message: Received) -> None:
        await self.socket.send(encode(message).decode())

    async def next(self) -> dict[str, Any] | None:
        """The next message; None for sound, which is kept."""
        with anyio.fail_after(20):
            received = await self.socket.recv()
        if isinstance(received, bytes):
            leg, seq, t_ms = HEADER.unpack_from(received)
            pcm, role = received[HEADER.size :], ROLES[leg]
            self.heard[role] += pcm
            self.frames[role].append((seq, t_ms, len(pcm) // 2 * 1000 // RATE))
            return None
        message = dict(json.loads(received))
        self.told.append(message)
        return message

    async def until(self, type_: str, **fields: Any) -> dict[str, Any]:
        while True:
            message = await self.next()
            if message is None or message["type"] != type_:
                continue
            if all(message[name] == value for name, value in fields.items()):
                return message

    async def hears(self, role: Role, size: int) -> None:
        """Once so many bytes of this voice have come."""
        while len(self.heard[role]) < size:
            await self.next()

    async def closed(self) -> int | None:
        """The code, once the box has closed the socket; what it said before is kept."""
        with suppress(ConnectionClosed):
            while True:
                await self.next()
        return self.socket.close_code


@asynccontextmanager
async def onlooker(
    url: str, path: str, headers: dict[str, str], *, reads: bool = True
) -> AsyncIterator[Onlooker]:
    """Who does not read leaves what comes to a narrow line."""
    address = url.replace("http", "ws") + path
    line = None if reads else await _narrow(url)
    async with connect(
        address,
        additional_headers=headers,
        max_queue=None if reads else 1,
        sock=line,
        # Whoever does not read does not hear the box's goodbye either.
        close_timeout=10 if reads else 0.1,
    ) as opened:
        yield Onlooker(opened)


async def _narrow(url: str) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    place = httpx.URL(url)
    line.setblocking(False)
    await get_running_loop().sock_connect(line, (place.host, place.port))
    return line


@asynccontextmanager
async def following(
    url: str,
    call_id: str,
    headers: dict[str, str],
    follow: Follow | None = None,
    *,
    reads: bool = True,
) -> AsyncIterator[Onlooker]:
    async with onlooker(url, f"/ws/listen/{call_id}", headers, reads=reads) as someone:
        await someone.send(follow or Follow())
        yield someone
