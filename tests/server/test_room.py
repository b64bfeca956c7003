"""More calls than may be transcribed: the rest is relayed, told so, and waits for room."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.pipeline.parts import Models
from appliance.received import Hangup
from appliance.workers.pool import Pool
from appliance.workers.supervisor import Spec, Worker
from tests.server.live import (
    SETTINGS,
    Talker,
    fake_models,
    get,
    messages_of,
    said,
    serving,
    silence,
    tone,
    two_people,
)

pytestmark = pytest.mark.anyio

ONE = replace(SETTINGS, speech=replace(SETTINGS.speech, max_calls=1))


@asynccontextmanager
async def one_too_many(
    tmp_path: Path, models: Models | None = None
) -> AsyncIterator[tuple[str, Talker, Talker, Talker]]:
    """The server's address, the agent of the call that has the room, and the two people
    of the one that waits for it and has said something."""
    async with (
        serving(tmp_path, ONE, models) as (url, _),
        two_people(url) as (first, _),
        two_people(url) as (agent, customer),
    ):
        await first.speak(tone(5) + silence(5))
        await first.final("agent")
        await customer.speak(tone(4) + silence(6))
        await agent.until("status", part="speech", state="waiting")
        yield url, first, agent, customer


async def test_a_call_without_room_is_relayed_and_transcribed_once_there_is_room(
    tmp_path: Path,
) -> None:
    async with one_too_many(tmp_path) as (url, first, agent, customer):
        while len(agent.heard) < len(tone(4)):
            await agent.next()  # the voice goes through all the same

        await first.send(Hangup())
        await first.until("status", part="call", state="ended")
        gap = await agent.until("gap", reason="busy")
        assert (gap["speaker"], gap["start_ms"], gap["end_ms"]) == ("customer", 0, 1000)
        await agent.until("status", part="speech", state="live")
        await customer.speak(tone(7) + silence(5))
        final = await agent.until("transcript", speaker="customer", is_final=True)
        assert final["text"] == said(7)
        assert final["start_ms"] >= 1000

        call_id = agent.told[0]["call_id"]
        await agent.send(Hangup())
        await agent.until("status", part="call", state="ended")
        detail = await get(url, f"/api/sessions/{call_id}")
        assert [gap["reason"] for gap in messages_of(detail, "gap")] == ["busy"]


async def test_a_call_that_never_got_room_says_so_in_the_record(tmp_path: Path) -> None:
    async with one_too_many(tmp_path) as (_, _, agent, customer):
        await customer.send(Hangup())
        gap = await agent.until("gap", reason="busy")
        assert (gap["start_ms"], gap["end_ms"]) == (0, 1000)


async def test_a_call_gets_room_only_when_what_is_said_is_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    speech = Worker(
        Spec(
            name="speech",
            target="tests.pipeline.engines:spelled_length_unless",
            config=os.fsencode(broken),
            stall_s=30,
        )
    )
    models = replace(fake_models(), speech=Pool([speech]))
    async with one_too_many(tmp_path, models) as (url, first, agent, customer):
        broken.touch()
        assert speech.pid is not None
        os.kill(speech.pid, signal.SIGKILL)
        await first.until("status", part="speech", state="paused")
        await first.send(Hangup())
        await first.until("status", part="call", state="ended")
        # So little sound is acknowledged by the tick that gives room.
        await customer.speak(silence(1)[:640])
        await customer.until("ack")
        assert (await get(url, "/healthz"))["reading"]["waiting"] == 1

        broken.unlink()
        await agent.until("status", part="speech", state="live")
        assert (await get(url, "/healthz"))["speech"] == "live"
        await customer.speak(tone(7) + silence(5))
        assert await agent.final("customer") == said(7)
