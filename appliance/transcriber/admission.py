"""Which calls are read: as many as the engine can write the finals of. No clock.

A further call is relayed and recorded all the same. It is read as soon as there is room,
and until then its screens say that it is not: words that come minutes late help nobody, and
would make every other call's late too.
"""

import math

# Share of the engine that finals may take. Above it a queue grows, whatever comes first.
FULL = 0.85

# Engine time for the finals of one second of one call, in ms of one process, until enough
# was measured: whisper-base took 37 s for 370 s of real calls (int8, one thread).
GUESS_MS = 100.0
GUESS_S = 120.0  # seconds of calls that the guess counts for
MEMORY_S = 1200.0  # what was measured longer ago counts half and less


class Admission:
    def __init__(self, lanes: int, limit: int = 0) -> None:
        """`lanes` processes read at the same time; a `limit` replaces what is measured."""
        self._lanes = lanes
        self._limit = limit
        self._reading: set[str] = set()
        self._waiting: dict[str, None] = {}  # in the order they came
        self._engine_ms = 0.0
        self._call_s = 0.0
        self._counted_s: float | None = None

    @property
    def capacity(self) -> int:
        """Calls that can be read at once, by what they have cost so far; at least one."""
        if self._limit:
            return self._limit
        cost_ms = (GUESS_MS * GUESS_S + self._engine_ms) / (GUESS_S + self._call_s)
        return max(1, math.floor(FULL * 1000 * self._lanes / cost_ms))

    @property
    def reading(self) -> int:
        """Calls that are read now."""
        return len(self._reading)

    @property
    def waiting(self) -> int:
        """Calls that wait for room."""
        return len(self._waiting)

    def took(self, engine_ms: float) -> None:
        """A pass for finals took this long."""
        self._engine_ms += engine_ms

    def enter(self, call_id: str, now_s: float) -> bool:
        """A call begins to speak: True if it is read, False if it waits for room."""
        self._count(now_s)
        if len(self._reading) < self.capacity:
            self._reading.add(call_id)
            return True
        self._waiting[call_id] = None
        return False

    def leave(self, call_id: str, now_s: float) -> None:
        """A call has ended; unknown ones are no error."""
        self._count(now_s)
        self._reading.discard(call_id)
        self._waiting.pop(call_id, None)

    def next(self, now_s: float) -> str | None:
        """The call that has waited longest, if there is room: it is read from now on."""
        self._count(now_s)
        if not self._waiting or len(self._reading) >= self.capacity:
            return None
        call_id = next(iter(self._waiting))
        del self._waiting[call_id]
        self._reading.add(call_id)
        return call_id

    def _count(self, now_s: float) -> None:
        since_s = 0.0 if self._counted_s is None else now_s - self._counted_s
        self._counted_s = now_s
        self._call_s += since_s * len(self._reading)
        if self._call_s > MEMORY_S:
            self._call_s /= 2
            self._engine_ms /= 2
