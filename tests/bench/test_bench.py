"""Many callers on a real server, with engines that need no model."""

from pathlib import Path

import anyio
import numpy as np
import pytest

from appliance.bench.caller import Script
from appliance.bench.crowd import Crowd
from appliance.bench.line import Line
from appliance.bench.rotation import APART_MS
from appliance.bench.watch import Watch
from appliance.errors import ApplianceError
from appliance.messages import Transcript
from appliance.replay.recording import Recording
from appliance.replay.voice import Voices
from tests.server.live import RATE, serving, silence, tone

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]


def script() -> Script:
    """Both speak for a second, one after the other, with pauses that close the turn."""
    agent = silence(5) + tone(10) + silence(25)
    customer = silence(25) + tone(10) + silence(5)
    samples = np.stack([np.frombuffer(pcm, "<i2") for pcm in (agent, customer)], axis=1)
    return Script(Voices(Recording(samples, RATE), "pcm_s16le"))


async def test_every_caller_talks_without_a_break_and_every_word_comes_back(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _):
        crowd, watch = Crowd(url, [script()], 2), Watch(url)
        now_s = anyio.current_time()
        async with anyio.create_task_group() as work:
            work.start_soon(watch.run, now_s + crowd.ramp_s, now_s + crowd.ramp_s + 2)
            await crowd.talk(crowd.ramp_s + 6)

    assert len(crowd.played) >= 4  # no caller stops after a call
    assert not any(played.dropped for played in crowd.played)
    whole = [played for played in crowd.played if played.sent == 250]
    assert len(whole) >= 1
    for played in whole:
        finals = [
            t.message.speaker
            for t in played.told
            if isinstance(t.message, Transcript) and t.message.is_final
        ]
        assert finals == ["agent", "customer"]
    assert sorted(watch.cost.cpu_s) == ["server", "speech", "vad"]
    assert sum(watch.cost.loop_counts) > 0
    assert watch.cost.window_s == pytest.approx(2, abs=1)


async def test_callers_begin_apart(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _):
        crowd = Crowd(url, [script()], 2)
        await crowd.talk(crowd.ramp_s + 1)

    first, second = (played.zero_s for played in crowd.played)
    assert second - first >= APART_MS / 1000 - crowd.unready_s - 1e-6


async def test_a_socket_that_the_server_refuses_is_an_error(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _):
        line = Line(lambda _: None, lambda _: None)
        with pytest.raises(ApplianceError, match="was not opened: HTTP"):
            await line.connect(url.replace("http", "ws") + "/nowhere")


async def test_a_server_that_is_not_there_is_an_error() -> None:
    line = Line(lambda _: None, lambda _: None)
    with pytest.raises(ApplianceError, match="was not opened"):
        await line.connect("ws://127.0.0.1:9/ws/call/x")
