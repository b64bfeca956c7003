"""What every request and socket of a real server passes, and every answer carries."""

from functools import partial
from pathlib import Path

import anyio
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from appliance.server.headers import with_defaults
from appliance.settings import LimitSettings, Settings
from tests.server.live import OFF, client, helen, hello, serving, start, talker
from tests.server.test_metrics import read

pytestmark = pytest.mark.anyio

EVIL = {"origin": "https://evil.example"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/calls", 503),  # the pages are not built
        ("GET", "/assets/nothing.js", 404),
        ("GET", "/healthz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/api/calls/waiting", 200),
        ("GET", "/api/calls/status/nothing", 404),
        ("GET", "/api/sessions?limit=x", 400),
        ("GET", "/nothing/at/all", 404),
        ("GET", "/api/calls/start", 405),
        ("DELETE", "/api/sessions", 405),
        ("POST", "/api/calls/start", 400),
    ],
)
async def test_every_answer_says_what_a_browser_may_do_with_it(
    tmp_path: Path, method: str, path: str, status: int
) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), client(url) as http:
        answer = await http.request(method, url + path, content=b"{")
    assert answer.status_code == status
    headers = answer.headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["permissions-policy"].startswith("microphone=(self)")
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers
    if status in (400, 404, 405):
        assert set(answer.json()) == {"problem", "fix"}


def test_an_answer_s_own_headers_stay_and_the_others_come_to_them() -> None:
    own = (b"Cache-Control", b"no-cache")
    plain, secure = with_defaults([own]), with_defaults([own], secure=True)
    assert plain.count(own) == secure.count(own) == 1
    assert b"cache-control" not in dict(plain)
    assert dict(secure)[b"cross-origin-opener-policy"] == b"same-origin"
    assert b"cross-origin-opener-policy" not in dict(plain)


async def test_a_page_from_elsewhere_can_read_but_not_act(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), client(url) as http:
        wish = {"role": "customer"}
        ours = {"origin": url}
        assert (await http.get(f"{url}/healthz", headers=EVIL)).status_code == 200
        refused = await http.post(f"{url}/api/calls/start", json=wish, headers=EVIL)
        assert refused.status_code == 403
        assert "evil.example" in refused.json()["problem"]
        allowed = await http.post(f"{url}/api/calls/start", json=wish, headers=ours)
        assert allowed.status_code == 201
        address = url.replace("http", "ws") + allowed.json()["socket"]
        with pytest.raises(InvalidStatus) as socket:
            async with connect(address, origin="https://evil.example"):  # type: ignore[arg-type]
                pass
        assert socket.value.response.status_code == 403
        async with connect(address, origin=url):  # type: ignore[arg-type]
            pass
        _, values = await read(url)
        assert values["appliance_refused_total", "origin"] == 2


async def test_a_name_that_is_not_the_box_s_gets_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), client(url) as http:
        rebound = {"host": "evil.example"}
        for path in ("/calls", "/api/calls/waiting", "/api/sessions"):
            answer = await http.get(url + path, headers=rebound)
            assert answer.status_code == 403
            assert "by its address" in answer.json()["fix"]
        assert (await http.get(f"{url}/healthz", headers={"host": "localhost"})).is_success


async def test_an_address_has_so_many_sockets_and_no_more(tmp_path: Path) -> None:
    settings = Settings(limits=LimitSettings(sockets=2))
    async with serving(tmp_path, settings, OFF) as (url, _):
        address = url.replace("http", "ws") + "/ws/agent"
        open_one = partial(connect, address, additional_headers=helen(url))
        async with open_one(), open_one() as second:
            with pytest.raises(InvalidStatus) as refused:
                async with open_one():
                    pass
            assert refused.value.response.status_code == 429
            assert refused.value.response.headers["retry-after"] == "10"
            assert b"limits.sockets" in refused.value.response.body
            await second.close()
            with anyio.fail_after(5):
                while (await read(url))[1]["appliance_connections",] > 2:
                    pass  # each round goes through the loop that has to notice
            async with open_one():
                pass


async def test_an_address_has_so_many_calls_waiting_and_may_still_answer_one(
    tmp_path: Path,
) -> None:
    settings = Settings(limits=LimitSettings(waiting=1))
    async with serving(tmp_path, settings, OFF) as (url, _), client(url) as http:
        call_id = (await start(url, "customer"))["call_id"]
        wish = {"role": "customer"}
        refused = await http.post(f"{url}/api/calls/start", json=wish)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "30"
        assert "limits.waiting" in refused.json()["fix"]
        assert (await start(url, "agent"))["call_id"] == call_id
        assert (await start(url, "customer"))["status"] == "waiting"
        _, values = await read(url)
        assert values["appliance_refused_total", "waiting"] == 1


async def test_a_gateway_that_is_named_has_as_many_as_it_likes(tmp_path: Path) -> None:
    settings = Settings(limits=LimitSettings(gateways="127.0.0.1", sockets=2, waiting=1))
    async with serving(tmp_path, settings, OFF) as (url, _):
        ids = [(await start(url, "customer"))["call_id"] for _ in range(3)]
        async with (
            talker(url, ids[0], hello("customer")) as first,
            talker(url, ids[1], hello("customer")) as second,
            talker(url, ids[2], hello("customer")) as third,
        ):
            for person in (first, second, third):
                await person.until("hello")
