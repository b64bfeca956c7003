"""A WebSocket client that costs as little as it can. Ours speaks to 200 people's sockets.

The load must not take the cores from what it measures: with the client of `websockets`,
24 legs of 20 ms frames took a third of a core; this takes a tenth of that. It leaves out
what a call to our own server on this machine never needs: a masking key other than zero,
fragments, extensions and proxies.
"""

import asyncio
import base64
import os
import ssl
import struct
from collections.abc import Callable
from urllib.parse import urlsplit

import anyio

from appliance.errors import ApplianceError
from appliance.replay.api import bearer

OPEN_S = 20.0

TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
_SHORT = struct.Struct(">BB")
_MIDDLE = struct.Struct(">BBH")
_LONG = struct.Struct(">BBQ")
_NO_MASK = bytes(4)  # a key of zeros leaves the payload as it is


class Line(asyncio.Protocol):
    def __init__(self, on_text: Callable[[bytes], None], on_sound: Callable[[bytes], None]):
        """`on_text` gets each text message as UTF-8, `on_sound` each binary one."""
        self.on_text = on_text
        self.on_sound = on_sound
        self.open = False
        self.lost = False  # closed by the other side, or broken
        self._greeted = anyio.Event()
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    async def connect(
        self,
        url: str,
        trust: ssl.SSLContext | None = None,
        token: str = "",
        cookie: str = "",
    ) -> None:
        """Open the socket at a ws:// address, or with `trust` at a wss:// one. Raises
        ApplianceError if the server does not accept it."""
        parts = urlsplit(url)
        host = parts.hostname or "127.0.0.1"
        loop = asyncio.get_running_loop()
        try:
            with anyio.fail_after(OPEN_S):
                port = parts.port or (443 if trust else 80)
                await loop.create_connection(lambda: self, host, port, ssl=trust)
                self._write(_handshake(parts.netloc, parts.path, token, cookie))
                await self._greeted.wait()
        except (OSError, TimeoutError) as error:
            raise _refused(url, str(error) or "no answer") from error
        if not self.open:
            raise _refused(url, self._buffer.partition(b"\r\n")[0].decode("latin-1"))

    def text(self, message: bytes) -> None:
        self._frame(TEXT, message)

    def sound(self, frame: bytes) -> None:
        self._frame(BINARY, frame)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    # ------------------------------------------------------------------ asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, _exc: Exception | None) -> None:
        self.open, self.lost = False, True
        self._greeted.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.open:
            head, end, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not end:
                return
            self.open = head.startswith(b"HTTP/1.1 101 ")
            self._greeted.set()
            if not self.open:
                return
            self._buffer = bytearray(rest)
        self._frames()

    # ------------------------------------------------------------------ frames

    def _frames(self) -> None:
        buffer, place = self._buffer, 0
        while len(buffer) >= place + 2:
            kind, size, start = buffer[place], buffer[place + 1], place + 2
            if size == 126:
                start += 2
                size = int.from_bytes(buffer[place + 2 : start], "big")
            elif size == 127:
                start += 8
                size = int.from_bytes(buffer[place + 2 : start], "big")
            if len(buffer) < start + size:
                break
            place = start + size
            self._take(kind, bytes(buffer[start:place]))
        del buffer[:place]

    def _take(self, kind: int, payload: bytes) -> None:
        if kind == BINARY:
            self.on_sound(payload)
        elif kind == TEXT:
            self.on_text(payload)
        elif kind == PING:
            self._frame(PONG, payload)
        elif kind == CLOSE:
            self._frame(CLOSE, payload[:2])
            self.close()

    def _frame(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = _SHORT.pack(kind, 0x80 | size)
        elif size < 1 << 16:
            head = _MIDDLE.pack(kind, 0x80 | 126, size)
        else:
            head = _LONG.pack(kind, 0x80 | 127, size)
        self._write(head + _NO_MASK + payload)

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


def _handshake(host: str, path: str, token: str, cookie: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    headers = {**bearer(token), **({"cookie": cookie} if cookie else {})}
    known = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Version: 13\r\n{known}\r\n"
    ).encode()


def _refused(url: str, reason: str) -> ApplianceError:
    return ApplianceError(
        f"The socket {url} was not opened: {reason}.",
        fix="Look into the server's log; it may have more calls than it takes.",
    )
