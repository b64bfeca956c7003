import dataclasses
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from appliance.audio import g711
from appliance.errors import ApplianceError, CallError, RecordingError
from appliance.messages import AiSuggestion, AudioFormat, ErrorSent, Role, Transcript
from appliance.replay.client import Drop, Plan, Told, play
from appliance.replay.json_lines import json_lines
from appliance.replay.recording import Recording
from tests.replay.box import Box, serving

pytestmark = pytest.mark.anyio

SECONDS = 3


def recording(rate: int = 16_000) -> Recording:
    noise = np.random.default_rng(1).integers(-9000, 9000, (SECONDS * rate, 2), np.int16)
    return Recording(noise, rate)


def plan(**changes: Any) -> Plan:
    return dataclasses.replace(Plan(speed=20, quiet_s=0.2, patience_s=10), **changes)


def spoken(role: Role, box: Box, one: Recording) -> tuple[bytes, bytes]:
    """What the box heard, and what was in the recording with the silence at its end."""
    channel = 0 if role == "agent" else 1
    tail = bytes(one.rate * 2)
    return b"".join(box.legs[role].heard), one.samples[:, channel].tobytes() + tail


async def test_both_people_are_heard_to_the_last_sample_and_the_agent_is_advised() -> None:
    box, one = Box(), recording()
    with serving(box) as url:
        outcome = await play(url, one, plan())

    for role in ("agent", "customer"):
        heard, said = spoken(role, box, one)
        assert heard == said
        assert box.legs[role].times == list(range(0, 4000, 20))
        assert outcome.heard_ms[role] == 4000
        assert outcome.connections[role] == 1
    finals = [m for m in outcome.messages if isinstance(m, Transcript) and m.is_final]
    assert len(finals) == 8
    assert sum(isinstance(m, AiSuggestion) for m in outcome.messages) == 4
    assert (outcome.call_id, outcome.settled, outcome.ended) == ("c1", True, True)
    assert outcome.sent_ms == 4000


async def test_the_customer_asks_for_the_very_call_of_the_agent() -> None:
    box = Box()
    with serving(box) as url:
        await play(url, recording(), plan())
    assert box.starts == [
        {"role": "agent", "name": "Agent"},
        {"role": "customer", "name": "Customer", "call_id": "c1"},
    ]


@pytest.mark.parametrize("rate", [8000, 48_000])
async def test_audio_is_announced_and_sent_at_the_rate_of_the_file(rate: int) -> None:
    box, one = Box(advise=False), recording(rate)
    with serving(box) as url:
        await play(url, one, plan())
    assert box.legs["agent"].audio == AudioFormat(rate=rate)
    assert spoken("agent", box, one)[0] == spoken("agent", box, one)[1]


async def test_audio_can_be_sent_as_a_telephone_would() -> None:
    box, one = Box(advise=False), recording(8000)
    with serving(box) as url:
        await play(url, one, plan(codec="alaw"))
    assert box.legs["customer"].audio == AudioFormat(codec="alaw", rate=8000)
    expected = g711.encode(one.samples[:, 1], "alaw")
    assert b"".join(box.legs["customer"].heard)[: len(expected)] == expected


@pytest.mark.parametrize("role", ["agent", "customer"])
async def test_when_the_server_cuts_a_socket_every_frame_still_arrives_once(
    role: Role,
) -> None:
    box, one = Box(cut_at={(role, 40): "cut", (role, 90): "cut"}), recording()
    with serving(box) as url:
        outcome = await play(url, one, plan())

    assert spoken(role, box, one)[0] == spoken(role, box, one)[1]
    assert outcome.connections[role] == 3
    assert box.legs[role].first_messages[0].startswith('{"type":"hello"')
    assert box.legs[role].first_messages[1].startswith('{"type":"resume"')
    finals = [m.id for m in outcome.messages if isinstance(m, Transcript) and m.is_final]
    assert sorted(finals) == sorted(set(finals))
    assert len(finals) == 8
    assert outcome.settled


async def test_when_the_plug_is_pulled_every_frame_still_arrives_once() -> None:
    box, one = Box(), recording()
    drops = [Drop("customer", 500, 1.0), Drop("agent", 1500)]
    with serving(box) as url:
        outcome = await play(url, one, plan(drops=drops))
    for role in ("agent", "customer"):
        assert spoken(role, box, one)[0] == spoken(role, box, one)[1]
        assert outcome.connections[role] == 2


async def test_a_server_that_forgot_everything_gets_what_it_did_not_acknowledge() -> None:
    box, one = Box(cut_at={("agent", 63): "restart"}), recording()
    with serving(box) as url:
        outcome = await play(url, one, plan())
    # Acknowledged up to frame 59; the three after it come again, numbered anew.
    times = box.legs["agent"].times
    assert times == [*range(0, 63 * 20, 20), *range(60 * 20, 4000, 20)]
    assert outcome.connections["agent"] == 2


async def test_patience_ends_when_the_server_never_finishes() -> None:
    box = Box(leave_open=True)
    with serving(box) as url:
        outcome = await play(url, recording(), plan(patience_s=0.5))
    assert (outcome.settled, outcome.ended) == (False, True)


async def test_what_the_agent_was_told_is_written_line_by_line(tmp_path: Path) -> None:
    file, told = tmp_path / "told.jsonl", list[Told]()
    with serving(Box()) as url:
        async with json_lines(file) as write:

            def both(one: Told) -> None:
                if one.role == "agent":
                    write(one)
                    told.append(one)

            await play(url, recording(), plan(keep=False), on_message=both)

    lines = [msgspec.json.decode(line) for line in file.read_bytes().splitlines()]
    assert [line.pop("received_ms") for line in lines] == [
        round(one.received_ms, 1) for one in told
    ]
    assert [line["type"] for line in lines[:2]] == ["hello", "partner"]
    assert [msgspec.json.decode(one.raw) for one in told] == lines
    assert all(one.received_ms > 0 for one in told if isinstance(one.message, Transcript))


async def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(ApplianceError, match="--json"):
        async with json_lines(tmp_path / "missing" / "told.jsonl"):
            pass


async def test_a_refusal_is_passed_on_with_its_fix() -> None:
    box = Box(refuse=ErrorSent(problem="No room.", fix="Wait for a call to end."))
    with serving(box) as url, pytest.raises(CallError, match="Wait for a call to end"):
        await play(url, recording(), plan())


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://127.0.0.1:1", "does not answer"),
        ("127.0.0.1:8080", "not the address of a server"),
    ],
)
async def test_a_server_that_is_not_there_is_named(url: str, problem: str) -> None:
    with pytest.raises(ApplianceError, match=problem):
        await play(url, recording(), plan())


@pytest.mark.parametrize(("codec", "rate"), [("mulaw", 48_000), ("webm_opus", 16_000)])
async def test_a_codec_that_cannot_carry_the_recording_is_refused(
    codec: str, rate: int
) -> None:
    with pytest.raises(RecordingError, match="pcm_s16le"):
        await play("http://127.0.0.1:1", recording(rate), plan(codec=codec))
