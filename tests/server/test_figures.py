"""Figures over HTTP: who is told whose, and how a call gets into them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.cast import Cast, Who, cast, on_duty
from tests.server.live import OFF, SITES, client, serving

pytestmark = pytest.mark.anyio


def today(**more: str) -> dict[str, str]:
    now = datetime.now(UTC)
    begin, end = now - timedelta(hours=2), now + timedelta(hours=1)
    return {"from": begin.isoformat(), "to": end.isoformat(), **more}


async def ask(people: Cast, who: Who, **more: str) -> httpx.Response:
    async with client(people.url, people.headers(who)) as http:
        return await http.get("/api/metrics", params=today(**more))


def value(answer: httpx.Response, measure: str, name: str = "") -> float | None:
    assert answer.status_code == 200, answer.text
    groups: list[Mapping[str, Any]] = answer.json()["groups"]
    [group] = [group for group in groups if group["name"] == name]
    found: float | None = group["figures"][measure]["value"]
    return found


async def end(people: Cast, who: Who, call_id: str) -> None:
    async with client(people.url, people.headers(who)) as http:
        ended = await http.post(f"/api/calls/end/{call_id}")
        assert ended.status_code == 200, ended.text


async def counted(people: Cast, calls: float) -> None:
    """Once so many calls have been handled, as a supervisor sees it."""
    while value(await ask(people, "supervisor"), "handled") != calls:
        pass


async def test_a_call_and_its_agent_s_time_are_counted_as_they_end(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), cast(url) as people:
        async with on_duty(url, people.headers("agent")):
            await end(people, "agent", people.own["agent"])
            await counted(people, 1)
        told = await ask(people, "supervisor", by="agent", measure="handled, time_on_call")
        assert value(told, "handled", "Ann") == 1
        assert (value(told, "time_on_call", "Ann") or 0) > 0
        assert [one["name"] for one in told.json()["measures"]] == [
            "handled", "time_on_call",
        ]  # fmt: skip


async def test_agents_are_told_their_own_figures_and_nobody_else_s(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), cast(url) as people:
        await end(people, "agent", people.own["agent"])
        await counted(people, 1)
        everybody = (await ask(people, "supervisor", by="agent")).json()["groups"]
        ids = {group["name"]: group["id"] for group in everybody}
        assert set(ids) == {"Ann", "Helen"}  # who is still in a call
        own = (await ask(people, "agent", by="agent")).json()["groups"]
        assert [group["name"] for group in own] == ["Ann"]
        assert value(await ask(people, "agent"), "handled") == 1
        assert (await ask(people, "agent", agent=ids["Ann"])).status_code == 200
        assert (await ask(people, "agent", agent=ids["Helen"])).status_code == 403


@pytest.mark.parametrize("who", ["admin", "metrics"])
async def test_admins_and_programs_are_told_sums_and_nothing_of_people(
    tmp_path: Path, who: Who
) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), cast(url) as people:
        assert (await ask(people, who)).status_code == 200
        assert (await ask(people, who, by="queue")).status_code == 200
        assert (await ask(people, who, by="agent")).status_code == 403
        assert (await ask(people, who, agent="somebody")).status_code == 403


async def test_what_cannot_be_asked_is_refused_with_advice(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), cast(url) as people:
        for wrong in ({"measure": "luck"}, {"grain": "week"}, {"agnet": "Ann"}):
            refused = await ask(people, "supervisor", **wrong)
            assert refused.status_code == 400
            assert refused.json()["fix"]


async def test_a_figure_leads_to_the_calls_behind_it_and_an_agent_s_to_their_own(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, models=OFF) as (url, box), cast(url) as people:
        own = people.own["agent"]
        helen = SITES[url].helen.headers
        for call_id, keys in ((own, people.headers("agent")), (people.other, helen)):
            async with client(url, keys) as http:
                await http.post(f"/api/calls/end/{call_id}")
                await box.publisher.settled()
                note = {"outcome": "follow_up"}
                await http.post(f"/api/sessions/{call_id}/wrap-up", json=note)
        await counted(people, 2)

        async def listed(who: Who, **more: str) -> list[str]:
            told = (await ask(people, who, measure="resolution", **more)).json()
            [measure], [group] = told["measures"], told["groups"]
            query = today() | measure["sessions"] | group["sessions"]
            async with client(url, people.headers(who)) as http:
                page = (await http.get("/api/sessions", params=query)).json()
            rows = [row["call_id"] for row in page["sessions"]]
            assert len(rows) == group["figures"]["resolution"]["n"]
            return rows

        assert set(await listed("supervisor")) == {own, people.other}
        assert await listed("agent", by="agent") == [own]
        assert await listed("agent") == [own]
        async with client(url, people.headers("supervisor")) as http:
            for wrong in ({"counted": "everything"}, {"account": "p1"}):
                refused = await http.get("/api/sessions", params=wrong)
                assert refused.status_code == 400
