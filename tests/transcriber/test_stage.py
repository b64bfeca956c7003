"""The transcriber with an engine that fails on demand."""

from collections.abc import AsyncGenerator

import anyio
import msgspec
import pytest

from appliance.errors import WorkerError
from appliance.messages import Ended, Started, Transcript
from appliance.settings import SpeechSettings, VadSettings
from appliance.transcriber.language import LegLanguage
from appliance.transcriber.leg import LegTranscriber
from appliance.transcriber.port import Decoded, DecodeJob, DecodeReply
from appliance.transcriber.stage import Leg, Transcriber

pytestmark = pytest.mark.anyio

POISON = b"poison"


class Engine:
    """Says what the audio says; any batch with POISON in it fails."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    async def __call__(self, job: bytes) -> AsyncGenerator[bytes, None]:
        await anyio.lowlevel.checkpoint()
        items = msgspec.msgpack.decode(job, type=DecodeJob).items
        self.batches.append(len(items))
        if any(item.pcm == POISON for item in items):
            raise WorkerError("It died.", fix="Ask again.")
        answers = [
            Decoded(
                text=item.pcm.decode(),
                words=(),
                language="en",
                language_probability=1.0,
                avg_logprob=-0.1,
                no_speech=0.0,
                capped=False,
            )
            for item in items
        ]
        yield msgspec.msgpack.encode(DecodeReply(items=answers))


def leg(said: bytes, told: list[Transcript]) -> Leg:
    core = LegTranscriber(
        "agent",
        vad=VadSettings(),
        language=LegLanguage("en"),
        floor_frames=1000,
        offset_ms=0,
    )
    return Leg(core, lambda _start, _end: said, told.append, lambda: None)


async def finals_of(
    *said: bytes,
) -> tuple[list[list[Transcript]], Engine, Transcriber]:
    """One utterance for each leg, all at the same moment."""
    engine = Engine()
    transcriber = Transcriber(engine, SpeechSettings(max_batch=8), lambda _: None)
    told: list[list[Transcript]] = [[] for _ in said]
    legs = [leg(text, heard) for text, heard in zip(said, told, strict=True)]
    for one in legs:
        transcriber.open(one)
        transcriber.heard(one, [Started(0), Ended(1000)], 1000, voiced=False)
        transcriber.close(one)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(transcriber.run)
        with anyio.fail_after(10):
            for one in legs:
                await one.finished.wait()
        tasks.cancel_scope.cancel()
    return told, engine, transcriber


async def test_finals_of_many_legs_share_a_batch() -> None:
    told, engine, transcriber = await finals_of(b"one", b"two", b"three")
    assert [[t.text for t in heard] for heard in told] == [["one"], ["two"], ["three"]]
    assert engine.batches == [3]
    assert (transcriber.usage.passes, transcriber.usage.items) == (
        {"final": 1},
        {"final": 3},
    )


async def test_an_item_that_fails_fails_alone_and_is_told_as_failed() -> None:
    told, _, _ = await finals_of(b"one", POISON, b"three")
    assert [heard[0].text for heard in told] == ["one", "", "three"]
    assert [heard[0].failed for heard in told] == [False, True, False]


async def test_a_leg_that_is_abandoned_is_told_nothing_more() -> None:
    engine = Engine()
    transcriber = Transcriber(engine, SpeechSettings(), lambda _: None)
    told: list[Transcript] = []
    gone = leg(b"one", told)
    transcriber.open(gone)
    transcriber.heard(gone, [Started(0), Ended(1000)], 1000, voiced=False)
    transcriber.abandon(gone)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(transcriber.run)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    assert told == []
    assert engine.batches == []
