"""Sends every caller's frames when they are due: one timer for all of them.

Deadlines are absolute, so that a late frame does not make the next one late. Times are
seconds of the event loop's clock.
"""

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.replay.pace import FRAME_MS

# Frames due within this time go out together: 200 people send 10,000 frames a second, and
# a wake-up for each costs as much as sending it.
TICK_S = 0.002

FRAME_S = FRAME_MS / 1000


@dataclass(order=True, slots=True)
class Beat:
    """One caller's next frame."""

    due_s: float
    frame: int = field(compare=False)
    play: Callable[[int], bool] = field(compare=False)  # False: that was the last


class Metronome:
    def __init__(self) -> None:
        self.worst_late_s = 0.0  # of any frame since the last `forget`
        self._beats: list[Beat] = []
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    def add(self, first_due_s: float, play: Callable[[int], bool]) -> None:
        """Call `play` with 0, 1, 2, ... every 20 ms until it returns False."""
        heapq.heappush(self._beats, Beat(first_due_s, 0, play))
        self._again(self._loop.time())

    def stop(self) -> None:
        """Nobody sends any more."""
        self._beats.clear()

    def forget(self) -> None:
        """What was late so far was warming up."""
        self.worst_late_s = 0.0

    def _again(self, now_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._beats:
            at_s = max(self._beats[0].due_s, now_s + TICK_S)
            self._timer = self._loop.call_at(at_s, self._tick)

    def _tick(self) -> None:
        self._timer = None
        now_s = self._loop.time()
        while self._beats and self._beats[0].due_s <= now_s:
            beat = self._beats[0]
            self.worst_late_s = max(self.worst_late_s, now_s - beat.due_s)
            goes_on = beat.play(beat.frame)
            if not self._beats:
                return  # stopped meanwhile
            if goes_on:
                beat = Beat(beat.due_s + FRAME_S, beat.frame + 1, beat.play)
                heapq.heapreplace(self._beats, beat)
            else:
                heapq.heappop(self._beats)
            now_s = self._loop.time()
        self._again(now_s)
