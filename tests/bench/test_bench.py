"""Many callers on a real server, with engines that need no model."""

import json
from pathlib import Path

import anyio
import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from appliance.access.commands import AddMachine, MachineSecret
from appliance.access.office import Office
from appliance.bench.caller import Script
from appliance.bench.crowd import Crowd
from appliance.bench.line import Line
from appliance.bench.rotation import APART_MS
from appliance.bench.run import Plan, Set, curve, read_set
from appliance.bench.table import summary
from appliance.bench.watch import Watch
from appliance.cli.app import app
from appliance.errors import ApplianceError, RecordingError
from appliance.messages import Transcript
from appliance.replay.recording import Recording
from appliance.replay.voice import Voices
from tests.faults.process import NO_MODELS
from tests.server.live import RATE, SITES, serving, silence, tone

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]


def recording() -> Recording:
    """Both speak for a second, one after the other, with pauses that close the turn."""
    agent = silence(5) + tone(10) + silence(25)
    customer = silence(25) + tone(10) + silence(5)
    samples = np.stack([np.frombuffer(pcm, "<i2") for pcm in (agent, customer)], axis=1)
    return Recording(samples, RATE)


def script() -> Script:
    return Script(Voices(recording(), "pcm_s16le"))


async def lent(url: str) -> str:
    """A token such as a box lends to a bench."""
    wish = AddMachine(name="bench", scopes=("calls", "metrics"), days=1)
    made = await Office(SITES[url].access).perform(wish, "the tests")
    assert isinstance(made, MachineSecret)
    return made.secret


async def test_every_caller_talks_without_a_break_and_every_word_comes_back(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _):
        token = await lent(url)
        crowd, watch = Crowd(url, [script()], 2, token), Watch(url, token=token)
        now_s = anyio.current_time()
        async with anyio.create_task_group() as work:
            work.start_soon(watch.run, now_s + crowd.ramp_s, now_s + crowd.ramp_s + 2)
            await crowd.talk(crowd.ramp_s + 6)

    begun = [played for played in crowd.played if played.sent]
    assert len(begun) == 4  # each caller was cut off in its second call
    assert not any(played.dropped for played in crowd.played)
    whole = [played for played in begun if played.sent == 250]
    assert whole
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
        crowd = Crowd(url, [script()], 2, await lent(url))
        await crowd.talk(crowd.ramp_s + 1)

    first, second = (played.zero_s for played in crowd.played if played.sent)
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


@pytest.fixture
def a_set(tmp_path: Path) -> Set:
    soundfile.write(tmp_path / "call.wav", recording().samples, RATE)
    turn = {"channel": 1, "start": 1.0, "end": 2.0, "text": "hello", "uncertain": False}
    (tmp_path / "call.json").write_text(json.dumps({"turns": [turn]}))
    (tmp_path / "no-reference.wav").touch()
    return read_set(tmp_path)


async def test_a_folder_is_measured_on_a_server_of_its_own(a_set: Set) -> None:
    plan = Plan(recordings=a_set, seconds=5, warm_up_s=0, environ=NO_MODELS)

    levels = [level async for level in curve(plan, [2], 1)]

    (row,) = map(summary, levels)
    assert (row.calls, row.turns, row.turns_lost) == (2, 2, 2)
    assert (row.wer, row.deleted) == (100, 2)
    assert list(row.cpu) == ["server"]
    assert row.sockets_dropped == 0


def test_a_folder_without_references_is_refused(tmp_path: Path) -> None:
    (tmp_path / "call.wav").touch()

    with pytest.raises(RecordingError, match="no recording with a reference"):
        read_set(tmp_path)


def test_a_list_of_calls_that_is_none_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "call.wav", recording().samples, RATE)
    (tmp_path / "call.json").write_text('{"turns": []}')

    result = CliRunner().invoke(app, ["bench", str(tmp_path), "--calls", "1,many"])

    assert isinstance(result.exception, ApplianceError)
    assert "1,many" in result.exception.problem
