"""Which calls each of them sees, against a server that runs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appliance.messages import Customer, CustomerCard
from appliance.store.event import Event
from tests.server.cast import Cast, Who, cast, site
from tests.server.live import OFF, SITES, client, helen, serving

pytestmark = pytest.mark.anyio


async def listed(people: Cast, who: Who, **asked: str) -> set[str]:
    async with client(people.url, people.headers(who)) as http:
        page = (await http.get("/api/sessions", params=asked)).json()
    return {row["call_id"] for row in page["sessions"]}


async def test_an_agent_finds_their_own_calls_and_a_supervisor_all(tmp_path: Path) -> None:
    async with site(tmp_path) as people:
        everything = {people.other, *people.own.values()}
        assert await listed(people, "agent") == {people.own["agent"]}
        assert everything <= await listed(people, "supervisor")
        assert everything <= await listed(people, "record")
        # Bob is the customer of the call that is not theirs.
        assert await listed(people, "agent", q="bob") == set()
        assert await listed(people, "agent", customer="Bob") == set()
        assert await listed(people, "supervisor", customer="Bob") == {people.other}
        await ended(people)
        assert await listed(people, "agent") == {people.own["agent"]}
        assert await listed(people, "agent", q="ada") == {people.own["agent"]}


async def ended(people: Cast) -> None:
    """Every call, and its end is in the record."""
    for call_id, keys in (
        (people.own["agent"], people.headers("agent")),
        (people.other, helen(people.url)),
    ):
        async with client(people.url, keys) as http:
            assert (await http.post(f"/api/calls/end/{call_id}")).status_code == 200
    async with client(people.url, people.headers("record")) as http:
        while True:
            page = (await http.get("/api/sessions", params={"state": "ended"})).json()
            found = {row["call_id"] for row in page["sessions"]}
            if found >= {people.own["agent"], people.other}:
                return


async def test_guessing_at_calls_tells_nothing(tmp_path: Path) -> None:
    """Another's call and none at all are answered alike, on and on."""
    async with site(tmp_path) as people:
        for over in (False, True):
            for who, path in [
                ("agent", "/api/sessions/{}"),
                ("agent", "/api/calls/status/{}"),
                ("customer", "/api/calls/status/{}"),
                ("calls", "/api/calls/status/{}"),
            ]:
                answers = [
                    await seen(people, who, path.format(call_id))  # type: ignore[arg-type]
                    for call_id in (people.other, "0123456789abcdef")
                ]
                assert answers[0] == answers[1], path
                assert answers[0][0] == 404
            pages = [
                await seen(people, "agent", f"/api/sessions?before={call_id}")
                for call_id in (people.other, "0123456789abcdef")
            ]
            assert pages[0] == pages[1]
            if not over:
                await ended(people)


async def seen(people: Cast, who: Who, path: str) -> tuple[int, str]:
    async with client(people.url, people.headers(who)) as http:
        answer = await http.get(path)
    return answer.status_code, answer.text.replace(path.rpartition("/")[2], "").replace(
        path.rpartition("=")[2], ""
    )


async def test_an_agent_is_shown_of_a_customer_the_calls_that_were_theirs(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, models=OFF) as (url, box), cast(url) as people:
        mine, theirs = people.own["agent"], people.other
        for n, call_id in enumerate((mine, theirs)):
            box.store.append(_is_customer_7(call_id, 900 + n))
        await box.store.flush()
        by = {who: _id_of(people, who) for who in ("Ann", "Helen")}
        for took_part, found in [
            (None, [theirs, mine]),
            (by["Ann"], [mine]),
            (by["Helen"], [theirs]),
            ("", []),
        ]:
            rows = await box.store.calls_of("7", 5, took_part)
            assert [row.call_id for row in rows] == found


def _id_of(people: Cast, name: str) -> str:
    person = SITES[people.url].access.roster.named(name)
    assert person is not None
    return person.id


def _is_customer_7(call_id: str, seq: int) -> Any:
    card = CustomerCard(
        id="7", name="", email="", phone="", status="", lifetime_value=None,
        currency="", since="",
    )  # fmt: skip
    linked = Customer(seq=seq, source="agent", card=card)
    return Event.of(linked, call_id=call_id, at_ms=0, wall=datetime.now(UTC))


async def test_strangers_hear_whether_the_box_is_well_and_nothing_else(
    tmp_path: Path,
) -> None:
    async with site(tmp_path) as people:
        for who, in_full in {
            "stranger": False, "customer": False, "agent": False, "record": False,
            "must change": False, "supervisor": True, "admin": True, "metrics": True,
        }.items():  # fmt: skip
            async with client(people.url, people.headers(who)) as http:  # type: ignore[arg-type]
                told = (await http.get("/healthz")).json()
            assert told["ok"] is True
            assert (len(told) > 1) is in_full, who
