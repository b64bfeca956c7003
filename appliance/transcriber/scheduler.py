"""What the speech engine does next. No clock, no model: times are passed in, in ms.

Finals come first, in the order the speakers finished; then speculative finals; then one
partial for each leg in turn. A batch shares one encoder context, because every item of a
batch costs what the longest one costs.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from appliance.transcriber.port import Purpose

# Encoder contexts in mel frames of 10 ms. Few, so that batches find company. None may be
# 160 or 256 long: the library takes such an encoding for raw features (SPEECH.md 4.1).
BUCKETS = (1000, 1250, 1500, 2000, 2500, 3000)

# Where the second look at a doubtful final is taken. Of five real calls, with no second
# look 14.0 % WER, with 1500 frames 11.8, with 2000 10.3, with the full 3000 10.7 at three
# times the engine time, which every other final waits for.
SECOND_LOOK = 2000

# Silence that Whisper needs after the speech, or it runs away (74 % WER without).
TRAIL_FRAMES = 128

# Partials may take what finals leave of this share of the engine: above it finals wait for
# each other. With few calls half is enough, and the language model has the rest.
WORK_SHARE = 0.85
PARTIAL_SHARE = 0.5
LEAST_SHARE = 0.05
MEMORY_MS = 15_000.0  # how far back the finals' share is remembered

# Finals that wait longer than this mean that there is more speech than the engine can
# read: first partials, speculative finals and second looks stop, then advice.
LAG_DEGRADED_MS = 1500
LAG_OVERLOADED_MS = 4000
LAG_LIVE_MS = 500  # back to normal

Load: TypeAlias = Literal["live", "degraded", "overloaded"]

RANK: dict[Purpose, int] = {"final": 0, "speculative": 1, "partial": 2}


def context_for(audio_ms: int, floor_frames: int) -> int:
    """The smallest bucket that holds the audio and the silence after it."""
    need = max(audio_ms // 10 + TRAIL_FRAMES, floor_frames)
    return next((bucket for bucket in BUCKETS if bucket >= need), BUCKETS[-1])


@dataclass(eq=False, slots=True)
class Request:
    """One piece of one leg to decode. `end_ms` of a waiting partial moves on as the person
    speaks; `purpose` of a speculative one turns to final when the person has stopped."""

    leg: object
    utterance: str
    purpose: Purpose
    start_ms: int  # leg time
    end_ms: int
    context_frames: int
    queued_ms: float = 0.0
    taken: bool = False
    abandoned: bool = False  # overtaken by what was said since; not worth a pass
    second: bool = False  # a second look, with more context
    failures: int = 0

    @property
    def waits(self) -> bool:
        """True while it is in the queue and wanted."""
        return not self.taken and not self.abandoned

    @property
    def careful(self) -> bool:
        return self.purpose != "partial"


@dataclass(slots=True)
class Scheduler:
    max_batch: int
    base_partial_ms: int  # new speech between two partials at no load
    lanes: int = 1  # batches that can be with the engine at a time
    load: Load = "live"
    _running: list[list[Request]] = field(default_factory=list)
    _careful: list[Request] = field(default_factory=list)  # finals and speculative ones
    _partials: dict[object, Request] = field(default_factory=dict)  # one for each leg
    _careful_ms: float = 0.0  # of the whole engine for finals; older time counts less
    _careful_at_ms: float = 0.0
    _partial_cost_ms: float = 0.0  # of the whole engine for one partial, smoothed

    def add(self, request: Request, now_ms: float) -> None:
        """Queue a request. A newer partial of the same leg takes the older one's turn.

        The queue of finals has no bound of its own: each leg adds one for each utterance,
        and the audio behind them is bounded by the legs' buffers.
        """
        request.queued_ms = now_ms
        request.taken = False
        if request.careful:
            self._careful.append(request)
        else:
            waiting = self._partials.get(request.leg)
            if waiting is not None:
                request.queued_ms = waiting.queued_ms
            self._partials[request.leg] = request

    def drop(self, request: Request) -> None:
        """Forget a request that nobody waits for any more."""
        if request in self._careful:
            self._careful.remove(request)
        elif self._partials.get(request.leg) is request:
            del self._partials[request.leg]

    def next_batch(self) -> list[Request]:
        """The next batch, taken off the queue; empty if there is nothing to do. Give it
        back to `done` when it is decoded, or given up.

        A request that has failed in company is tried alone, so that it fails alone.
        """
        self._forget_abandoned()
        queue = self._in_order()
        if not queue:
            return []
        head = queue[0]
        batch = [head]
        if not head.failures:
            company = [r for r in queue[1:] if _fits(r, head)]
            batch += company[: self._share(1 + len(company)) - 1]
        for request in batch:
            request.taken = True
            self.drop(request)
        self._running.append(batch)
        return batch

    def done(self, batch: list[Request]) -> None:
        """The engine has let go of a batch."""
        self._running.remove(batch)

    def _share(self, waiting: int) -> int:
        """How many of so many fit into one batch: a batch is as late as all its items, so
        it is no larger than it must be while other lanes are idle."""
        idle = max(1, self.lanes - len(self._running))
        return min(self.max_batch, -(-waiting // idle))

    def _forget_abandoned(self) -> None:
        if self.load != "live":
            self._partials.clear()
        self._careful = [r for r in self._careful if not r.abandoned]
        for leg in [leg for leg, r in self._partials.items() if r.abandoned]:
            del self._partials[leg]

    def _in_order(self) -> list[Request]:
        careful = [r for r in self._careful if self.load == "live" or r.purpose == "final"]
        if careful:
            return sorted(careful, key=lambda r: (RANK[r.purpose], r.queued_ms))
        # A final that comes now must not find every lane busy with partials.
        partial_lanes = sum(not batch[0].careful for batch in self._running)
        if partial_lanes >= max(1, self.lanes - 1):
            return []
        return sorted(self._partials.values(), key=lambda r: r.queued_ms)

    def took(self, batch: Sequence[Request], engine_ms: float, now_ms: float) -> None:
        """Learn what a batch cost."""
        engine_ms /= self.lanes
        if batch[0].careful:
            self._careful_ms = self._careful_until(now_ms) + engine_ms
            self._careful_at_ms = now_ms
        else:
            cost_ms = engine_ms / len(batch)
            self._partial_cost_ms += (cost_ms - self._partial_cost_ms) * 0.2

    def _careful_until(self, now_ms: float) -> float:
        return self._careful_ms * math.exp((self._careful_at_ms - now_ms) / MEMORY_MS)

    def partial_interval_ms(self, speaking: int, now_ms: float) -> float:
        """New speech a leg must have before its next partial, with so many speaking."""
        left = WORK_SHARE - self._careful_until(now_ms) / MEMORY_MS
        share = min(PARTIAL_SHARE, max(LEAST_SHARE, left))
        return max(self.base_partial_ms, self._partial_cost_ms * speaking / share)

    def lag_ms(self, now_ms: float) -> float:
        """Age of the oldest final that still waits."""
        waiting = [r.queued_ms for r in self._careful if r.purpose == "final"]
        return now_ms - min(waiting) if waiting else 0.0

    def update_load(self, now_ms: float) -> bool:
        """Follow the lag; True if the load is another one now."""
        lag_ms = self.lag_ms(now_ms)
        load: Load = self.load
        if lag_ms > LAG_OVERLOADED_MS:
            load = "overloaded"
        elif lag_ms > LAG_DEGRADED_MS:
            load = "degraded" if load == "live" else load
        elif lag_ms <= LAG_LIVE_MS:
            load = "live"
        changed = load != self.load
        self.load = load
        return changed


def _fits(request: Request, head: Request) -> bool:
    return (
        request.careful == head.careful
        and request.context_frames == head.context_frames
        and not request.failures
    )
