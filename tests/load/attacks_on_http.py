"""Attacks with connections and requests, for `tests.load.attacks`."""

import time

import anyio
import anyio.lowlevel
import psutil

from tests.faults.process import Serving
from tests.load.hostile import (
    MIB,
    STRANGER,
    TEXT,
    ask,
    dial,
    frame,
    guest_of,
    handshake,
    join,
    many,
    newcomer,
    open_socket,
    request,
    start,
)

# ---------------------------------------------------------------------- connections


async def slow_heads(server: Serving) -> str:
    async with many(server.url, 600) as peers:
        for peer in peers:
            await peer.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        for n in range(8):
            await anyio.sleep(2)
            for peer in peers:
                await peer.send(b"x-%d: y\r\n" % n)
        left = sum([not await peer.closed(0.001) for peer in peers])
        return f"{left} of {len(peers)} still open after 16 s; {await newcomer(server.url)}"


async def silent_connections(server: Serving) -> str:
    async with many(server.url, 1300) as peers:
        told = await newcomer(server.url)
        await anyio.sleep(12)
        left = sum([not await peer.closed(0.001) for peer in peers])
        return f"{len(peers)} opened, {left} left after 12 s; {told}"


async def slow_bodies(server: Serving) -> str:
    async with many(server.url, 200) as peers:
        head = "POST /api/calls/start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900"
        for peer in peers:
            await peer.send(f"{head}\r\n\r\n".encode())
        for _ in range(8):
            await anyio.sleep(2)
            for peer in peers:
                await peer.send(b" ")
        first = await peers[0].answer(0.1)
        left = sum([not await peer.closed(0.001) for peer in peers])
        return f"{left} of {len(peers)} still open after 16 s; told {first[9:12].decode()}"


async def unwanted_body(server: Serving) -> str:
    peer = await dial(server.url)
    head = "GET /api/calls/stats HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999"
    await peer.send(f"{head}\r\n\r\n".encode())
    began, sent, piece = time.monotonic(), 0, bytes(65_536)
    while time.monotonic() - began < 10 and await peer.send(piece):
        sent += len(piece)
    peer.close()
    return f"{sent / MIB:.0f} MiB taken in {time.monotonic() - began:.1f} s"


async def answers_unread(server: Serving) -> str:
    async with many(server.url, 50) as peers:
        asked = request("GET", "/healthz") * 200
        for peer in peers:
            peer.writer.transport.pause_reading()  # type: ignore[attr-defined]
            peer.writer.write(asked)
        await anyio.sleep(25)
        held = len(psutil.Process(server.pid).net_connections("tcp"))
        return f"after 25 s the server has {held} connections, 5 of which are not these"


async def many_sockets(server: Serving) -> str:
    peers, call_id = [], await start(server.url)
    path = f"/ws/call/{call_id}"
    try:
        for _ in range(1000):
            peer = await open_socket(server.url, path, **guest_of(call_id))
            if peer is None:
                break
            peers.append(peer)
        return f"{len(peers)} opened; {await newcomer(server.url)}"
    finally:
        for peer in peers:
            peer.close()


# ---------------------------------------------------------------------- requests


async def request_flood(server: Serving) -> str:
    answers = dict[int, int]()
    until = time.monotonic() + 6

    async def one() -> None:
        while time.monotonic() < until:
            status, _, _ = await ask(server.url, request("GET", "/api/sessions"))
            answers[status] = answers.get(status, 0) + 1

    async with anyio.create_task_group() as all_of_them:
        for _ in range(40):
            all_of_them.start_soon(one)
        await anyio.sleep(4)
        told = await newcomer(server.url)
    counts = ", ".join(f"{n} x {status}" for status, n in sorted(answers.items()))
    return f"{counts} in 6 s; {told}"


async def call_flood(server: Serving) -> str:
    begun = 0
    for _ in range(2300):
        if not await start(server.url):
            break
        begun += 1
    theirs = await start(server.url, source=STRANGER)
    return f"{begun} calls wait; a newcomer's call is {'taken' if theirs else 'refused'}"


async def from_elsewhere(server: Serving) -> str:
    body, evil = b'{"role":"customer"}', "https://evil.example"
    post, _, _ = await ask(
        server.url, request("POST", "/api/calls/start", body, Origin=evil)
    )
    rebound, _, _ = await ask(
        server.url, request("GET", "/api/calls/waiting", b"", "evil.example")
    )
    opened = await open_socket(server.url, "/ws/agent", Origin=evil)
    if opened is not None:
        opened.close()
    socket = "opened" if opened else "refused"
    return f"post {post}, socket {socket}, under a name that was rebound {rebound}"


async def headers_of_answers(server: Serving) -> str:
    _, got, _ = await ask(server.url, request("GET", "/api/calls/waiting"))
    head = got.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
    wanted = (
        "content-security-policy", "x-content-type-options", "referrer-policy",
        "permissions-policy", "cross-origin-resource-policy", "cache-control",
    )  # fmt: skip
    missing = [name for name in wanted if f"\r\n{name}:" not in head]
    return f"missing: {', '.join(missing) or 'none'}"


# ---------------------------------------------------------------------- nonsense


async def deep_json(server: Serving) -> str:
    deep = b'{"a":' + b"[" * 8000
    status, _, _ = await ask(server.url, request("POST", "/api/calls/start", deep))
    peer = await join(server.url, await start(server.url))
    assert peer is not None
    await peer.send(frame(TEXT, b'{"a":' + b"[" * 60_000 + b"]" * 60_000 + b"}"))
    await peer.send(frame(TEXT, b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}"))
    closed = await peer.closed(1)
    peer.close()
    return f"body {status}; socket {'lost' if closed else 'goes on'}"


async def odd_requests(server: Serving) -> str:
    asked: dict[str, bytes] = {
        "number of 5000 digits": request(
            "GET", "/api/customers/search?query=a&limit=" + "9" * 5000
        ),
        "year 1": request("GET", "/api/sessions?from=0001-01-01T00:00:00%2B14:00"),
        "zero byte": request("GET", "/api/sessions/%00"),
        "no path": request("GET", "/api/sessions/%ff%fe"),
        "head of 100 KB": request("GET", "/", x="y" * 100_000),
        "body of 100 KB": request("POST", "/api/calls/start", b" " * 100_000),
        "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
        "no such route": request("GET", "/api/nothing"),
        "upgrade with a body": request(
            "GET", "/ws/agent", b"body", Upgrade="websocket", Connection="Upgrade"
        ),
        "upgrade with 200 headers": handshake(
            "/ws/agent", **{f"x{n}": "y" for n in range(200)}
        ),
        "upgrade with a long name": handshake("/ws/" + "x" * 9000),
    }
    told = [f"{what} {(await ask(server.url, data))[0]}" for what, data in asked.items()]
    return ", ".join(told)


async def broken_off(server: Serving) -> str:
    """Bodies and chunks that end in the middle, and answers that nobody waits for."""
    head = "POST /api/calls/start HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    for rest in (
        "Content-Length: 900\r\n\r\n{",
        'Transfer-Encoding: chunked\r\n\r\n5\r\n{"rol\r\n',
        "Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ):
        peer = await dial(server.url)
        await peer.send((head + rest).encode())
        await anyio.sleep(0.2)
        await peer.send(b"ZZ\r\nZZ\r\n")
        peer.close()
    text_of_bytes = await join(server.url, await start(server.url))
    assert text_of_bytes is not None
    await text_of_bytes.send(frame(TEXT, b"\xff\xfe\xfd"))
    closed = await text_of_bytes.closed(2)
    return f"text that is no UTF-8: {'closed' if closed else 'open'}"
