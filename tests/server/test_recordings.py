"""A call is recorded as its people decide, and played to whoever may hear it."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import msgspec
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from appliance.pipeline.box import Box
from appliance.received import Hangup, Pause, RecordWish
from appliance.settings import Policy, RecordingSettings
from tests.access.site import hire
from tests.recordings.disk import small_disk
from tests.server.live import (
    SETTINGS,
    SITES,
    Keys,
    Talker,
    a_call,
    client,
    get,
    messages_of,
    said,
    serving,
    silence,
    tone,
)

pytestmark = pytest.mark.anyio

RATE = 16_000


@asynccontextmanager
async def recording(folder: Path, policy: Policy) -> AsyncIterator[tuple[str, Box]]:
    """Exact, so that what comes out can be compared with what was said."""
    wish = RecordingSettings(enabled=policy, format="flac", keep_free_gb=0)
    settings = msgspec.structs.replace(SETTINGS, recording=wish)
    async with serving(folder, settings) as (url, box):
        yield url, box


async def kept(url: str, call_id: str) -> dict[str, Any]:
    """What is told of the recording, once it is put together and judged."""
    with anyio.fail_after(20):
        while True:
            told = await get(url, f"/api/sessions/{call_id}/recording")
            if told["health"] is not None:
                return dict(told)
            await anyio.sleep(0.02)


async def sound(url: str, call_id: str) -> NDArray[np.int16]:
    async with client(url) as http:
        answer = await http.get(f"/api/sessions/{call_id}/audio")
    assert answer.status_code == 200, answer.text
    samples, rate = soundfile.read(io.BytesIO(answer.content), dtype="int16")
    assert rate == RATE
    return np.asarray(samples)


async def shown(person: Talker, state: str) -> dict[str, Any]:
    """The message that says so, whether it has come already or not."""
    for message in person.told:
        if message["type"] == "recording" and message["state"] == state:
            return message
    return await person.until("recording", state=state)


async def hang_up(agent: Talker) -> None:
    await agent.send(Hangup())
    await agent.until("status", part="call", state="ended")


def found(said: bytes, channel: NDArray[np.int16]) -> int:
    """The sample at which it begins there."""
    loud = np.flatnonzero(channel)
    first = int(loud[0]) if len(loud) else -1
    wanted = np.frombuffer(said, "<i2")
    lead = int(np.flatnonzero(wanted)[0])
    assert np.array_equal(channel[first : first + len(wanted) - lead], wanted[lead:])
    return first - lead


async def test_what_was_said_is_played_as_it_was_said(tmp_path: Path) -> None:
    async with recording(tmp_path, "always") as (url, _):
        async with a_call(url) as (call_id, agent, customer):
            await shown(agent, "on")
            await shown(customer, "on")
            mine, theirs = tone(12) + silence(6), tone(25) + silence(6)
            await agent.speak(mine)
            await customer.speak(theirs)
            await agent.final("customer")
            await hang_up(agent)
        told = await kept(url, call_id)
        both = await sound(url, call_id)

    assert told["state"] == "kept"
    assert told["health"]["verdict"] == "ok"
    legs = {leg["role"]: leg for leg in told["kept"]["legs"]}
    assert found(mine, both[:, 0]) == legs["agent"]["start_ms"] * 16
    assert found(theirs, both[:, 1]) == legs["customer"]["start_ms"] * 16
    assert [span["kind"] for leg in legs.values() for span in leg["spans"]] == []


async def test_nothing_is_kept_before_the_customer_has_agreed(tmp_path: Path) -> None:
    async with recording(tmp_path, "on_consent") as (url, _):
        async with a_call(url) as (call_id, agent, customer):
            assert (await shown(agent, "waiting"))["choice"]
            await customer.speak(tone(10) + silence(6))
            assert await agent.final("customer")
            await agent.send(RecordWish(on=True, consent="verbal"))
            await customer.until("recording", state="on")
            await customer.speak(tone(14) + silence(6))
            assert await agent.final("customer")
            await customer.send(RecordWish(on=False))
            await agent.until("recording", state="stopped")
            await customer.speak(tone(9) + silence(6))
            assert await agent.final("customer")
            await hang_up(agent)
        told = await kept(url, call_id)
        theirs = (await sound(url, call_id))[:, 1]
        detail = await get(url, f"/api/sessions/{call_id}")

    [leg] = [leg for leg in told["kept"]["legs"] if leg["role"] == "customer"]
    [before, after] = leg["spans"]
    assert (before["kind"], after["kind"]) == ("off", "off")
    assert not theirs[: before["end_ms"] * 16].any()
    assert not theirs[after["start_ms"] * 16 :].any()
    assert found(tone(14), theirs) == before["end_ms"] * 16
    consents = messages_of(detail, "consent")
    assert [(c["given"], c["by"], c["method"]) for c in consents] == [
        (True, "agent", "verbal"),
        (False, "customer", "clicked"),
    ]


async def test_without_consent_there_is_no_recording_and_no_fault(tmp_path: Path) -> None:
    async with recording(tmp_path, "on_consent") as (url, box):
        async with a_call(url) as (call_id, agent, customer):
            await customer.speak(tone(10) + silence(6))
            assert await agent.final("customer")
            await hang_up(agent)
        async with client(url) as http:
            answer = await http.get(f"/api/sessions/{call_id}/audio")
        told = await get(url, f"/api/sessions/{call_id}/recording")
        folder = box.archive.recorder.shelf.folder

    assert answer.status_code == 404
    assert (told["state"], told["health"]) == ("none", None)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("policy", "on"), [("never", True), ("always", False)])
async def test_what_the_site_has_decided_nobody_changes(
    tmp_path: Path, policy: Policy, on: bool
) -> None:
    async with recording(tmp_path, policy) as (url, _), a_call(url) as (_, agent, _):
        await agent.send(RecordWish(on=on))
        refused = await agent.until("error")

    assert "recorded" in refused["problem"]


async def test_a_payment_is_silence_and_so_is_what_was_begun_before(tmp_path: Path) -> None:
    async with recording(tmp_path, "always") as (url, _):
        async with a_call(url) as (call_id, agent, customer):
            await customer.speak(tone(10) + silence(6))
            assert await agent.final("customer")
            # In the middle of a number that nobody has told as final.
            await customer.speak(tone(8))
            await agent.until("transcript", speaker="customer", is_final=False)
            await agent.send(Pause(on=True))
            await customer.until("status", part="call", state="paused")
            await customer.speak(tone(10))
            await customer.heard_by_the_box()
            await agent.send(Pause(on=False))
            await customer.until("status", part="call", state="live")
            gap = await customer.recorded_again()
            await customer.speak(tone(7) + silence(6))
            assert await agent.final("customer") == ""  # what they had begun is withdrawn
            assert await agent.final("customer")
            await hang_up(agent)
        told = await kept(url, call_id)
        theirs = (await sound(url, call_id))[:, 1]

    [leg] = [leg for leg in told["kept"]["legs"] if leg["role"] == "customer"]
    kinds = {span["kind"]: span for span in leg["spans"]}
    start = leg["start_ms"]
    assert kinds["silenced"]["start_ms"] <= start + 1600
    assert kinds["silenced"]["end_ms"] == kinds["paused"]["start_ms"] == start + 2400
    over = kinds["paused"]["end_ms"]
    assert over == gap["end_ms"] >= start + 3400
    assert theirs[start * 16 : (start + 900) * 16].any()
    assert not theirs[(start + 1600) * 16 : over * 16].any()
    assert found(tone(7), theirs[over * 16 :]) == 0


async def test_a_recording_is_played_in_parts_and_by_those_who_may(tmp_path: Path) -> None:
    async with recording(tmp_path, "always") as (url, _):
        async with a_call(url) as (call_id, agent, customer):
            await customer.speak(tone(10) + silence(6))
            assert await agent.final("customer")
            await hang_up(agent)
        await kept(url, call_id)
        path = f"/api/sessions/{call_id}/audio"
        access = SITES[url].access
        stranger = Keys.of_person(await hire(access, "Olga", "agent"))
        async with client(url) as http:
            whole = await http.get(path)
            part = await http.get(path, headers={"range": "bytes=100-199"})
            beyond = await http.get(path, headers={"range": "bytes=99999999-"})
            copy = await http.get(path, params={"download": "1"})
        async with httpx.AsyncClient(base_url=url, headers=stranger.headers) as http:
            refused = await http.get(path)
        log = [entry.action for entry in await access.entries(0, 100)]

    assert part.status_code == 206
    assert part.content == whole.content[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    assert beyond.status_code == 416
    assert refused.status_code == 404
    assert copy.headers["content-disposition"].startswith("attachment; filename=")
    assert f"{call_id}.flac" in copy.headers["content-disposition"]
    assert log.count("recording played") == 1
    assert log.count("recording exported") == 1


async def test_a_full_disk_stops_the_recording_and_not_the_call(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        wish = RecordingSettings(
            enabled="always", format="flac", folder=str(disk / "kept"), keep_free_gb=0.001
        )
        (disk / "ballast").write_bytes(b"")
        settings = msgspec.structs.replace(SETTINGS, recording=wish)
        async with serving(tmp_path / "data", settings) as (url, box):
            async with a_call(url) as (call_id, agent, customer):
                await shown(agent, "on")
                await customer.speak(tone(10) + silence(6))
                assert await agent.final("customer")
                (disk / "ballast").write_bytes(bytes(7 << 19))
                await agent.until("recording", state="failing")
                assert (await get(url, "/healthz"))["parts"]["recordings"][
                    "state"
                ] == "full"
                await customer.speak(tone(8) + silence(6))
                assert await agent.final("customer") == said(8)
                (disk / "ballast").unlink()
                await agent.until("recording", state="on")
                await customer.speak(tone(7) + silence(6))
                assert await agent.final("customer")
                await hang_up(agent)
            told = await kept(url, call_id)
            theirs = (await sound(url, call_id))[:, 1]
            detail = await get(url, f"/api/sessions/{call_id}")
            async with client(url) as http:
                figures = (await http.get("/metrics")).text
            room = box.archive.recorder.room

    [leg] = [leg for leg in told["kept"]["legs"] if leg["role"] == "customer"]
    [gap] = [span for span in leg["spans"] if span["kind"] == "off"]
    assert not theirs[gap["start_ms"] * 16 : gap["end_ms"] * 16].any()
    assert found(tone(7), theirs[gap["end_ms"] * 16 :]) == 0
    states = [message["state"] for message in messages_of(detail, "recording")]
    assert states == ["on", "failing", "on"]
    verdict = told["health"]["verdict"]
    assert f'appliance_recordings_total{{verdict="{verdict}"}} 1.0' in figures
    assert 'appliance_recordings_room_state{state="full"} 0.0' in figures
    assert room is not None
    assert room.state != "full"
