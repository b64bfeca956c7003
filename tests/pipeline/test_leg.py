"""One leg whose models do not keep up: what is kept, and what is said about the rest."""

from collections.abc import AsyncGenerator
from itertools import pairwise

import anyio
import msgspec
import numpy as np
import pytest

from appliance.audio.wire import Frame
from appliance.messages import AudioFormat, Gap, Transcript
from appliance.pipeline.ears import MOST_BEHIND_MS, Hearing
from appliance.pipeline.leg import Leg
from appliance.settings import Settings
from appliance.transcriber.language import Languages
from appliance.transcriber.stage import Transcriber
from appliance.vad.detector import Detector
from appliance.vad.port import WINDOW_SAMPLES, VadJob, VadReply

pytestmark = pytest.mark.anyio

LOUD = np.full(16_000, 1000, "<i2").tobytes()  # one second


async def dead(job: bytes) -> AsyncGenerator[bytes, None]:  # noqa: ARG001
    """A process that never comes back."""
    await anyio.sleep_forever()
    yield b""


async def loudness(job: bytes) -> AsyncGenerator[bytes, None]:
    await anyio.lowlevel.checkpoint()
    asked = msgspec.msgpack.decode(job, type=VadJob)
    samples = np.abs(np.frombuffer(asked.pcm, "<i2").reshape(-1, WINDOW_SAMPLES))
    loud = (samples.mean(axis=1) > 500).astype(np.float32)
    reply = VadReply(probabilities=loud.tobytes(), states=asked.states)
    yield msgspec.msgpack.encode(reply)


class Heard:
    def __init__(self, detector: Detector) -> None:
        self.told: list[Transcript | Gap] = []
        settings = Settings()
        hearing = Hearing(
            detector=detector,
            transcriber=Transcriber(dead, settings.speech, lambda _: None),
            languages=Languages(settings.speech),
            floor_frames=1000,
        )
        self.leg = Leg(
            "customer",
            AudioFormat(rate=16_000),
            settings=settings,
            offset_ms=0,
            tell=self.told.append,
        )
        self.leg.listen(hearing)
        self._seq = 0

    @property
    def gaps(self) -> list[tuple[int, int, str]]:
        gaps = [gap for gap in self.told if isinstance(gap, Gap)]
        return [(gap.start_ms, gap.end_ms, gap.reason) for gap in gaps]

    def say(self, seconds: int) -> None:
        for _ in range(seconds):
            self.leg.take(Frame(self._seq, self._seq * 1000, LOUD))
            self._seq += 1


async def test_a_leg_the_engine_never_answers_gives_up_its_oldest_utterances() -> None:
    detector = Detector(loudness)
    heard = Heard(detector)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(detector.run)
        for _ in range(MOST_BEHIND_MS // 10_000 + 6):
            heard.say(10)
            await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    given_up = [t for t in heard.told if isinstance(t, Transcript)]
    assert given_up == heard.told
    assert all(t.failed and t.is_final and not t.text for t in given_up)
    assert given_up[0].start_ms < 1000
    for before, after in pairwise(given_up):
        assert before.end_ms == after.start_ms  # it spoke on, and nothing is passed over
    assert 45_000 < given_up[-1].end_ms <= 75_000


async def test_audio_that_nobody_could_even_detect_becomes_a_gap() -> None:
    heard = Heard(Detector(dead))
    heard.say(MOST_BEHIND_MS // 1000)
    assert heard.told == []
    heard.say(20)
    gaps = [gap for gap in heard.told if isinstance(gap, Gap)]
    assert gaps == heard.told
    assert {gap.reason for gap in gaps} == {"lost"}
    assert gaps[0].start_ms == 0
    for before, after in pairwise(gaps):
        assert before.end_ms == after.start_ms
    assert 20_000 <= gaps[-1].end_ms < 40_000
    assert heard.leg.unheard_ms <= MOST_BEHIND_MS


async def test_a_pause_lasts_until_what_was_said_in_it_has_come() -> None:
    heard = Heard(Detector(dead))
    heard.say(2)
    from_ms = round(heard.leg.taken_ms)
    heard.leg.pause()
    heard.say(1)
    heard.leg.resume(at_ms=5500)
    heard.say(2)
    assert heard.gaps == []
    heard.say(1)
    assert heard.gaps == [(from_ms, round(heard.leg.taken_ms), "paused")]
    heard.say(1)
    assert len(heard.gaps) == 1


async def test_a_pause_that_begins_again_before_it_has_ended_is_one() -> None:
    heard = Heard(Detector(dead))
    heard.say(1)
    from_ms = round(heard.leg.taken_ms)
    heard.leg.pause()
    heard.say(1)
    heard.leg.resume(at_ms=4000)
    heard.leg.pause()
    heard.say(4)
    assert heard.gaps == []
    heard.leg.resume(at_ms=0)
    assert heard.gaps == [(from_ms, round(heard.leg.taken_ms), "paused")]
