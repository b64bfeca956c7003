"""Many calls against the real stage, with a made-up clock and a made-up engine.

Nothing sleeps: time jumps to the next thing that happens, so that an hour of a hundred
calls takes seconds, and the same seed gives the same run.
"""

import heapq
import random
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import anyio
import msgspec

from appliance.messages import Ended, Paused, Resumed, SpeechEvent, Started, Transcript
from appliance.settings import SpeechSettings, VadSettings
from appliance.transcriber.language import LegLanguage
from appliance.transcriber.leg import LegTranscriber
from appliance.transcriber.port import Decoded, DecodeJob, DecodeReply
from appliance.transcriber.scheduler import Load
from appliance.transcriber.stage import Leg, Transcriber

VAD = VadSettings()
HEARD_MS = 96  # a speaking leg is heard of this often

EngineCost = Callable[[DecodeJob], float]  # ms of one pass


class Moment(NamedTuple):
    """What the endpointer tells of one leg at one time."""

    at_ms: int
    leg: int
    events: tuple[SpeechEvent, ...]
    voiced: bool


def conversation(seed: int, legs: tuple[int, int], until_ms: int) -> Iterator[Moment]:
    """Two people who take turns: three quarters of the time somebody speaks, in phrases
    of half a second to three, with breaths that are and are not the end of a turn."""
    dice = random.Random(seed)
    at = dice.randint(0, 4000)
    turn = 0
    while at < until_ms:
        leg = legs[turn % 2]
        yield Moment(at, leg, (Started(at),), True)
        for _ in range(dice.choice((1, 1, 1, 2, 2, 3))):
            end = at + dice.randint(500, 3000)
            for voiced_at in range(at + HEARD_MS, end, HEARD_MS):
                yield Moment(voiced_at, leg, (), True)
            paused = Moment(end + VAD.speculate_ms, leg, (Paused(end),), False)
            at = end + dice.randint(VAD.speculate_ms + 32, VAD.hangover_ms - 32)
            yield paused
            yield Moment(at, leg, (Resumed(),), True)
        end = at + dice.randint(300, 2500)
        yield Moment(end + VAD.speculate_ms, leg, (Paused(end),), False)
        yield Moment(end + VAD.hangover_ms, leg, (Ended(end),), False)
        at = end + VAD.hangover_ms + dice.randint(64, 1500)
        turn += 1


class Pass(NamedTuple):
    """One batch at the engine."""

    done_ms: float
    number: int  # settles which is first of two that end at once
    answer: anyio.Event


@dataclass
class Figures:
    """Pooled over the calls."""

    ended: int = 0
    final_ms: list[float] = field(default_factory=list)  # after the end of the speech
    failed: int = 0
    partials: int = 0
    last_partial_ms: float = 0.0
    careful_items: int = 0  # decoded for finals
    busy_ms: float = 0.0
    states: list[tuple[float, Load]] = field(default_factory=list)


class Simulation:
    def __init__(self, cost: EngineCost, *, lanes: int = 2, logprob: float = -0.1) -> None:
        """`cost` of a pass in ms; every reading has the same `logprob`."""
        self.now_ms = 0.0
        self.figures = Figures()
        self._cost = cost
        self._logprob = logprob
        self._lanes = lanes
        self._count = 0
        self._passes: list[Pass] = []  # a heap
        self._legs: list[Leg] = []
        self.transcriber = Transcriber(
            self._engine,
            SpeechSettings(),
            lambda load: self.figures.states.append((self.now_ms, load)),
            lanes=lanes,
            clock_s=lambda: self.now_ms / 1000,
        )

    async def run(self, calls: int, seconds: int, seed: int = 1) -> Figures:
        """Let so many calls talk for so long, and then all that waits be settled."""
        for _ in range(2 * calls):
            self._legs.append(self._leg())
            self.transcriber.open(self._legs[-1])
        talks = [
            conversation(seed * 1000 + n, (2 * n, 2 * n + 1), seconds * 1000)
            for n in range(calls)
        ]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.transcriber.run)
            await self._let_it_work()
            for moment in heapq.merge(*talks, key=lambda moment: moment.at_ms):
                await self._engine_until(moment.at_ms)
                self._tell(moment)
                if len(self._passes) < self._lanes:
                    await self._let_it_work()
            await self._engine_until(float("inf"))
            tasks.cancel_scope.cancel()
        return self.figures

    def _tell(self, moment: Moment) -> None:
        self.now_ms = max(self.now_ms, moment.at_ms)
        self.figures.ended += any(isinstance(event, Ended) for event in moment.events)
        leg = self._legs[moment.leg]
        self.transcriber.heard(leg, moment.events, moment.at_ms, voiced=moment.voiced)

    async def _engine_until(self, at_ms: float) -> None:
        while self._passes and self._passes[0].done_ms <= at_ms:
            finished = heapq.heappop(self._passes)
            self.now_ms = finished.done_ms
            finished.answer.set()
            await self._let_it_work()

    async def _let_it_work(self) -> None:
        """Each lane either asks the engine or has nothing to do after this."""
        for _ in range(8):
            await anyio.lowlevel.checkpoint()

    async def _engine(self, job: bytes) -> AsyncGenerator[bytes, None]:
        asked = msgspec.msgpack.decode(job, type=DecodeJob)
        took_ms = self._cost(asked)
        self.figures.busy_ms += took_ms
        self.figures.careful_items += len(asked.items) * asked.careful
        answer = anyio.Event()
        self._count += 1
        heapq.heappush(self._passes, Pass(self.now_ms + took_ms, self._count, answer))
        await answer.wait()
        said = Decoded(
            text=f"word {self.now_ms:.0f}",
            words=(),
            language="en",
            language_probability=1.0,
            avg_logprob=self._logprob,
            no_speech=0.0,
            capped=False,
        )
        yield msgspec.msgpack.encode(DecodeReply(items=[said] * len(asked.items)))

    def _leg(self) -> Leg:
        core = LegTranscriber(
            "customer", vad=VAD, language=LegLanguage("en"), floor_frames=1250, offset_ms=0
        )
        return Leg(core, lambda _from, _to: b"", self._told, lambda: None)

    def _told(self, transcript: Transcript) -> None:
        if not transcript.is_final:
            self.figures.partials += 1
            self.figures.last_partial_ms = self.now_ms
            return
        self.figures.final_ms.append(self.now_ms - transcript.end_ms)
        self.figures.failed += transcript.failed
