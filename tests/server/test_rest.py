"""The REST routes of a real server."""

from pathlib import Path

import pytest

from appliance.received import Hangup
from appliance.settings import CallSettings, Settings
from tests.server.live import (
    OFF,
    client,
    get,
    hello,
    messages_of,
    serving,
    start,
    talker,
    telephone,
    two_people,
)

pytestmark = pytest.mark.anyio


async def test_people_are_matched_and_the_status_tells(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _):
        first = await start(url, "customer", name="Bob")
        assert first["status"] == "waiting"
        second = await start(url, "agent", name="Ann")
        assert (second["call_id"], second["status"]) == (first["call_id"], "matched")
        status = await get(url, f"/api/calls/status/{first['call_id']}")
        assert status["state"] == "active"
        assert [p["name"] for p in status["people"]] == ["Bob", "Ann"]
        assert not status["people"][0]["connected"]
        stats = await get(url, "/api/calls/stats")
        assert (stats["active"], stats["speech"]) == (1, "live")


async def test_a_waiting_call_can_be_taken_by_name_and_ended(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), client(url) as http:
        call_id = (await start(url, "customer"))["call_id"]
        async with client(url, telephone(url)) as system:
            wish = {"role": "agent"}
            answer = await system.post(f"/api/calls/match/{call_id}", json=wish)
            assert answer.json()["status"] == "matched"
            ended = await system.post(f"/api/calls/end/{call_id}")
        assert ended.json()["state"] == "ended"
        page = (await http.get("/api/sessions")).json()["sessions"]
        assert page[0]["call_id"] == call_id


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/calls/start", b"{", 400),
        ("POST", "/api/calls/start", b"[]", 400),
        ("POST", "/api/calls/start", b'{"role": "boss"}', 400),
        ("POST", "/api/calls/start", b'{"role": "agent", "x": 1}', 400),
        ("POST", "/api/calls/start", b'{"role": "agent", "\xff": 1}', 400),
        ("POST", "/api/calls/start", b'{"role": "\xff"}', 400),
        ("POST", "/api/calls/start", b'{"role": "agent", "call_id": "no"}', 409),
        ("POST", "/api/calls/start", b'{"role": "' + b"x" * 20_000 + b'"}', 413),
        ("POST", "/api/calls/match/no", b'{"role": "agent"}', 404),
        ("GET", "/api/calls/status/no", b"", 404),
        ("POST", "/api/calls/end/no", b"", 404),
        ("GET", "/api/sessions/no", b"", 404),
        ("GET", "/api/sessions?limit=0", b"", 400),
        ("GET", "/api/sessions?limit=x", b"", 400),
        ("GET", "/api/sessions?serach=card", b"", 400),
        ("GET", "/api/sessions?state=gone", b"", 400),
        ("GET", "/api/sessions?from=yesterday", b"", 400),
        ("GET", "/api/sessions?to=2025-03-01T00:00:00", b"", 400),
        ("GET", "/api/sessions?q=" + "x" * 501, b"", 400),
        ("GET", "/api/sessions?from=0001-01-01T00:00:00%2B14:00", b"", 400),
        ("GET", "/api/sessions?to=9999-12-31T23:59:59-14:00", b"", 400),
        ("GET", "/api/customers/search?query=a&limit=" + "9" * 5000, b"", 400),
    ],
)
async def test_a_bad_request_says_what_was_found_and_what_to_do(
    tmp_path: Path, method: str, path: str, body: bytes, status: int
) -> None:
    async with (
        serving(tmp_path, models=OFF) as (url, _),
        client(url) as http,
    ):
        answer = await http.request(method, path, content=body)
        assert answer.status_code == status
        assert answer.json()["problem"]
        assert answer.json()["fix"]


async def test_with_speech_and_advice_off_people_still_talk(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, models=OFF) as (url, _),
        two_people(url) as (agent, customer),
    ):
        assert agent.told[0]["speech"] == "off"
        assert agent.told[0]["suggestions"] == "off"
        await customer.speak(bytes(6400))
        while len(agent.heard) < 6400:
            await agent.next()
        health = await get(url, "/healthz")
        assert health["ok"]


async def test_a_call_whose_people_stay_away_is_ended(tmp_path: Path) -> None:
    settings = Settings(calls=CallSettings(rejoin_s=1.0))
    async with serving(tmp_path, settings, OFF) as (url, _):
        call_id = (await start(url, "agent"))["call_id"]
        await start(url, "customer", call_id)
        async with talker(url, call_id, hello("agent")) as agent:
            ended = await agent.until("status", part="call", state="ended")
            assert "timeout" in ended["text"]


async def test_who_waits_is_listed_with_their_reason_and_place(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), client(url) as http:
        calls = []
        for name in ("Ada", "Bob"):
            wish = {"role": "customer", "name": name, "reason": f"{name}'s card is lost"}
            calls.append((await http.post("/api/calls/start", json=wish)).json()["call_id"])
        queue = (await http.get("/api/calls/waiting")).json()["waiting"]
        assert [(w["name"], w["reason"]) for w in queue] == [
            ("Ada", "Ada's card is lost"),
            ("Bob", "Bob's card is lost"),
        ]
        assert (await get(url, f"/api/calls/status/{calls[1]}"))["position"] == 2
        await start(url, "agent", calls[0])
        assert (await get(url, f"/api/calls/status/{calls[0]}"))["position"] == 0
        assert (await get(url, f"/api/calls/status/{calls[1]}"))["position"] == 1


async def test_calls_are_looked_for_by_what_the_address_says(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), client(url) as http:
        for name in ("Ada", "Bob", "Adam"):
            wish = {"role": "customer", "name": name, "reason": "Größe"}
            await http.post("/api/calls/start", json=wish)

        async def names(**asked: str | int) -> list[str]:
            answer = await http.get("/api/sessions", params=asked)
            return [row["customer"] for row in answer.json()["sessions"]]

        assert await names(q="ada") == ["Adam", "Ada"]
        assert await names(q="GROSSE bob") == ["Bob"]
        assert await names(customer="ada", state="waiting") == ["Ada"]
        assert await names(**{"from": "2100-01-01T00:00:00Z"}) == []
        assert await names(to="2100-01-01T00:00:00Z", limit=1) == ["Adam"]
        assert await names(q="%") == []


async def test_an_ended_call_can_be_wrapped_up_and_corrected(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, box), client(url) as http:
        async with two_people(url) as (agent, customer):
            call_id = agent.told[0]["call_id"]
            early = await http.post(
                f"/api/sessions/{call_id}/wrap-up", json={"outcome": "resolved"}
            )
            assert early.status_code == 409
            await customer.send(Hangup())
            await agent.until("status", part="call", state="ended")
        await box.publisher.settled()
        for summary in ("Lost card", "Lost card, blocked"):
            answer = await http.post(
                f"/api/sessions/{call_id}/wrap-up",
                json={"outcome": "resolved", "summary": summary},
            )
            assert answer.status_code == 200
        notes = messages_of(await get(url, f"/api/sessions/{call_id}"), "wrap_up")
        assert [note["summary"] for note in notes] == ["Lost card", "Lost card, blocked"]
        missing = await http.post("/api/sessions/no/wrap-up", json={"outcome": "resolved"})
        assert missing.status_code == 404
