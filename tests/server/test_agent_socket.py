"""An agent's shift over real sockets: what the page is told, and who may answer."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from appliance.duty import Be, OnDuty
from appliance.messages import Received, encode
from appliance.received import Chat, Hangup
from tests.server.live import client, get, helen, hello, serving, start, talker
from tests.server.onlookers import keys_of

pytestmark = pytest.mark.anyio


class Desk:
    """An agent's page."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, message: Received) -> None:
        await self.socket.send(encode(message).decode())

    async def next(self) -> dict[str, Any]:
        with anyio.fail_after(20):
            return dict(json.loads(await self.socket.recv()))

    async def until(self, **fields: Any) -> dict[str, Any]:
        while True:
            message = await self.next()
            if all(message.get(name) == value for name, value in fields.items()):
                return message

    async def offered(self, call_id: str | None) -> dict[str, Any]:
        """Once this call rings here; None: once nothing does. What the box says again to
        keep the line alive may come at any moment."""
        while True:
            offer = (await self.next())["offer"]
            if (offer and offer["call_id"]) == call_id:
                return dict(offer or {})

    async def offered_customer(self, customer_id: str) -> dict[str, Any]:
        """Once the one who rings here is taken for this customer of the site."""
        while True:
            offer = (await self.next())["offer"] or {}
            customer = offer.get("customer") or {}
            if (customer.get("card") or {}).get("id") == customer_id:
                return dict(customer)

    async def closed(self) -> int | None:
        with anyio.fail_after(20):
            await self.socket.wait_closed()
        return self.socket.close_code


@asynccontextmanager
async def desk(
    url: str, on_duty: Received | None = None, keys: Mapping[str, str] | None = None
) -> AsyncIterator[Desk]:
    """Helen's, unless said otherwise."""
    address, headers = f"{url.replace('http', 'ws')}/ws/agent", keys or helen(url)
    async with connect(address, additional_headers=headers) as socket:
        page = Desk(socket)
        await page.send(on_duty or OnDuty())
        yield page


async def answer(
    url: str, call_id: str, keys: Mapping[str, str] | None = None
) -> httpx.Response:
    async with client(url, keys) as http:
        wish = {"role": "agent", "name": "somebody else"}
        return await http.post(f"/api/calls/match/{call_id}", json=wish)


async def counts(url: str) -> dict[str, int]:
    agents = (await get(url, "/api/calls/stats"))["agents"]
    return {state: number for state, number in agents.items() if number}


async def test_a_shift_from_the_first_ring_to_the_next(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), desk(url) as ann:
        assert (await ann.next())["state"] == "available"
        call_id = (await start(url, "customer", name="Bob"))["call_id"]
        async with talker(url, call_id, hello("customer")) as bob:
            assert (await ann.offered(call_id))["name"] == "Bob"
            assert (await answer(url, call_id)).status_code == 200
            on_call = await ann.until(state="on_call")
            assert (on_call["call_id"], on_call["offer"]) == (call_id, None)
            assert await counts(url) == {"on_call": 1}
            await bob.send(Hangup())
            await ann.until(state="wrap_up", call_id=call_id)
        async with client(url) as http:
            note = {"outcome": "resolved", "summary": "done"}
            await http.post(f"/api/sessions/{call_id}/wrap-up", json=note)
        await ann.until(state="available", call_id="")
        await ann.send(Be(state="off"))
        assert await ann.closed() == 1000
        assert await counts(url) == {}


async def test_who_rings_comes_with_what_the_site_knows_of_them(site: Path) -> None:
    async with serving(site) as (url, box), desk(url) as ann:
        await box.customers.refresh()
        call_id = (await start(url, "customer", name="Ann Smith"))["call_id"]
        async with talker(url, call_id, hello("customer")) as customer:
            await ann.offered(call_id)
            # Two have that name; what they type while they wait says which.
            await customer.send(Chat(text="the order is 470296"))
            assert (await ann.offered_customer("C3"))["source"] == "said"


async def test_who_is_away_hears_nothing_and_may_not_answer(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), desk(url) as ann:
        await ann.send(Be(state="away"))
        await ann.until(state="away")
        call_id = (await start(url, "customer"))["call_id"]
        async with talker(url, call_id, hello("customer")):
            refused = await answer(url, call_id)
            assert refused.status_code == 409
            assert "is away" in refused.json()["problem"]
            await ann.send(Be(state="available"))
            await ann.offered(call_id)


async def test_a_call_whose_customer_drops_off_stops_ringing(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), desk(url) as ann:
        call_id = (await start(url, "customer"))["call_id"]
        async with talker(url, call_id, hello("customer")):
            await ann.offered(call_id)
        await ann.offered(None)


async def test_a_page_that_comes_back_finds_what_it_left(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _):
        async with desk(url) as ann:
            await ann.send(Be(state="away"))
            await ann.until(state="away")
        async with desk(url) as ann:
            assert (await ann.next())["state"] == "away"


async def test_a_page_is_believed_as_far_as_the_record_knows_its_call(
    tmp_path: Path,
) -> None:
    """A crash may have swallowed a call that was answered in its very moment."""
    async with serving(tmp_path) as (url, _):
        async with desk(url) as ann:
            call_id = (await start(url, "customer"))["call_id"]
            async with talker(url, call_id, hello("customer")) as customer:
                await answer(url, call_id)
                await ann.until(state="on_call")
                await customer.send(Hangup())
            await ann.until(state="wrap_up")
            await ann.send(Be(state="off"))
        hers = OnDuty(state="on_call", call_id=call_id)
        lost = OnDuty(state="on_call", call_id="0123456789abcdef")
        joe = await keys_of(url, "Joe", "agent")
        for told, keys, does in [
            (lost, None, ("available", "")),
            (hers, joe, ("available", "")),
            (hers, None, ("wrap_up", call_id)),
        ]:
            async with desk(url, told, keys) as page:
                news = await page.next()
                assert (news["state"], news["call_id"]) == does
                await page.send(Be(state="off"))
                await page.closed()


async def test_a_second_page_takes_over_and_the_first_is_told(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), desk(url) as first:
        await first.next()
        async with desk(url) as second:
            assert (await second.next())["state"] == "available"
            assert await first.closed() == 4409
            assert await counts(url) == {"available": 1}
            await second.send(Be(state="away"))
            await second.until(state="away")


async def test_what_cannot_be_used_is_refused_with_advice(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _):
        async with desk(url, on_duty=Be(state="away")) as ann:
            assert "on_duty first" in (await ann.next())["fix"]
            assert await ann.closed() == 4408
        async with desk(url) as ann:
            await ann.next()
            await ann.socket.send("{")
            assert "cannot be used" in (await ann.until(type="error"))["problem"]
            await ann.socket.send(b"\0\0")
            assert "call" in (await ann.until(type="error"))["fix"]
            await ann.send(OnDuty())
            assert "out of turn" in (await ann.until(type="error"))["problem"]
            await ann.send(Be(state="away"))
            await ann.until(state="away")
