"""Attacks on a live server, and what each does to people who talk meanwhile.

    python -m tests.load.attacks [NAME...]

The attacker has one address and no account; two calls go on from another address. For each
attack: what came of it, how late and how whole the voices of the two calls were, memory
that the server did not have before, and faults that its log shows. The models are off:
only the server is attacked.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

import anyio
import anyio.lowlevel
import psutil

from appliance.audio.wire import encode_frame
from tests.audio.test_matroska import block, cluster, header
from tests.faults.process import NO_MODELS, Serving, serving
from tests.load.bystanders import bystanders
from tests.load.hostile import (
    BINARY,
    CONT,
    PING,
    TEXT,
    ask,
    dial,
    frame,
    handshake,
    join,
    many,
    open_socket,
    request,
    start,
    text,
)

USUAL_FILES = 1024  # open files that a service may have where nobody says otherwise
STRANGER = "127.0.0.99"  # who has done nothing and wants to come in
MIB = 1 << 20

# Below HTTP a connection is attacked alike with TLS and without; without it can be told
# what came back.
PLAIN = {**NO_MODELS, "APPLIANCE_TLS_ENABLED": "false"}

Attack = Callable[[Serving], Awaitable[str]]


async def newcomer(server: Serving) -> str:
    status, _, took_s = await ask(server.url, request("GET", "/api/calls/stats"), STRANGER)
    return f"a newcomer is answered {status} in {1000 * took_s:.0f} ms"


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
        return f"{left} of {len(peers)} still open after 16 s; {await newcomer(server)}"


async def silent_connections(server: Serving) -> str:
    async with many(server.url, 1300) as peers:
        told = await newcomer(server)
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
    peers = []
    try:
        for _ in range(1000):
            peer = await open_socket(server.url, "/ws/agent/x")
            if peer is None:
                break
            peers.append(peer)
        return f"{len(peers)} opened; {await newcomer(server)}"
    finally:
        for peer in peers:
            peer.close()


# ---------------------------------------------------------------------- sockets


async def pings_unread(server: Serving) -> str:
    peer = await join(server.url, await start(server.url))
    assert peer is not None
    peer.writer.transport.pause_reading()  # type: ignore[attr-defined]
    began, sent, pings = time.monotonic(), 0, frame(PING, bytes(125)) * 500
    with suppress(OSError, TimeoutError):
        while time.monotonic() - began < 8:
            async with asyncio.timeout(8):
                if not await peer.send(pings):
                    break
            sent += 500
    peer.close()
    return f"{sent} pings taken in 8 s"


async def chat_flood(server: Serving) -> str:
    call_id = await start(server.url)
    peer = await join(server.url, call_id)
    assert peer is not None
    reading = asyncio.create_task(peer.answer(8))  # noqa: TID251 - ends with the attack
    began, line = time.monotonic(), text(type="chat", text="x" * 200) * 50
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(6):
            while time.monotonic() - began < 5 and await peer.send(line):
                await anyio.lowlevel.checkpoint()
    got = await reading
    peer.close()
    shown = got.count(b'"type":"chat"')
    closed = b"Too many messages" in got
    return f"{shown} lines in the record after 5 s{', closed 1008' if closed else ''}"


async def audio_flood(server: Serving) -> str:
    peer = await join(server.url, await start(server.url))
    assert peer is not None
    began, n = time.monotonic(), 0
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(8):
            while time.monotonic() - began < 6:
                if not await peer.send(
                    frame(BINARY, encode_frame(n, n * 1000, bytes(32_000)))
                ):
                    break
                n += 1
    took_s = time.monotonic() - began
    peer.close()
    return f"{n} s of sound taken in {took_s:.1f} s"


async def silence_bomb(server: Serving) -> str:
    """Each frame is two bytes, and says that a minute before it was lost."""
    peer = await join(server.url, await start(server.url))
    assert peer is not None
    bomb = b"".join(
        frame(BINARY, encode_frame(2 * n, n * 59_000, b"\0\0")) for n in range(2000)
    )
    await peer.send(bomb)
    got = await peer.answer(3)
    peer.close()
    refused = got.count(b"ahead of what the box takes")
    return f"2000 minutes in {len(bomb) // 1024} KiB; {refused} frames refused"


async def opus_bomb(server: Serving) -> str:
    """128 KB of WebM whose packets of two bytes are 120 ms of sound each."""
    peer = await join(server.url, await start(server.url), codec="webm_opus", rate=48_000)
    assert peer is not None
    start_of_it = header() + cluster(0)
    packets = b"".join(block(0, b"\xfb\x06") for _ in range(12_000))
    whole = (start_of_it + packets)[: 128 * 1024]
    await peer.send(frame(BINARY, encode_frame(0, 0, whole)))
    began = time.monotonic()
    told = await newcomer(server)
    got = await peer.answer(1)
    peer.close()
    what = "refused" if b"one chunk" in got else "decoded"
    return f"{what}; {told} after {time.monotonic() - began:.1f} s"


async def tiny_frames(server: Serving) -> str:
    peer = await join(server.url, await start(server.url))
    assert peer is not None
    flood = frame(CONT, b"", fin=False) * 40_000
    begin = frame(BINARY, b"", fin=False)
    sent = await peer.send(begin + flood)
    told = await newcomer(server)
    peer.close()
    return f"40,000 empty frames at once, {'taken' if sent else 'cut'}; {told}"


async def resume_storm(server: Serving) -> str:
    call_id = await start(server.url)
    peer = await join(server.url, call_id)
    assert peer is not None
    for _ in range(400):
        await peer.send(text(type="mute", on=True))
        await anyio.sleep(0.005)
    resume = text(type="resume", role="customer", epoch=call_id, last_seq=0)
    began, done = time.monotonic(), 0
    while time.monotonic() - began < 6:
        again = await open_socket(server.url, f"/ws/call/{call_id}")
        if again is None:
            await anyio.sleep(0.01)
            continue
        await again.send(resume)
        await again.answer(0.01)
        again.close()
        done += 1
    peer.close()
    return f"{done} sockets resumed in 6 s"


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
        told = await newcomer(server)
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
        server.url, request("GET", "/api/calls/waiting", host="evil.example")
    )
    opened = await open_socket(server.url, "/ws/agent/x", Origin=evil)
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
            "GET", "/ws/agent/x", b"body", Upgrade="websocket", Connection="Upgrade"
        ),
        "upgrade with 200 headers": handshake(
            "/ws/agent/x", **{f"x{n}": "y" for n in range(200)}
        ),
        "upgrade with a long name": handshake("/ws/agent/" + "x" * 9000),
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


async def unread_voice(server: Serving) -> str:
    """A customer who never reads while the agent talks; most of a minute."""
    call_id = await start(server.url)
    peer = await join(server.url, call_id)
    agent = await join(server.url, call_id, "agent", "127.0.0.67")
    assert peer is not None
    assert agent is not None
    peer.writer.transport.pause_reading()  # type: ignore[attr-defined]
    local = peer.writer.get_extra_info("sockname")
    began = time.monotonic()
    for n in range(60 * 50):
        await agent.send(frame(BINARY, encode_frame(n, n * 20, bytes(1920 // 3))))
        # Six times as much as a voice: so the buffers of this machine's network are full
        # after seconds.
        await agent.send(text(type="chat", text="y" * 3000) if n % 50 == 0 else b"")
        await anyio.sleep(max(0.0, began + n / 50 - time.monotonic()))
        if n % 100 == 0 and not _holds(server, local[1]):
            break
    held = _holds(server, local[1])
    peer.close()
    agent.close()
    return f"{'held' if held else 'let go'} after {time.monotonic() - began:.0f} s"


def _holds(server: Serving, port: int) -> bool:
    """Whether the server still has its end of this connection."""
    ends = psutil.Process(server.pid).net_connections("tcp")
    return any(end.raddr and end.raddr.port == port for end in ends)


ATTACKS: Sequence[Attack] = (
    from_elsewhere, headers_of_answers, odd_requests, deep_json, broken_off, slow_heads,
    silent_connections, slow_bodies, unwanted_body, answers_unread, many_sockets,
    pings_unread, chat_flood, audio_flood, silence_bomb, opus_bomb, tiny_frames,
    resume_storm, request_flood, unread_voice, call_flood,
)  # fmt: skip


async def run(server: Serving, attacks: Sequence[Attack]) -> None:
    process = psutil.Process(server.pid)
    async with bystanders(server.url) as people:
        for attack in attacks:
            await people.look()
            before, faults = process.memory_info().rss, _faults(server)
            try:
                came_of_it = await attack(server)
            except Exception as error:  # noqa: BLE001 - the others are still to come
                came_of_it = f"the attack itself failed: {error!r}"
            grown = (process.memory_info().rss - before) / MIB
            fate = await people.look()
            print(f"{attack.__name__}: {came_of_it}")
            print(f"    bystanders: {fate}")
            print(
                f"    +{grown:.0f} MiB, {_faults(server) - faults} tracebacks", flush=True
            )
        print(f"all of it: {await people.end()}")


def _faults(server: Serving) -> int:
    return server.log.read_text().count("Traceback")


def main() -> None:
    names = sys.argv[1:]
    chosen = [a for a in ATTACKS if not names or a.__name__ in names]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (USUAL_FILES, most))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), PLAIN) as server,
    ):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        anyio.run(run, server, chosen, backend_options={"use_uvloop": True})
        print(json.dumps(_kinds_of_faults(server), indent=2))


def _kinds_of_faults(server: Serving) -> dict[str, int]:
    kinds: dict[str, int] = {}
    for part in server.log.read_text().split("Traceback")[1:]:
        last = [line for line in part.splitlines() if line and line[0] not in " |"]
        name = last[1] if len(last) > 1 else "?"
        kinds[name[:120]] = kinds.get(name[:120], 0) + 1
    return kinds


if __name__ == "__main__":
    main()
