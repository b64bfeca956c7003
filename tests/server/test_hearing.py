"""What supervisors hear of a live call, over real sockets."""

from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import anyio
import pytest

from appliance.messages import ROLES
from appliance.pipeline import voices
from appliance.received import Chat, Pause
from appliance.supervision import Listen
from tests.server.live import (
    a_call,
    silence,
    tone,
)
from tests.server.onlookers import a_site, following

pytestmark = pytest.mark.anyio


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
        offset_ms = box._live[call_id].voices._sending["customer"].leg.offset_ms
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


async def test_of_twenty_listeners_the_slow_ones_miss_sound_and_nobody_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A machine that stands still for a second has sound given up as late, by everybody.
    monkeypatch.setattr(voices, "STALE_S", 1e6)
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
