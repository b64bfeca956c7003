"""Who calls, over a real server: search, the card on the agent's screen, the record."""

from pathlib import Path
from urllib.parse import quote

import pytest
from anyio import to_thread
from typer.testing import CliRunner

from appliance.cli.app import app
from appliance.received import Chat, ChooseCustomer, Hangup, Resume
from appliance.retention.erasures import alias_of
from tests.customers.site import bring_in, write
from tests.retention.box import ZELDA, import_people
from tests.server.live import (
    OFF,
    SITES,
    client,
    get,
    hello,
    messages_of,
    serving,
    start,
    talker,
    two_people,
)

pytestmark = pytest.mark.anyio


async def test_search_and_card_over_http(site: Path) -> None:
    async with serving(site, models=OFF) as (url, box):
        await box.customers.refresh()
        hits = (await get(url, "/api/customers/search?query=artur+exampel"))["customers"]
        assert (hits[0]["id"], hits[0]["matched"], hits[0]["exact"]) == (
            "C1",
            "name",
            False,
        )
        odd = "100% _x'; DROP TABLE customer;--"
        card = (await get(url, f"/api/customers/{quote(odd, safe='')}"))["customer"]
        assert card["name"] == "Bobby Tables"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/customers/search?query=" + "x" * 20_000, 400),
        ("/api/customers/search?query=x&limit=0", 400),
        ("/api/customers/search?query=x&limit=many", 400),
        ("/api/customers/search", 200),
        ("/api/customers/search?query=%00%ff%27", 200),
        ("/api/customers/nobody", 404),
        ("/api/customers/C1%00", 404),
        ("/api/customers/../../etc/passwd", 404),
    ],
)
async def test_hostile_requests_get_an_answer(site: Path, path: str, status: int) -> None:
    async with serving(site, models=OFF) as (url, box), client(url) as http:
        await box.customers.refresh()
        assert (await http.get(url + path)).status_code == status


async def test_without_customers_everything_else_works(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _):
        assert await get(url, "/api/customers/search?query=ann") == {"customers": []}
        async with two_people(url) as (agent, customer):
            await customer.send(Chat(text="My name is Arthur Example."))
            await agent.until("chat")


async def test_the_agent_sees_who_calls_and_the_customer_does_not(site: Path) -> None:
    async with serving(site, models=OFF) as (url, box):
        await box.customers.refresh()
        call_id = (await start(url, "customer", name="arthur EXAMPLE"))["call_id"]
        await start(url, "agent", call_id)
        async with (
            talker(url, call_id, hello("agent")) as agent,
            talker(url, call_id, hello("customer")) as customer,
        ):
            told = await agent.until("customer")
            assert (told["source"], told["matched"]) == ("start", "name")
            assert told["card"]["email"] == "arthur@example.test"
            await customer.send(Hangup())
            await customer.until("status", part="call", state="ended")
            assert not [m for m in customer.told if m["type"] == "customer"]
        detail = await get(url, f"/api/sessions/{call_id}")
        assert messages_of(detail, "customer")[-1]["card"]["id"] == "C1"
        calls = (await get(url, "/api/customers/C1"))["calls"]
        assert [call["call_id"] for call in calls] == [call_id]


async def test_the_number_of_the_caller_tells_two_of_a_name_apart(site: Path) -> None:
    async with serving(site, models=OFF) as (url, box), client(url) as http:
        await box.customers.refresh()
        wish = {"role": "customer", "name": "Ann Smith", "phone": "001 (202) 555-0148"}
        answer = await http.post(f"{url}/api/calls/start", json=wish)
        call_id = answer.json()["call_id"]
        await start(url, "agent", call_id)
        async with talker(url, call_id, hello("agent")) as agent:
            told = await agent.until("customer")
            assert (told["card"]["id"], told["matched"]) == ("C4", "phone")


async def test_what_is_said_resolves_and_not_this_customer_undoes_it(site: Path) -> None:
    async with serving(site, models=OFF) as (url, box):
        await box.customers.refresh()
        async with two_people(url) as (agent, customer):
            call_id, epoch = agent.told[0]["call_id"], agent.told[0]["epoch"]
            await customer.send(Chat(text="My name is Ann Smith."))
            told = await agent.until("customer")
            assert told["card"] is None
            assert {c["id"] for c in told["candidates"]} == {"C3", "C4"}
            await customer.send(Chat(text="the order is four seven zero, two nine five"))
            told = await agent.until("customer")
            assert (told["card"]["id"], told["source"]) == ("C3", "said")
            await agent.send(ChooseCustomer())
            told = await agent.until("customer", source="agent")
            assert told["card"] is None
            await customer.send(ChooseCustomer(id="C1"))
            await customer.until("error")
            await agent.send(ChooseCustomer(id="nobody"))
            await agent.send(ChooseCustomer(id="C2"))
            told = await agent.until("customer")
            assert told["card"]["id"] == "C2"
        async with talker(
            url, call_id, Resume(role="agent", epoch=epoch, last_seq=0)
        ) as again:
            told = await again.until("customer")
            assert told["card"]["id"] == "C2"
            await again.send(Hangup())
            await again.until("status", part="call", state="ended")
            assert len([m for m in again.told if m["type"] == "customer"]) == 1
        detail = await get(url, f"/api/sessions/{call_id}")
        assert [m["id"] for m in messages_of(detail, "choose_customer")] == [
            "",
            "nobody",
            "C2",
        ]
        assert len(messages_of(detail, "customer")) == 4


async def test_new_data_reach_the_screen_while_people_talk(site: Path) -> None:
    newer = write(site / "newer-customers.csv", ["id", "name"], [["C1", "Arthur Renamed"]])
    async with serving(site, models=OFF) as (url, box):
        await box.customers.refresh()
        call_id = (await start(url, "customer", name="Arthur Example"))["call_id"]
        await start(url, "agent", call_id)
        async with talker(url, call_id, hello("agent")) as agent:
            await agent.until("customer", source="start")
            await to_thread.run_sync(bring_in, site, newer)
            told = await agent.until("customer", source="data")
            assert told["card"]["name"] == "Arthur Renamed"


async def test_who_looked_at_which_customer_is_in_the_audit_log_without_their_number(
    tmp_path: Path,
) -> None:
    await to_thread.run_sync(import_people, tmp_path, ZELDA)
    async with serving(tmp_path, models=OFF) as (url, _):
        path = f"/api/customers/{ZELDA.id}"
        for _ in range(2):  # the same look, told once
            await get(url, "/api/customers/search?query=zeldabine")
            assert (await get(url, path))["customer"]["id"] == ZELDA.id
        await get(url, "/api/customers/nobody")
        told = [
            (row.actor, row.action, row.subject, row.detail)
            for row in await SITES[url].access.entries(0, 100)
            if row.action.startswith("customer")
        ]
    alias = await to_thread.run_sync(alias_of, tmp_path, ZELDA.id)
    assert told == [
        ("Helen", "customers searched", "", "from 127.0.0.1"),
        ("Helen", "customer viewed", alias, "from 127.0.0.1"),
    ]
    shown = await to_thread.run_sync(show_of, tmp_path, ZELDA.id)
    assert shown.count("customer viewed") == 1
    assert "Helen" in shown
    assert await to_thread.run_sync(show_of, tmp_path, "K-1") == ""


def show_of(data_dir: Path, customer: str) -> str:
    command = ["audit", "--data-dir", str(data_dir), "show", "--customer", customer]
    return CliRunner().invoke(app, command, catch_exceptions=False).output
