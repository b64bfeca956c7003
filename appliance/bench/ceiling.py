"""What the speech models could do if nothing else took time: a tight loop, no hurry.

The recordings are cut into utterances by the real voice activity model and endpointer, and
their finals are decoded by the real engine in the batches that the real scheduler makes of
a full queue. What the live box falls short of this is partials, speculation that speech
took back, batches that were not full, and overhead.
"""

import time
from collections.abc import Iterator, Sequence

import anyio
import anyio.to_thread
import msgspec
import numpy as np
from msgspec import Struct

from appliance.audio.buffer import BYTES_PER_MS
from appliance.audio.resample import Resampler
from appliance.bench.reference import Errors, Turn, count_errors
from appliance.errors import ModelError
from appliance.messages import ROLES, Role, Transcript
from appliance.pipeline.parts import Models
from appliance.replay.recording import Recording
from appliance.settings import Settings
from appliance.transcriber.language import Languages
from appliance.transcriber.leg import LegTranscriber
from appliance.transcriber.port import Decoded, DecodeItem, DecodeJob, DecodeReply
from appliance.transcriber.scheduler import Request, Scheduler
from appliance.vad.detector import TURN_WINDOWS
from appliance.vad.endpointer import Endpointer
from appliance.vad.port import FRESH_STATE, WINDOW_BYTES, VadJob
from appliance.vad.silero import Silero, listen
from appliance.workers.pool import Pool
from appliance.workers.port import ask


class Ceiling(Struct, frozen=True, kw_only=True):
    call_s: float  # of recordings, both legs of each at once
    vad_s: float  # on one core
    engine_s: float  # with all processes of the engine
    passes: int
    items: int  # utterances decoded, second looks included
    wer: float  # percent
    errors: Errors

    @property
    def calls(self) -> float:
        """As many calls at once would keep the engine busy all the time."""
        return self.call_s / self.engine_s


class _Leg:
    def __init__(self, recording: Recording, role: Role, settings: Settings, floor: int):
        samples = recording.cut(role, 0, recording.length)
        resampler = Resampler(recording.rate)
        pcm = resampler.push(samples).tobytes() + resampler.flush().tobytes()
        self.pcm = pcm + bytes(-len(pcm) % WINDOW_BYTES)
        self.role = role
        self.said: list[Transcript] = []
        self.endpointer = Endpointer(settings.vad)
        self.core = LegTranscriber(
            role,
            vad=settings.vad,
            language=Languages(settings.speech).leg(""),
            floor_frames=floor,
            offset_ms=0,
        )

    def finals(self, probabilities: Sequence[float]) -> list[Request]:
        """The utterances that the endpointer makes of these windows."""
        events = [e for p in probabilities for e in self.endpointer.push(p)]
        events += self.endpointer.finish()
        asked = [a for event in events for a in self.core.on_event(event)]
        requests = [a for a in asked if isinstance(a, Request)]
        return [r for r in requests if r.purpose == "final" and not r.abandoned]

    def item(self, request: Request) -> DecodeItem:
        first, last = request.start_ms * BYTES_PER_MS, request.end_ms * BYTES_PER_MS
        language = self.core.language
        return DecodeItem(
            pcm=self.pcm[first:last], language=language.to_ask, fallback=language.fallback
        )


async def measure_ceiling(
    recordings: Sequence[tuple[Recording, Sequence[Turn]]],
    settings: Settings,
    models: Models,
) -> Ceiling:
    """Decode every utterance of these recordings once, with the processes of `models`,
    which are started for it. Raises ModelError if speech is off or cannot be started."""
    if models.speech is None:
        raise ModelError("Speech is switched off.", fix="Set [speech] enabled = true.")
    calls = [
        [_Leg(r, role, settings, models.floor_frames) for role in ROLES]
        for r, _ in recordings
    ]
    legs: dict[object, _Leg] = {leg.core: leg for call in calls for leg in call}
    began = time.perf_counter()
    heard = await anyio.to_thread.run_sync(_listen, [leg.pcm for leg in legs.values()])
    vad_s = time.perf_counter() - began
    loop = _Loop(legs, models.speech, settings, models.batch)
    for leg, probabilities in zip(legs.values(), heard, strict=True):
        for request in leg.finals(probabilities):
            loop.scheduler.add(request, 0.0)
    engine_s = await loop.run()
    errors = Errors()
    for call, (_, turns) in zip(calls, recordings, strict=True):
        for channel, leg in enumerate(call):
            said = sorted(leg.said, key=lambda t: t.start_ms)
            mine = [turn for turn in turns if turn.channel == channel]
            errors.add(count_errors(mine, " ".join(t.text for t in said)))
    return Ceiling(
        call_s=sum(r.duration_ms for r, _ in recordings) / 1000,
        vad_s=round(vad_s, 3),
        engine_s=round(engine_s, 3),
        passes=loop.passes,
        items=loop.items,
        wer=round(errors.rate, 2),
        errors=errors,
    )


class _Loop:
    """One batch after the other with each process, until the queue is empty."""

    def __init__(
        self, legs: dict[object, _Leg], pool: Pool, settings: Settings, batch: int
    ) -> None:
        self.legs = legs
        self.pool = pool
        self.passes = self.items = 0
        self.scheduler = Scheduler(
            max_batch=batch,
            base_partial_ms=settings.speech.partial_ms,
            lanes=pool.size,
        )

    async def run(self) -> float:
        """The seconds it took, without the start of the processes."""
        async with anyio.create_task_group() as processes:
            for worker in self.pool.workers:
                processes.start_soon(worker.run)
            for worker in self.pool.workers:
                await worker.settled()
                if worker.problem is not None:
                    raise ModelError(worker.problem, fix=worker.fix or "See the log.")
            began = time.perf_counter()
            async with anyio.create_task_group() as lanes:
                for _ in range(self.pool.size):
                    lanes.start_soon(self._lane)
            engine_s = time.perf_counter() - began
            processes.cancel_scope.cancel()
        return engine_s

    async def _lane(self) -> None:
        while batch := self.scheduler.next_batch():
            self.passes += 1
            self.items += len(batch)
            job = DecodeJob(
                items=[self.legs[request.leg].item(request) for request in batch],
                context_frames=batch[0].context_frames,
                careful=True,
            )
            answer = await ask(self.pool, msgspec.msgpack.encode(job))
            reply = msgspec.msgpack.decode(answer, type=DecodeReply)
            for request, decoded in zip(batch, reply.items, strict=True):
                self._take(request, decoded)
            self.scheduler.done(batch)

    def _take(self, request: Request, decoded: Decoded) -> None:
        leg = self.legs[request.leg]
        for action in leg.core.on_decoded(request, decoded):
            if isinstance(action, Request):
                self.scheduler.add(action, 0.0)
            elif action.is_final:
                leg.said.append(action)


def _listen(legs: Sequence[bytes]) -> list[list[float]]:
    """Speech probability of every window of every leg, in batches over all legs."""
    model = Silero()
    states = [FRESH_STATE] * len(legs)
    heard: list[list[float]] = [[] for _ in legs]
    for turn in _turns(legs):
        places = [place for place, pcm in enumerate(turn) if pcm]
        reply = listen(
            model,
            VadJob(
                counts=[len(turn[place]) // WINDOW_BYTES for place in places],
                pcm=b"".join(turn),
                states=b"".join(states[place] for place in places),
            ),
        )
        probabilities = np.frombuffer(reply.probabilities, np.float32).tolist()
        size = len(FRESH_STATE)
        for n, place in enumerate(places):
            count = len(turn[place]) // WINDOW_BYTES
            heard[place] += probabilities[:count]
            probabilities = probabilities[count:]
            states[place] = reply.states[n * size : (n + 1) * size]
    return heard


def _turns(legs: Sequence[bytes]) -> Iterator[list[bytes]]:
    """The windows of all legs, so many at a time; an empty piece for a leg that is over."""
    step = TURN_WINDOWS * WINDOW_BYTES
    for start in range(0, max(map(len, legs)), step):
        yield [pcm[start : start + step] for pcm in legs]
