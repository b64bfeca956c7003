"""How long a real server waits for a request, and for whoever does not read."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from appliance.server import answers, http_line, limits
from appliance.server.pages import ASK_AGAIN, File, Pages
from tests.load.hostile import Peer, ask, dial, request
from tests.server.live import OFF, get, serving
from tests.server.test_metrics import read

pytestmark = pytest.mark.anyio

HERE = "127.0.0.1"
START = b"POST /api/calls/start HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@asynccontextmanager
async def talking(folder: Path) -> AsyncIterator[tuple[str, Peer]]:
    """A server, and one connection to it."""
    async with serving(folder, models=OFF) as (url, _):
        peer = await dial(url, HERE)
        yield url, peer
        peer.close()


def status_of(answer: bytes) -> int:
    return int(answer[9:12])


def told(answer: bytes) -> dict[str, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"\r\nx-content-type-options: nosniff" in head
    return dict(json.loads(body))


async def refused(url: str, limit: str) -> float:
    return (await read(url))[1]["appliance_refused_total", limit]


async def test_half_a_request_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_line, "HEAD_S", 0.3)
    async with talking(tmp_path) as (url, peer):
        await peer.send(b"GET / HTTP/1.1\r\nHost: 127")
        answer = await peer.answer(20)
        assert status_of(answer) == 408
        assert told(answer)["fix"]
        assert await refused(url, "late_head") == 1


async def test_a_connection_that_says_nothing_is_closed_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_line, "HEAD_S", 0.3)
    async with talking(tmp_path) as (_, peer):
        assert await peer.answer(20) == b""


async def test_a_byte_now_and_then_wins_no_more_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_line, "HEAD_S", 0.3)
    async with talking(tmp_path) as (_, peer):
        alive, sent = await peer.send(b"GET / HTTP/1.1\r\n"), 0
        while alive and not peer.reader.at_eof():
            alive = await peer.send(b"x: y\r\n")
            sent += 1
            await peer.answer(0.02)
        assert sent > 3


async def test_a_request_after_another_has_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_line, "HEAD_S", 0.3)
    async with talking(tmp_path) as (_, peer):
        await peer.send(request("GET", "/healthz") + b"GET / HT")
        first, _, rest = (await peer.answer(20)).partition(b"}")
        assert (status_of(first), status_of(rest)) == (200, 408)


async def test_half_a_body_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "BODY_S", 0.2)
    async with talking(tmp_path) as (url, peer):
        await peer.send(START + b"Content-Length: 90\r\n\r\n{")
        answer = await peer.answer(20)
        assert status_of(answer) == 408
        assert "did not come" in told(answer)["problem"]
        assert await refused(url, "late_body") == 1


async def test_a_body_that_is_too_large_is_refused_and_its_rest_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_line, "LINGER_S", 0.2)
    async with talking(tmp_path) as (url, peer):
        await peer.send(START + b"Content-Length: 99999999\r\n\r\n" + bytes(20_000))
        answer = await peer.answer(20)
        assert status_of(answer) == 413
        assert "more than 16384 bytes" in told(answer)["problem"]
        assert await refused(url, "large_body") == 1
        assert await refused(url, "unread_body") == 1


async def test_the_rest_of_an_unwanted_body_costs_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path) as (_, peer):
        head = (
            b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90000000\r\n\r\n"
        )
        await peer.send(head + bytes(8_000_000))
        assert status_of(await peer.answer(20)) == 200


async def test_a_short_body_that_nobody_reads_leaves_the_connection_usable(
    tmp_path: Path,
) -> None:
    async with talking(tmp_path) as (_, peer):
        await peer.send(request("GET", "/healthz", b"unread"))
        await peer.send(request("GET", "/nothing", b"unread", Connection="close"))
        first, _, second = (await peer.answer(20)).partition(b"}")
        assert (status_of(first), status_of(second)) == (200, 404)


async def test_a_body_that_nobody_asked_for_ends_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_line, "LINGER_S", 0.2)
    async with talking(tmp_path) as (_, peer):
        await peer.send(
            b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\n\r\n"
        )
        assert status_of(await peer.answer(20)) == 200
        assert peer.reader.at_eof()


@pytest.mark.parametrize(
    ("sent", "status", "limit"),
    [
        (request("GET", "/", x="y" * 40_000), 431, "large_head"),
        (b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 9000, 431, "large_head"),
        (b"\x16\x03\x01 this is TLS\r\n\r\n", 400, "no_http"),
        (b"GET /\r\n\r\n", 400, "no_http"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "no_http"),  # no Host
        (START + b"Transfer-Encoding: gzip\r\n\r\n", 400, "no_http"),
        (START + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "no_http"),
    ],
)
async def test_what_is_no_request_is_told_so(
    tmp_path: Path, sent: bytes, status: int, limit: str
) -> None:
    async with talking(tmp_path) as (url, peer):
        await peer.send(sent)
        answer = await peer.answer(20)
        assert status_of(answer) == status
        assert told(answer)["fix"]
        assert await refused(url, limit) == 1


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 90\r\n\r\n{",
        b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\nnot a chunk\r\n",
    ],
)
async def test_a_body_that_breaks_off_is_no_fault_of_the_server_s(
    tmp_path: Path, rest: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(tmp_path) as (url, peer):
        await peer.send(START + rest)
        peer.close()
        await get(url, "/healthz")
    assert not [record for record in caplog.records if record.exc_info]


async def test_who_does_not_read_the_answers_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_line, "STUCK_S", 0.3)
    # More than the buffers of this machine's network hold.
    large = File(bytes(20_000_000), None, "application/octet-stream", ASK_AGAIN)
    pages = Pages(None, {"large": large})
    async with serving(tmp_path, models=OFF, pages=pages) as (url, _):
        peer = await dial(url, HERE)
        peer.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await peer.send(request("GET", "/assets/large"))
        while await refused(url, "slow_reader") == 0:
            pass  # each round goes through the loop that has to notice
        peer.close()


async def test_one_connection_too_many_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CONNECTIONS_EACH", 2)
    async with serving(tmp_path, models=OFF) as (url, _):
        peers = [await dial(url, HERE) for _ in range(3)]
        answer = await peers[2].answer(20)
        assert status_of(answer) == 503
        assert b"\r\nretry-after: 5" in answer
        for peer in peers:
            peer.close()
        status, _, _ = await ask(url, request("GET", "/healthz"), "127.0.0.2")
        assert status == 200
