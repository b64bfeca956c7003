"""What an attacker's program needs: raw connections from any address of this machine.

Linux takes all of 127.0.0.0/8 for its own, so that an attack can come from one address, or
from many, and the people who talk meanwhile from another.
"""

import asyncio
import base64
import json
import os
import re
import struct
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

ELSEWHERE = "127.0.0.66"
STRANGER = "127.0.0.99"  # who has done nothing and wants to come in
MIB = 1 << 20
PATIENCE_S = 5.0

# The last line of a traceback; the lines of one are set off from those of events.
FAULT = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Exit|State|Interrupt|Warning)\b")

TEXT, BINARY, CLOSE, PING, CONT = 1, 2, 8, 9, 0

# Headers by which the attacker is known: nobody, unless a test or an attack says whom.
_KNOWN: ContextVar[Mapping[str, str]] = ContextVar("known")

# Of customers' calls that were begun here, the cookie that opens each.
_COOKIES: dict[str, str] = {}
_COOKIE = re.compile(rb"set-cookie: ((?:__Host-)?customer=[^;]+)", re.IGNORECASE)


@contextmanager
def known_as(headers: Mapping[str, str]) -> Iterator[None]:
    """Everything sent from here says that it comes from somebody who may come in."""
    before = _KNOWN.set(headers)
    try:
        yield
    finally:
        _KNOWN.reset(before)


class Peer:
    """One connection. Reads what comes, as long as it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> bool:
        """False once the other side has closed."""
        if self.writer.is_closing():
            return False
        try:
            self.writer.write(data)
            await self.writer.drain()
        except OSError:
            return False
        return not self.writer.is_closing()

    async def answer(self, within_s: float = PATIENCE_S) -> bytes:
        """Whatever comes until the other side closes, or for so long."""
        got = bytearray()
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(within_s):
                while piece := await self.reader.read(65_536):
                    got += piece
        return bytes(got)

    async def closed(self, within_s: float) -> bool:
        """True if the other side closes within this time."""
        try:
            async with asyncio.timeout(within_s):
                while await self.reader.read(65_536):
                    pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    def close(self) -> None:
        self.writer.transport.abort()


async def dial(url: str, source: str = ELSEWHERE) -> Peer:
    """Raises OSError if nobody answers."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port, local_addr=(source, 0), limit=1 << 20
    )
    return Peer(reader, writer)


@asynccontextmanager
async def many(url: str, count: int, source: str = ELSEWHERE) -> AsyncGenerator[list[Peer]]:
    """So many connections, as far as they can be had."""
    peers: list[Peer] = []
    try:
        for _ in range(count):
            try:
                async with asyncio.timeout(PATIENCE_S):
                    peers.append(await dial(url, source))
            except (OSError, TimeoutError):
                break
        yield peers
    finally:
        for peer in peers:
            peer.close()


def request(
    method: str, path: str, body: bytes = b"", host: str = "127.0.0.1", /, **headers: str
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    headers = {**_KNOWN.get({}), **headers}
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


async def ask(url: str, data: bytes, source: str = ELSEWHERE) -> tuple[int, bytes, float]:
    """Send bytes; the status of what comes back (0: nothing), all of it, and how long it
    took in s."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_S):
            peer = await dial(url, source)
    except (OSError, TimeoutError):
        return 0, b"", time.perf_counter() - began
    try:
        await peer.send(data)
        got = await _whole_answer(peer)
    finally:
        peer.close()
    status = int(got[9:12]) if got.startswith(b"HTTP/1.1 ") else 0
    return status, got, time.perf_counter() - began


async def _whole_answer(peer: Peer) -> bytes:
    got = bytearray()
    with suppress(TimeoutError, OSError):
        async with asyncio.timeout(PATIENCE_S):
            while piece := await peer.reader.read(65_536):
                got += piece
                head, end, body = bytes(got).partition(b"\r\n\r\n")
                lines = head.lower().split(b"\r\n") if end else []
                sizes = [line for line in lines if line.startswith(b"content-length:")]
                if sizes and len(body) >= int(sizes[0].split(b":")[1]):
                    break
    return bytes(got)


async def start(url: str, role: str = "customer", source: str = ELSEWHERE) -> str:
    """The id of a new call, "" if it was refused."""
    body = json.dumps({"role": role, "name": "Mallory"}).encode()
    _, got, _ = await ask(url, request("POST", "/api/calls/start", body), source)
    with suppress(ValueError, KeyError):
        call_id = str(json.loads(got.partition(b"\r\n\r\n")[2])["call_id"])
        if given := _COOKIE.search(got):
            _COOKIES[call_id] = given[1].decode()
        return call_id
    return ""


def guest_of(call_id: str) -> dict[str, str]:
    """Headers of the customer who began this call, if that was here."""
    return {"Cookie": _COOKIES[call_id]} if call_id in _COOKIES else {}


def handshake(path: str, host: str = "127.0.0.1", /, **headers: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    more: dict[str, str] = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec_WebSocket_Key": key,
        "Sec_WebSocket_Version": "13",
    }
    return request("GET", path, b"", host, **(more | headers))


async def open_socket(
    url: str, path: str, source: str = ELSEWHERE, **headers: str
) -> Peer | None:
    """None if it is refused."""
    try:
        peer = await dial(url, source)
        await peer.send(handshake(path, **headers))
        async with asyncio.timeout(PATIENCE_S):
            head = await peer.reader.readuntil(b"\r\n\r\n")
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return None
    if not head.startswith(b"HTTP/1.1 101 "):
        peer.close()
        return None
    return peer


def frame(kind: int, payload: bytes, *, fin: bool = True, mask: bytes = bytes(4)) -> bytes:
    """A client's frame; a key of zeros leaves the payload as it is."""
    first, size = kind | (0x80 if fin else 0), len(payload)
    if size < 126:
        head = struct.pack(">BB", first, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack(">BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack(">BBQ", first, 0x80 | 127, size)
    return head + mask + payload


def text(**message: Any) -> bytes:
    return frame(TEXT, json.dumps(message).encode())


async def join(
    url: str, call_id: str, role: str = "customer", source: str = ELSEWHERE, **audio: Any
) -> Peer | None:
    """A socket in a call, after its hello; None if it is refused."""
    peer = await open_socket(url, f"/ws/call/{call_id}", source, **guest_of(call_id))
    if peer is not None:
        hello: dict[str, Any] = {"type": "hello", "role": role, "name": "Mallory"}
        await peer.send(text(**hello, **({"audio": audio} if audio else {})))
    return peer


async def newcomer(url: str) -> str:
    """How somebody who has done nothing, and is nobody, is answered meanwhile."""
    with known_as({}):
        status, _, took_s = await ask(url, request("GET", "/auth/me"), STRANGER)
    return f"a newcomer is answered {status} in {1000 * took_s:.0f} ms"


def kinds_of_faults(log: str) -> Counter[str]:
    """How often each exception was logged, by its last line."""
    found = Counter[str]()
    for line in log.splitlines():
        bare = line.lstrip(" |")
        if line.startswith("  | ") and FAULT.match(bare):
            found[bare[:120]] += 1
    return found
