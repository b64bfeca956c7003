"""Supervisors follow and hear a live call over real sockets, and are no part of it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
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
from appliance.messages import ROLES
from appliance.pipeline.box import Box
from appliance.pipeline.parts import Models
from appliance.received import Chat, Hangup, Pause
from appliance.settings import ListeningSettings, Settings
from appliance.supervision import Follow, Listen
from tests.server.live import (
    SETTINGS,
    SITES,
    a_call,
    client,
    fake_models,
    get,
    hello,
    messages_of,
    said,
    serving,
    silence,
    start,
    talker,
    telephone,
    tone,
)
from tests.server.onlookers import Onlooker, following, keys_of, onlooker

pytestmark = pytest.mark.anyio

OFF = Models(vad=None, speech=None, language=None, floor_frames=0)

Sign = dict[str, str]


@asynccontextmanager
async def a_site(
    folder: Path, settings: Settings = SETTINGS, models: Models = OFF
) -> AsyncIterator[tuple[str, Box, Sign]]:
    """With Sam, a supervisor: what their browser sends."""
    async with serving(folder, settings, models) as (url, box):
        yield url, box, await keys_of(url, "Sam", "supervisor")


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


async def test_both_voices_come_whole_and_with_their_times(tmp_path: Path) -> None:
    noise = {role: bytes([n + 1, 0] * 16_000) for n, role in enumerate(ROLES)}
    async with (
        a_site(tmp_path) as (url, box, sam),
        a_call(url) as (call_id, agent, customer),
        following(url, call_id, sam) as watching,
    ):
        await watching.until("hello")
        await agent.speak(noise["agent"][:6400])
        await customer.until("supervised", following=1)
        await watching.send(Listen(audio=True))
        await customer.until("supervised", hearing=1)
        # Nothing of what was said before anybody asked for the sound.
        await agent.speak(noise["agent"])
        await customer.speak(noise["customer"])
        for role in ROLES:
            await watching.hears(role, len(noise[role]))
            assert watching.heard[role] == noise[role]
            frames = watching.frames[role]
            assert [seq for seq, _, _ in frames] == list(range(len(frames)))
            ends = [t_ms + length for _, t_ms, length in frames]
            starts = [t_ms for _, t_ms, _ in frames]
            assert starts[1:] == ends[:-1]
        assert watching.frames["agent"][0][1] == 200
        offset_ms = box._live[call_id]._sending["customer"].leg.offset_ms
        assert watching.frames["customer"][0][1] == offset_ms
        await watching.send(Listen(audio=False))
        await customer.until("supervised", hearing=0)
        await customer.speak(noise["customer"])
        await customer.send(Chat(text="over"))
        await watching.until("chat")
        assert watching.heard["customer"] == noise["customer"]


async def test_nothing_is_heard_while_the_call_is_paused(tmp_path: Path) -> None:
    """A card number is said to the agent alone."""
    async with (
        a_site(tmp_path) as (url, _, sam),
        a_call(url) as (call_id, agent, customer),
        following(url, call_id, sam) as watching,
    ):
        await watching.send(Listen(audio=True))
        await agent.until("supervised", hearing=1)
        await agent.send(Pause(on=True))
        await watching.until("status", part="call", state="paused")
        await customer.speak(tone(5))
        while len(agent.heard) < len(tone(5)):
            await agent.next()
        await agent.send(Pause(on=False))
        await watching.until("status", part="call", state="live")
        await customer.speak(silence(2))
        await watching.hears("customer", len(silence(2)))
        assert watching.heard["customer"] == silence(2)


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


async def changed(watching: Onlooker) -> list[dict[str, Any]]:
    """The next calls that are told anew; how the box does may be told before."""
    while not (calls := (await watching.until("floor"))["calls"]):
        pass
    return list(calls)


async def test_the_floor_shows_the_calls_and_what_changes(tmp_path: Path) -> None:
    async with a_site(tmp_path) as (url, _, sam):
        first = (await start(url, "customer", name="Ada"))["call_id"]
        async with onlooker(url, "/ws/floor", sam) as watching:
            whole = await watching.until("floor", whole=True)
            assert [call["call_id"] for call in whole["calls"]] == [first]
            await start(url, "agent", first, name="Ann")
            [call] = await changed(watching)
            assert (call["agent"], call["customer"], call["state"]) == (
                "Ann", "Ada", "active"
            )  # fmt: skip
            async with following(url, first, sam) as listener:
                await listener.send(Listen(audio=True))
                while not call["hearing"]:
                    [call] = await changed(watching)
                assert call["following"] == 1
            async with client(url, sam) as http:
                asked = (await http.get("/api/calls/live")).json()["calls"]
                assert [c["call_id"] for c in asked] == [first]
            async with client(url, telephone(url)) as system:
                await system.post(f"/api/calls/end/{first}")
            over: list[str] = []
            while not over:
                over = (await watching.until("floor"))["over"]
            assert over == [first]


async def test_what_is_sent_to_the_floor_is_refused(tmp_path: Path) -> None:
    async with (
        a_site(tmp_path) as (url, _, sam),
        onlooker(url, "/ws/floor", sam) as watching,
    ):
        await watching.send(Listen(audio=True))
        await watching.until("error")


async def test_of_twenty_listeners_the_slow_ones_miss_sound_and_nobody_else_does(
    tmp_path: Path,
) -> None:
    frames = 1000
    async with (
        a_site(tmp_path) as (url, _, sam),
        a_call(url) as (call_id, agent, customer),
        AsyncExitStack() as stack,
    ):
        listeners = [
            await stack.enter_async_context(following(url, call_id, sam, reads=n >= 2))
            for n in range(20)
        ]
        for listener in listeners:
            await listener.send(Listen(audio=True))
        await agent.until("supervised", hearing=20)
        slow, quick = listeners[:2], listeners[2:]
        async with anyio.create_task_group() as reading:
            for listener in quick:
                reading.start_soon(listener.hears, "customer", frames * 640)
            # The next is spoken once this one was heard: no buffer of the test's fills up.
            for frame in customer.frames(tone(frames // 5)):
                await customer.socket.send(frame)
                while not isinstance(await agent.next(), bytes):
                    pass
        assert agent.heard == tone(frames // 5)
        await customer.send(Chat(text="the end"))
        for listener in quick:
            assert listener.heard["customer"] == agent.heard
        for listener in slow:
            await listener.until("chat", text="the end")
            got = listener.frames["customer"]
            assert sum(b[0] - a[0] - 1 for a, b in pairwise(got)) > 0
            # What came stands where it was said, for all that is missing.
            pieces = [agent.heard[t_ms * 32 : (t_ms + ms) * 32] for _, t_ms, ms in got]
            assert listener.heard["customer"] == b"".join(pieces)


async def gone(listeners: Any) -> None:
    with anyio.fail_after(10):
        while len(listeners):  # noqa: ASYNC110
            # The box learns of a socket that is closed when it comes to read it.
            await anyio.sleep(0.01)
