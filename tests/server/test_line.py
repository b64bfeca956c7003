"""The wire beneath a socket, under what no page of ours would send."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from appliance.audio.wire import encode_frame
from appliance.bucket import Rate
from appliance.pipeline import allowance
from appliance.server import line
from tests.load.hostile import (
    BINARY,
    CLOSE,
    CONT,
    PING,
    TEXT,
    Peer,
    ask,
    dial,
    frame,
    handshake,
    join,
    known_as,
    open_socket,
    request,
    text,
)
from tests.server.live import (
    OFF,
    Talker,
    get,
    helen,
    hello,
    serving,
    start,
    talker,
    telephone,
)
from tests.server.test_metrics import read

pytestmark = pytest.mark.anyio

HERE = "127.0.0.1"


@asynccontextmanager
async def call(folder: Path) -> AsyncIterator[tuple[str, Peer, Talker]]:
    """A customer who is nobody's page, and an agent who is told what they do."""
    async with serving(folder, models=OFF) as (url, _):
        call_id = (await start(url, "customer"))["call_id"]
        await start(url, "agent", call_id)
        async with talker(url, call_id, hello("agent")) as agent:
            with known_as(telephone(url)):
                customer = await join(url, call_id, source=HERE)
            assert customer is not None
            await agent.until("partner", role="customer", event="joined")
            yield url, customer, agent
            customer.close()


def closing(got: bytes) -> int:
    """Code of the close frame at the end."""
    place = got.rindex(b"\x88")
    return int.from_bytes(got[place + 2 : place + 4], "big")


async def refused(url: str, limit: str) -> float:
    return (await read(url))[1]["appliance_refused_total", limit]


def sound(n: int, samples: int = 320) -> bytes:
    payload = bytes([n % 251, 0] * samples)
    return frame(BINARY, encode_frame(n, n * samples // 16, payload))


async def test_whatever_comes_at_once_keeps_its_order(tmp_path: Path) -> None:
    async with call(tmp_path) as (_, customer, agent):
        pieces = [sound(n) for n in range(300)]
        for n in range(0, 300, 30):
            pieces.insert(n + n // 30, text(type="chat", text=f"line {n}"))
        await customer.send(b"".join(pieces))
        await agent.until("chat", text="line 270")
        while len(agent.heard) < 640 * 300:
            await agent.next()
        said = [message["text"] for message in agent.told if message["type"] == "chat"]
        assert said == [f"line {n}" for n in range(0, 300, 30)]
        firsts = [agent.heard[at] for at in range(0, 640 * 300, 640)]
        assert firsts == [n % 251 for n in range(300)]


async def test_a_goodbye_right_behind_sound_is_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with call(tmp_path) as (_, customer, agent):
        await agent.speak(bytes(640))
        await customer.send(
            b"".join(sound(n) for n in range(50)) + frame(CLOSE, b"\x03\xe8")
        )
        assert closing(await customer.answer(20)) == 1000
        await agent.until("partner", role="customer", event="away")
        assert len(agent.heard) == 640 * 50
    assert not [record for record in caplog.records if record.exc_info]


async def test_pieces_of_any_size_come_to_the_same(tmp_path: Path) -> None:
    async with call(tmp_path) as (_, customer, agent):
        whole = b"".join(sound(n, samples=16_000) for n in range(5))
        for at in range(0, len(whole), 777):
            await customer.send(whole[at : at + 777])
        fragments = [frame(TEXT, b'{"type": "cha', fin=False), frame(CONT, b"", fin=False)]
        await customer.send(b"".join(fragments) + frame(CONT, b't", "text": "end"}'))
        await agent.until("chat", text="end")
        assert [agent.heard[at] for at in range(0, len(agent.heard), 32_000)] == [*range(5)]


async def test_sound_beyond_what_the_box_takes_comes_later_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "AUDIO_S", Rate(burst=0.5, per_s=4))
    async with call(tmp_path) as (url, customer, agent):
        await customer.send(b"".join(sound(n) for n in range(100)))
        while len(agent.heard) < 640 * 100:
            await agent.next()
        assert await refused(url, "audio") >= 1


async def test_frames_beyond_what_the_box_takes_come_later_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "FRAMES", Rate(burst=20, per_s=200))
    async with call(tmp_path) as (url, customer, agent):
        await customer.send(b"".join(sound(n) for n in range(60)))
        await customer.send(text(type="chat", text="end"))
        await agent.until("chat", text="end")
        assert len(agent.heard) == 640 * 60
        assert await refused(url, "frames") >= 1


async def test_too_many_texts_end_the_socket_and_not_the_call(tmp_path: Path) -> None:
    async with call(tmp_path) as (url, customer, agent):
        lines = [text(type="chat", text=f"line {n}") for n in range(300)]
        await customer.send(b"".join(lines))
        got = await customer.answer(20)
        assert closing(got) == 1008
        assert b"Too many messages" in got
        await agent.until("partner", role="customer", event="away")
        assert sum(message["type"] == "chat" for message in agent.told) < 150
        assert await refused(url, "texts") == 1


async def test_text_that_is_not_utf_8_ends_the_socket_with_the_code_for_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with call(tmp_path) as (_, customer, agent):
        await customer.send(frame(TEXT, b"\xff\xfe"))
        assert closing(await customer.answer(20)) == 1007
        await agent.until("partner", role="customer", event="away")
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("path", ["/ws/call/{}", "/ws/agent"])
async def test_an_answer_to_what_came_before_nonsense_is_no_fault(
    tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(tmp_path, models=OFF) as (url, _):
        call_id = (await start(url, "customer"))["call_id"]
        keys = helen(url) if path == "/ws/agent" else telephone(url)
        peer = await open_socket(url, path.format(call_id), HERE, **keys)
        assert peer is not None
        await peer.send(text(type="no", hello="yet") + frame(TEXT, b"\xff"))
        assert closing(await peer.answer(20)) == 1007
        peer.close()
        assert (await get(url, "/healthz"))["ok"]
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_message_that_is_too_large_ends_the_socket_with_the_code_for_it(
    tmp_path: Path,
) -> None:
    async with call(tmp_path) as (_, customer, agent):
        await customer.send(frame(BINARY, bytes(300_000)))
        assert closing(await customer.answer(20)) == 1009
        await agent.until("partner", role="customer", event="away")


async def test_pings_that_nobody_reads_the_answers_of_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "STUCK_S", 0.5)
    async with call(tmp_path) as (url, customer, agent):
        customer.writer.transport.pause_reading()  # type: ignore[attr-defined]
        customer.writer.write(frame(PING, bytes(125)) * 12_000)
        await agent.until("partner", role="customer", event="away")
        assert await refused(url, "slow_reader") == 1


@pytest.mark.fault("browser asleep")
async def test_who_never_reads_is_let_go_and_may_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "STUCK_S", 0.5)
    async with call(tmp_path) as (url, customer, agent):
        customer.writer.transport.pause_reading()  # type: ignore[attr-defined]
        while await refused(url, "slow_reader") == 0:
            await agent.speak(bytes(640 * 250))
        await agent.until("partner", role="customer", event="away")


@pytest.mark.parametrize(
    "sent",
    [
        request("GET", "/ws/agent", b"body", Upgrade="websocket", Connection="Upgrade"),
        handshake("/ws/agent", **{f"x{n}": "y" for n in range(200)}),
        handshake("/ws/" + "x" * 9000),
        handshake("/ws/agent", Sec_WebSocket_Key="short"),
        handshake("/ws/agent").replace(b"GET", b"PUT", 1),
        handshake("/ws/agent", Transfer_Encoding="chunked"),
        handshake("/nothing/here"),
        handshake("/api/calls/stats"),
    ],
)
async def test_a_handshake_that_cannot_be_is_answered_and_leaves_nothing(
    tmp_path: Path, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(tmp_path, models=OFF) as (url, _):
        peer = await dial(url, HERE)
        await peer.send(sent)
        answer = await peer.answer(20)
        peer.close()
        assert answer.startswith(b"HTTP/1.1 4")
        with known_as(helen(url)):
            status, got, _ = await ask(url, request("GET", "/metrics"), HERE)
        assert status == 200
        assert b"\nappliance_connections 1.0\n" in got
    assert not [record for record in caplog.records if record.exc_info]


async def test_deep_nonsense_is_refused_like_any_other(tmp_path: Path) -> None:
    async with call(tmp_path) as (url, customer, agent):
        deep = b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b',"type":"chat","text":"x"}'
        await customer.send(frame(TEXT, deep))
        await customer.send(text(type="chat", text="still here"))
        await agent.until("chat", text="still here")
        for body in (b'{"a":' + b"[" * 8000, b"[" * 16_000):
            status, got, _ = await ask(url, request("POST", "/api/calls/start", body), HERE)
            assert status == 400
            assert json.loads(got.partition(b"\r\n\r\n")[2])["fix"]
