"""How late the event loop is: what every frame and every word waits for, at worst."""

import math
import time

import anyio

TICK_S = 0.05

# Each bucket of the histogram is this much wider than the one before, so that a percentile
# is right to 10 % over five decades, in 60 numbers.
FIRST_MS = 0.1
STEP = 1.2
BUCKETS = 60


class LoopProbe:
    """Measures how late a timer of 50 ms fires, all the time: 20 wake-ups a second, which
    cost 0.1 % of a core."""

    def __init__(self) -> None:
        self.counts = [0] * BUCKETS  # since the start
        self.total_ms = 0.0  # of all lateness

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            due = time.monotonic() + TICK_S
            await anyio.sleep(TICK_S)
            self.late((time.monotonic() - due) * 1000)

    def late(self, late_ms: float) -> None:
        self.total_ms += max(0.0, late_ms)
        place = math.log(max(late_ms, FIRST_MS) / FIRST_MS, STEP)
        self.counts[min(math.ceil(place), BUCKETS - 1)] += 1


def late_ms(counts: list[int], share: float) -> float:
    """The lateness that this share (0..1) of the counted timers did not exceed, in ms:
    the upper edge of its bucket; 0 if nothing was counted."""
    wanted, seen = share * sum(counts), 0
    for place, count in enumerate(counts):
        seen += count
        if count and seen >= wanted:
            return FIRST_MS * STEP**place
    return 0.0
