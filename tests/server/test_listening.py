"""Supervisors follow and hear a live call over real sockets, and are no part of it."""

from pathlib import Path
from typing import Any

import anyio
import httpx
import msgspec
import pytest
from websockets.exceptions import InvalidStatus

from appliance.access.commands import SetDisabled
from appliance.access.office import Office
from appliance.access.people import StaffRole
from appliance.received import Chat, Hangup, Pause
from appliance.settings import ListeningSettings
from appliance.supervision import Follow, Listen
from tests.server.live import (
    SETTINGS,
    SITES,
    a_call,
    fake_models,
    get,
    hello,
    messages_of,
    said,
    silence,
    start,
    talker,
    telephone,
    tone,
)
from tests.server.onlookers import a_site, following, keys_of, onlooker

pytestmark = pytest.mark.anyio


async def actions(url: str) -> list[tuple[str, str, str]]:
    rows = await SITES[url].access.entries(0, 1000)
    return [
        (row.actor, row.action, row.subject)
        for row in rows
        if row.action.startswith(("following", "listening"))
    ]


def numbered(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in told if message["seq"]]


async def test_a_listener_is_told_what_the_agent_is_told_event_for_event(
    tmp_path: Path,
) -> None:
    async with a_site(tmp_path, models=fake_models()) as (url, _, sam):
        call_id = (await start(url, "customer", name="Ada"))["call_id"]
        async with following(url, call_id, sam) as watching:
            greeting = await watching.until("hello")
            assert (greeting["role"], greeting["partner"]) == ("agent", None)
            await start(url, "agent", call_id)
            async with (
                talker(url, call_id, hello("agent")) as agent,
                talker(url, call_id, hello("customer")) as customer,
            ):
                await agent.until("partner", role="customer", event="joined")
                await customer.speak(tone(3) + silence(6))
                assert await agent.final("customer") == said(3)
                await customer.send(Chat(text="4711"))
                await agent.until("chat")
                async with following(url, call_id, sam) as late:
                    await late.until("hello")
                    await agent.speak(tone(2) + silence(6))
                    await agent.until("supervised", following=2)
                    assert await agent.final("agent") == said(2)
                    await agent.send(Hangup())
                    await agent.until("status", part="call", state="ended")
                    assert await watching.closed() == 1000
                    assert await late.closed() == 1000
    agent_s = numbered(agent.told)
    # The agent came to a call that was under way; all else is the same, in the same order.
    live = [m for m in numbered(watching.told) if m["seq"] > agent.told[0]["last_seq"]]
    assert live == [m for m in agent_s if m["seq"] > agent.told[0]["last_seq"]]
    # Who comes late is spared what was rewritten, and nothing else; nothing comes twice.
    by_seq = {m["seq"]: m for m in numbered(watching.told)}
    seqs = [m["seq"] for m in numbered(late.told)]
    assert seqs == sorted(set(seqs))
    assert all(by_seq[m["seq"]] == m for m in numbered(late.told))
    lasting = {
        m["seq"]
        for m in by_seq.values()
        if m.get("is_final") or m["type"] in ("chat", "partner")
    }
    assert lasting <= set(seqs)


async def test_who_was_cut_off_goes_on_where_they_were(tmp_path: Path) -> None:
    async with a_site(tmp_path) as (url, _, sam):
        call_id = (await start(url, "customer"))["call_id"]
        async with talker(url, call_id, hello("customer")) as customer:
            async with following(url, call_id, sam) as first:
                await customer.send(Chat(text="one"))
                seen = await first.until("chat")
            await customer.send(Chat(text="two"))
            await customer.until("chat", text="two")
            cut = Follow(epoch=first.told[0]["epoch"], last_seq=seen["seq"])
            async with following(url, call_id, sam, cut) as again:
                assert (await again.until("chat"))["text"] == "two"
            stale = Follow(epoch="of another life", last_seq=10_000)
            async with following(url, call_id, sam, stale) as anew:
                assert (await anew.until("chat"))["text"] == "one"
                assert (await anew.until("chat"))["text"] == "two"


@pytest.mark.parametrize(
    ("roles", "status"),
    [((), 401), (("agent",), 403), (("admin",), 403), (("agent", "admin"), 403)],
)
async def test_only_a_supervisor_is_let_in(
    tmp_path: Path, roles: tuple[StaffRole, ...], status: int
) -> None:
    async with a_site(tmp_path) as (url, _, _):
        headers = await keys_of(url, "Eve", *roles) if roles else {}
        call_id = (await start(url, "customer"))["call_id"]
        for path in (f"/ws/listen/{call_id}", "/ws/floor"):
            with pytest.raises(InvalidStatus) as refused:
                async with onlooker(url, path, headers):
                    pass
            assert refused.value.response.status_code == status
            # A page is told by the code.
            async with onlooker(url, path, {**headers, "origin": url}) as eve:
                assert await eve.closed() == 4000 + status
                assert eve.told == []
        async with httpx.AsyncClient(headers=headers) as http:
            assert (await http.get(f"{url}/api/calls/live")).status_code == status
        assert await actions(url) == []


async def test_neither_a_customer_nor_a_program_hears_a_call_here(tmp_path: Path) -> None:
    async with a_site(tmp_path) as (url, _, _):
        call_id = (await start(url, "customer"))["call_id"]
        access = SITES[url].access
        token = access.guests.admit(call_id, access.clock.now())
        for headers in ({"cookie": f"customer={token}"}, telephone(url)):
            with pytest.raises(InvalidStatus):
                async with onlooker(url, f"/ws/listen/{call_id}", headers):
                    pass


async def test_who_loses_the_right_hears_no_more(tmp_path: Path) -> None:
    async with a_site(tmp_path) as (url, box, sam):
        call_id = (await start(url, "customer"))["call_id"]
        async with following(url, call_id, sam) as watching:
            await watching.until("hello")
            office = Office(SITES[url].access)
            await office.perform(SetDisabled(name="Sam", disabled=True), "tests")
            assert await watching.closed() == 4401
        await gone(box._live[call_id].room.listeners)
        with anyio.fail_after(10):
            while (await actions(url))[-1][1] != "following ended":
                await anyio.lowlevel.checkpoint()


async def test_where_listening_is_off_nobody_listens(tmp_path: Path) -> None:
    off = msgspec.structs.replace(SETTINGS, listening=ListeningSettings(enabled=False))
    async with a_site(tmp_path, off) as (url, _, sam):
        call_id = (await start(url, "customer"))["call_id"]
        async with following(url, call_id, sam) as watching:
            assert await watching.closed() == 4408
            assert "enabled" in watching.told[0]["fix"]


@pytest.mark.parametrize("call_id", ["nothing", "%00", "ended"])
async def test_a_call_that_does_not_go_on_cannot_be_followed(
    tmp_path: Path, call_id: str
) -> None:
    async with a_site(tmp_path) as (url, box, sam):
        if call_id == "ended":
            call_id = (await start(url, "customer"))["call_id"]
            box.end(call_id)
        async with following(url, call_id, sam) as watching:
            assert await watching.closed() == 4408
        assert await actions(url) == []


async def test_what_a_listener_sends_never_reaches_the_call(tmp_path: Path) -> None:
    async with (
        a_site(tmp_path) as (url, box, sam),
        a_call(url) as (call_id, agent, customer),
        following(url, call_id, sam) as watching,
    ):
        await watching.until("hello")
        await watching.socket.send(agent.frames(tone(1))[0])
        for message in (Chat(text="psst"), Hangup(), Pause(on=True), hello("agent")):
            await watching.send(message)
        await watching.socket.send("[" * 30_000)
        for _ in range(6):
            await watching.until("error")
        await customer.send(Chat(text="still here"))
        assert (await agent.until("chat"))["text"] == "still here"
        assert agent.heard == customer.heard == b""
        assert set(box.registry.get(call_id).people) == {"agent", "customer"}
        assert not [m for m in agent.told if m["type"] == "partner" and m["name"] == "Sam"]


async def test_a_listener_keeps_no_call_alive(tmp_path: Path) -> None:
    calls = msgspec.structs.replace(SETTINGS.calls, rejoin_s=0.5)
    settings = msgspec.structs.replace(SETTINGS, calls=calls)
    async with a_site(tmp_path, settings) as (url, _, sam):
        call_id = (await start(url, "customer"))["call_id"]
        async with following(url, call_id, sam) as watching:
            await watching.until("status", part="call", state="ended")
            assert await watching.closed() == 1000


@pytest.mark.parametrize(
    ("announce", "agent_s", "customer_s"),
    [("both", ["Sam"], []), ("agent", ["Sam"], None), ("nobody", None, None)],
)
async def test_the_people_are_told_as_the_site_has_it_and_the_record_in_any_case(
    tmp_path: Path,
    announce: Any,
    agent_s: list[str] | None,
    customer_s: list[str] | None,
) -> None:
    listening = ListeningSettings(announce=announce)
    settings = msgspec.structs.replace(SETTINGS, listening=listening)
    async with a_site(tmp_path, settings) as (url, box, sam):
        async with a_call(url) as (call_id, agent, customer):
            async with following(url, call_id, sam) as watching:
                await watching.until("hello")
                await watching.send(Listen(audio=True))
                await watching.send(Listen(audio=True))  # changes nothing
                await watching.send(Listen(audio=False))
                await watching.send(Chat(text=""))
                await watching.until("error")
            await gone(box._live[call_id].room.listeners)
            await agent.send(Chat(text="over"))
            for someone, names in ((agent, agent_s), (customer, customer_s)):
                await someone.until("chat")
                told = [m for m in someone.told if m["type"] == "supervised"]
                signs = [(m["following"], m["hearing"], m["names"]) for m in told]
                assert signs == (
                    []
                    if names is None
                    else [(1, 0, names), (1, 1, names), (1, 0, names), (0, 0, [])]
                )
        while len(logged := await actions(url)) < 4:
            await anyio.lowlevel.checkpoint()  # it is logged behind the goodbye
        await box.publisher.settled()
        await box.store.flush()
        detail = await get(url, f"/api/sessions/{call_id}")
    does = [(m["name"], m["does"]) for m in messages_of(detail, "overheard")]
    assert does == [
        ("Sam", "follow"), ("Sam", "hear"), ("Sam", "hear_no_more"), ("Sam", "leave")
    ]  # fmt: skip
    assert logged == [
        ("Sam", "following started", call_id),
        ("Sam", "listening started", call_id),
        ("Sam", "listening ended", call_id),
        ("Sam", "following ended", call_id),
    ]


async def test_who_joins_later_sees_that_somebody_listens(tmp_path: Path) -> None:
    async with a_site(tmp_path) as (url, _, sam):
        call_id = (await start(url, "customer"))["call_id"]
        async with following(url, call_id, sam) as watching:
            await watching.until("supervised")
            async with talker(url, call_id, hello("customer")) as customer:
                assert (await customer.until("supervised"))["following"] == 1


async def gone(listeners: Any) -> None:
    with anyio.fail_after(10):
        while len(listeners):  # noqa: ASYNC110
            # The box learns of a socket that is closed when it comes to read it.
            await anyio.sleep(0.01)
