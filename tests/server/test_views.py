"""Looks at the record and refusals, as the audit log tells of them."""

from pathlib import Path

import pytest

from appliance.access.access import Access
from appliance.access.audit import Entry
from appliance.access.sparing import Sparing
from appliance.server.refused import ALL
from tests.server.cast import cast
from tests.server.live import OFF, SITES, client, serving

pytestmark = pytest.mark.anyio


async def told(access: Access, *actions: str) -> list[Entry]:
    return [one for one in await access.entries(0, 2000) if one.action in actions]


async def test_who_looked_at_what_is_told_once_and_never_what_they_found(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), cast(url) as people:
        access = SITES[url].access
        for who in ("agent", "supervisor", "record"):
            async with client(url, people.headers(who)) as http:
                for _ in range(3):
                    await http.get(f"/api/sessions/{people.own['agent']}")
                    await http.get("/api/sessions", params={"q": "a secret word"})
        views = await told(access, "call viewed")
        assert [(one.actor, one.subject) for one in views] == [
            ("Ann", people.own["agent"]),
            ("Sue", people.own["agent"]),
            ("token a record program", people.own["agent"]),
        ]
        lists = await told(access, "calls listed")
        assert [one.detail for one in lists] == ["searched, from 127.0.0.1"] * 3
        everything = "".join(str(one) for one in await access.entries(0, 2000))
        assert "secret word" not in everything


async def test_refusals_are_told_once_and_fill_no_disk(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), cast(url) as people:
        access = SITES[url].access
        async with client(url, people.headers("agent")) as ann, client(url, {}) as nobody:
            for _ in range(5):
                await ann.get(f"/api/sessions/{people.other}")
                await ann.get("/metrics")
                await nobody.get("/api/sessions")
            refused = await told(access, "refused")
            assert [(one.actor, one.subject, one.detail) for one in refused] == [
                ("Ann", people.other, "GET /api/sessions/{call_id}, from 127.0.0.1"),
                ("Ann", "", "GET /metrics, from 127.0.0.1"),
                ("", "", "GET /api/sessions, from 127.0.0.1"),
            ]
        assert ALL.per_s * 86_400 < 10_000


def test_what_was_told_lately_is_not_told_again() -> None:
    sparing = Sparing(every_s=60, most=2)
    assert sparing.due("a", 0)
    sparing.told("a", 0)
    assert not sparing.due("a", 59)
    assert sparing.due("a", 60)
    # What there is no room to remember is rather told again than never.
    sparing.told("b", 1)
    sparing.told("c", 2)
    assert sparing.due("a", 3)
    assert not sparing.due("c", 3)
