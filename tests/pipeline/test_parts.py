"""What screens are told of the parts of the box, and when."""

from collections.abc import AsyncGenerator

import anyio
import pytest

from appliance.pipeline.ears import Hearing
from appliance.pipeline.parts import Models, Parts
from appliance.settings import SpeechSettings
from appliance.transcriber.language import Languages
from appliance.transcriber.scheduler import Load
from appliance.transcriber.stage import Transcriber
from appliance.vad.detector import Detector
from appliance.workers.pool import Pool
from appliance.workers.supervisor import Spec, Worker


async def never(job: bytes) -> AsyncGenerator[bytes, None]:  # noqa: ARG001
    await anyio.sleep_forever()
    yield b""


class Behind(Transcriber):
    """As late as it is told to be."""

    def __init__(self) -> None:
        super().__init__(never, SpeechSettings(), lambda _: None)
        self.now: tuple[Load, int] = ("live", 0)

    @property
    def load(self) -> Load:
        return self.now[0]

    @property
    def lag_ms(self) -> int:
        return self.now[1]


def running(name: str) -> Worker:
    worker = Worker(Spec(name=name, target="", config=b"", stall_s=30))
    worker.state = "live"
    return worker


@pytest.fixture
def transcriber() -> Behind:
    return Behind()


@pytest.fixture
def parts(transcriber: Behind) -> Parts:
    models = Models(
        vad=running("vad"), speech=Pool([running("speech")]), language=running("language")
    )
    hearing = Hearing(
        detector=Detector(never),
        transcriber=transcriber,
        languages=Languages(SpeechSettings()),
        floor_frames=1000,
    )
    made = Parts(models, hearing)
    assert made.news() == []
    return made


def test_states_are_told_in_the_order_in_which_things_are_given_up(
    parts: Parts, transcriber: Behind
) -> None:
    loads: list[tuple[Load, int]] = [
        ("degraded", 1600),
        ("degraded", 1700),
        ("overloaded", 4100),
        ("degraded", 1900),
        ("live", 100),
    ]
    told = []
    for transcriber.now in loads:
        told += [(s.part, s.state, s.lag_ms) for s in parts.news()]

    assert told == [
        ("speech", "degraded", 1600),
        ("suggestions", "paused", 4100),
        ("speech", "degraded", 4100),
        ("suggestions", "live", 1900),
        ("speech", "degraded", 1900),
        ("speech", "live", 100),
    ]


def test_while_transcripts_are_late_screens_learn_when_it_is_twice_or_half_as_much(
    parts: Parts, transcriber: Behind
) -> None:
    told = []
    for lag_ms in (1600, 2000, 3100, 3300, 5000, 6700, 4000, 3200, 900, 400, 0):
        transcriber.now = ("degraded", lag_ms)
        told += [status.lag_ms for status in parts.news()]

    assert told == [1600, 3300, 6700, 3200, 900]


def test_lag_is_no_news_while_all_is_well(parts: Parts, transcriber: Behind) -> None:
    for lag_ms in (0, 400, 1400, 0):
        transcriber.now = ("live", lag_ms)
        assert parts.news() == []
