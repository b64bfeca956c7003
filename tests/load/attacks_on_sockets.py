"""Attacks with what is sent into a socket, for `tests.load.attacks`."""

import asyncio
import time
from contextlib import suppress

import anyio
import anyio.lowlevel
import psutil

from appliance.audio.wire import encode_frame
from tests.audio.test_matroska import block, cluster, header
from tests.faults.process import Serving
from tests.load.hostile import (
    BINARY,
    CONT,
    PING,
    ask,
    frame,
    guest_of,
    join,
    known_as,
    newcomer,
    open_socket,
    request,
    start,
    text,
)

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
    told = await newcomer(server.url)
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
    told = await newcomer(server.url)
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
        path = f"/ws/call/{call_id}"
        again = await open_socket(server.url, path, **guest_of(call_id))
        if again is None:
            await anyio.sleep(0.01)
            continue
        await again.send(resume)
        await again.answer(0.01)
        again.close()
        done += 1
    peer.close()
    return f"{done} sockets resumed in 6 s"


async def unread_voice(server: Serving) -> str:
    """A customer who never reads while the agent talks; most of a minute."""
    call_id = await start(server.url)
    peer = await join(server.url, call_id)
    with known_as(server.keys):
        body = b'{"role":"agent"}'
        await ask(server.url, request("POST", f"/api/calls/match/{call_id}", body))
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
