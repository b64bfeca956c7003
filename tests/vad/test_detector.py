"""The detector between legs and a model that can be held up."""

from collections.abc import AsyncGenerator

import anyio
import msgspec
import numpy as np
import pytest

from appliance.vad.detector import Detector
from appliance.vad.port import WINDOW_BYTES, VadJob, VadReply

pytestmark = pytest.mark.anyio


class Model:
    """Answers, once it is let, that each window is as loud as its first sample says."""

    def __init__(self) -> None:
        self.go = anyio.Event()

    async def __call__(self, job: bytes) -> AsyncGenerator[bytes, None]:
        await self.go.wait()
        asked = msgspec.msgpack.decode(job, type=VadJob)
        firsts = np.frombuffer(asked.pcm, "<i2").reshape(-1, WINDOW_BYTES // 2)[:, 0]
        reply = VadReply(
            probabilities=firsts.astype(np.float32).tobytes(), states=asked.states
        )
        yield msgspec.msgpack.encode(reply)


def windows(*firsts: int) -> bytes:
    return b"".join(
        first.to_bytes(2, "little") + bytes(WINDOW_BYTES - 2) for first in firsts
    )


async def test_each_leg_is_told_of_its_own_windows_in_order() -> None:
    model, one, two = Model(), list[float](), list[float]()
    detector = Detector(model)
    first, second = detector.open(one.extend), detector.open(two.extend)
    detector.feed(first, windows(*range(40)))
    detector.feed(second, windows(7))
    model.go.set()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(detector.run)
        await detector.drain(first)
        await detector.drain(second)
        tasks.cancel_scope.cancel()
    assert one == list(range(40))
    assert two == [7]


async def test_what_is_skipped_counts_as_silence_though_the_model_was_at_it() -> None:
    model, heard = Model(), list[float]()
    detector = Detector(model)
    leg = detector.open(heard.extend)
    detector.feed(leg, windows(1, 2, 3, 4))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(detector.run)
        await anyio.wait_all_tasks_blocked()
        assert detector.skip(leg, 3) == 3
        assert heard == [0.0, 0.0, 0.0]
        model.go.set()
        await detector.drain(leg)
        tasks.cancel_scope.cancel()
    assert heard == [0.0, 0.0, 0.0, 4.0]
