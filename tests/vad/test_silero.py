"""The detector with the real Silero network, in process and behind its worker."""

from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import msgspec
import numpy as np
import pytest
import soundfile
import soxr

from appliance.errors import WorkerLost
from appliance.vad.detector import Detector, DetectorLeg
from appliance.vad.port import FRESH_STATE, WINDOW_BYTES, VadJob, VadReply
from appliance.vad.silero import build
from appliance.workers.one_by_one import OneByOne
from appliance.workers.port import Reply

SAMPLE = Path(__file__).parents[2] / "appliance" / "samples" / "parcel-not-received.flac"


@pytest.fixture(scope="module")
def engine() -> OneByOne:
    return build(b"")


@pytest.fixture(scope="module")
def speech() -> bytes:
    """Ten seconds of both legs of a sample call, at 16 kHz, one after the other."""
    samples, rate = soundfile.read(SAMPLE, dtype="float32", frames=10 * 48_000)
    legs = soxr.resample(samples[: 10 * rate], rate, 16_000)
    return bytes((legs.T.reshape(-1) * 32767).astype("<i2").tobytes())


def answer(engine: OneByOne, job: VadJob) -> VadReply:
    engine.submit(1, msgspec.msgpack.encode(job))
    (reply,) = engine.step()
    assert isinstance(reply, Reply)
    return msgspec.msgpack.decode(reply.payload, type=VadReply)


def test_legs_in_one_batch_are_heard_as_if_each_were_alone(
    engine: OneByOne, speech: bytes
) -> None:
    windows = [speech[n * WINDOW_BYTES : (n + 40) * WINDOW_BYTES] for n in (0, 60, 400)]
    counts = [40, 25, 33]
    pieces = [w[: c * WINDOW_BYTES] for w, c in zip(windows, counts, strict=True)]
    together = answer(
        engine, VadJob(counts=counts, pcm=b"".join(pieces), states=FRESH_STATE * 3)
    )
    alone = [
        answer(engine, VadJob(counts=[c], pcm=p, states=FRESH_STATE))
        for c, p in zip(counts, pieces, strict=True)
    ]
    np.testing.assert_allclose(
        np.frombuffer(together.probabilities, np.float32),
        np.concatenate([np.frombuffer(a.probabilities, np.float32) for a in alone]),
        atol=1e-5,
    )


def test_how_a_leg_is_cut_into_jobs_does_not_change_what_is_heard(
    engine: OneByOne, speech: bytes
) -> None:
    whole = answer(
        engine, VadJob(counts=[30], pcm=speech[: 30 * WINDOW_BYTES], states=FRESH_STATE)
    )
    state, parts = FRESH_STATE, b""
    for first, last in ((0, 1), (1, 12), (12, 30)):
        piece = speech[first * WINDOW_BYTES : last * WINDOW_BYTES]
        reply = answer(engine, VadJob(counts=[last - first], pcm=piece, states=state))
        state, parts = reply.states, parts + reply.probabilities
    np.testing.assert_allclose(
        np.frombuffer(parts, np.float32),
        np.frombuffer(whole.probabilities, np.float32),
        atol=1e-5,
    )


def test_speech_is_found_and_silence_is_not(engine: OneByOne, speech: bytes) -> None:
    count = len(speech) // WINDOW_BYTES
    heard = answer(
        engine,
        VadJob(counts=[count], pcm=speech[: count * WINDOW_BYTES], states=FRESH_STATE),
    )
    assert (np.frombuffer(heard.probabilities, np.float32) > 0.5).mean() > 0.2
    silent = answer(
        engine, VadJob(counts=[60], pcm=bytes(60 * WINDOW_BYTES), states=FRESH_STATE)
    )
    assert np.frombuffer(silent.probabilities, np.float32).max() < 0.3


class InProcess:
    """A port without a process; loses its first job when told to."""

    def __init__(self, engine: OneByOne, *, lose: int = 0) -> None:
        self.engine = engine
        self.lose = lose

    async def __call__(self, job: bytes) -> AsyncGenerator[bytes, None]:
        await anyio.lowlevel.checkpoint()
        if self.lose:
            self.lose -= 1
            raise WorkerLost("gone", fix="Ask again.")
        self.engine.submit(1, job)
        (reply,) = self.engine.step()
        assert isinstance(reply, Reply)
        yield reply.payload


@pytest.mark.anyio
async def test_no_window_is_lost_or_heard_twice_when_the_process_dies(
    engine: OneByOne, speech: bytes
) -> None:
    heard: dict[str, list[float]] = {"whole": [], "cut": []}
    for name, lose in (("whole", 0), ("cut", 2)):
        detector = Detector(InProcess(engine, lose=lose))
        done = anyio.Event()

        def take(
            probabilities: list[float], name: str = name, done: anyio.Event = done
        ) -> None:
            heard[name] += probabilities
            if len(heard[name]) == 50:
                done.set()

        leg: DetectorLeg = detector.open(take)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(detector.run)
            for place in range(0, 50 * WINDOW_BYTES, 640):
                detector.feed(leg, speech[place : min(place + 640, 50 * WINDOW_BYTES)])
                await anyio.lowlevel.checkpoint()
            with anyio.fail_after(20):
                await done.wait()
            tasks.cancel_scope.cancel()
    np.testing.assert_allclose(heard["cut"], heard["whole"], atol=1e-5)
