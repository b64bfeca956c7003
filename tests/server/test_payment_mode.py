"""Payment mode on a real server: nothing of it is read or kept, whatever happens."""

from pathlib import Path

import msgspec
import pytest

from appliance.pipeline.parts import Models
from appliance.received import Hangup, Pause, Resume
from appliance.settings import PrivacySettings, Settings
from appliance.workers.pool import Pool
from appliance.workers.supervisor import Spec, Worker
from tests.privacy.engines import spoken_line
from tests.server.live import (
    SETTINGS,
    Talker,
    fake,
    get,
    messages_of,
    said,
    serving,
    silence,
    talker,
    tone,
    two_people,
)

pytestmark = pytest.mark.anyio

PHRASE = [
    "so can I take your card details now thank you",
    "the number is in here",
    "done now",
]


def dictated() -> Models:
    spec = Spec(
        name="speech",
        target="tests.privacy.engines:dictation",
        config=msgspec.json.encode(PHRASE),
        stall_s=30,
    )
    return Models(
        vad=fake("vad", "loudness"),
        speech=Pool([Worker(spec)]),
        language=None,
        floor_frames=1000,
    )


def minutes(minutes: float) -> Settings:
    privacy = PrivacySettings(payment_minutes=minutes)
    return msgspec.structs.replace(SETTINGS, privacy=privacy)


async def pause(agent: Talker, *, on: bool) -> None:
    await agent.send(Pause(on=on))
    await agent.until("status", part="call", state="paused" if on else "live")


async def test_words_that_are_being_said_when_it_begins_are_withdrawn(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        await customer.speak(tone(12))
        shown = await agent.until("transcript", speaker="customer")
        await pause(agent, on=True)
        gone = [m for m in agent.told if m["type"] == "transcript"][-1]
        assert (gone["id"], gone["text"], gone["is_final"]) == (shown["id"], "", True)
        await customer.until("status", part="call", state="paused")
        await customer.speak(tone(8) + silence(6))
        await customer.heard_by_the_box()
        await pause(agent, on=False)
        await customer.recorded_again()
        await customer.speak(tone(3) + silence(6))
        assert await agent.final("customer") == said(3)


async def test_a_phrase_of_the_agent_turns_it_on_and_the_record_says_so(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, models=dictated()) as (url, _):
        async with two_people(url) as (agent, customer):
            await agent.speak(spoken_line(PHRASE, 0))
            await customer.until("status", part="call", state="paused")
            await customer.speak(spoken_line(PHRASE, 1))
            await customer.heard_by_the_box()
            await pause(agent, on=False)
            await customer.recorded_again()
            await customer.speak(spoken_line(PHRASE, 2))
            assert await agent.final("customer") == PHRASE[2]
            call_id = agent.told[0]["call_id"]
            await agent.send(Hangup())
            await agent.until("status", part="call", state="ended")
        detail = await get(url, f"/api/sessions/{call_id}")
        noted = [(p["on"], p["by"]) for p in messages_of(detail, "payment")]
        assert noted == [(True, "phrase"), (False, "agent")]
        assert PHRASE[1] not in str(detail)
        assert "paused" in {gap["reason"] for gap in messages_of(detail, "gap")}


async def test_it_ends_by_itself(tmp_path: Path) -> None:
    soon = minutes(0.01)
    async with serving(tmp_path, soon) as (url, _), two_people(url) as (agent, customer):
        await customer.speak(silence(2))
        await pause(agent, on=True)
        await customer.until("status", part="call", state="paused")
        await customer.until("status", part="call", state="live")
        await customer.recorded_again()
        await customer.speak(tone(3) + silence(6))
        assert await agent.final("customer") == said(3)


async def test_what_was_said_meanwhile_into_a_dropped_line_stays_out_when_it_comes(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        await customer.speak(silence(2))
        await customer.heard_by_the_box()
        await pause(agent, on=True)
        greeting = next(m for m in customer.told if m["type"] == "hello")
        seen = max(m.get("seq", 0) for m in customer.told)
        kept = customer.frames(tone(8) + silence(4))
        await customer.socket.close()
        await agent.until("partner", role="customer", event="away")
        again = Resume(role="customer", epoch=greeting["epoch"], last_seq=seen)
        async with talker(url, greeting["call_id"], again) as back:
            await back.until("hello")
            for frame in kept:
                await back.socket.send(frame)
            back.seq = customer.seq
            await back.heard_by_the_box()
            await pause(agent, on=False)
            await back.recorded_again()
            await back.speak(tone(3) + silence(6))
            assert await agent.final("customer") == said(3)


async def test_a_page_that_is_opened_anew_is_told_that_it_is_on(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, _):
        await pause(agent, on=True)
        first = agent.told[0]
        anew = Resume(role="agent", epoch=first["epoch"], last_seq=0)
        async with talker(url, first["call_id"], anew) as back:
            await back.until("status", part="call", state="paused")
