"""Run the windows of all legs in shared batches, and hand each leg its probabilities.

Few legs are answered at once. Many share the cost of a pass: with more legs a batch waits
longer to fill, at most for the length of one window.
"""

from collections.abc import Callable

import anyio
import msgspec
import numpy as np

from appliance.errors import WorkerError
from appliance.vad.port import (
    FRESH_STATE,
    STATE_BYTES,
    WINDOW_BYTES,
    WINDOW_MS,
    VadJob,
    VadReply,
)
from appliance.workers.port import Port, ask

# Windows that one leg may put into one batch. Live legs have one or two; a leg that catches
# up after a restart has thousands, and must not keep the others waiting for long.
TURN_WINDOWS = 16

# A pass takes 0.2 ms for one window and 0.7 ms for 24, and each costs the server wake-ups
# besides. With 24 legs and no wait, passes of a window or two took 0.3 of a core.
FILL_S = 0.001  # for each leg
BEHIND_WINDOWS = 2  # a leg with more than this is catching up: do not wait


class DetectorLeg:
    """One leg's audio on its way through the detector; `skip` bounds it."""

    def __init__(self, on_probabilities: Callable[[list[float]], None]) -> None:
        self.on_probabilities = on_probabilities
        self.pending = bytearray()
        self.state = FRESH_STATE
        self.skips = 0  # a reply that was asked for before a skip is void
        self.closed = False
        self.heard_all = anyio.Event()  # set while no whole window is pending

    @property
    def windows(self) -> int:
        """Whole windows that are pending."""
        return len(self.pending) // WINDOW_BYTES

    @property
    def waiting(self) -> bool:
        return self.windows > 0


class Detector:
    def __init__(self, port: Port) -> None:
        self._port = port
        self._legs: set[DetectorLeg] = set()
        self._fed = anyio.Event()

    def open(self, on_probabilities: Callable[[list[float]], None]) -> DetectorLeg:
        leg = DetectorLeg(on_probabilities)
        self._legs.add(leg)
        return leg

    def close(self, leg: DetectorLeg) -> None:
        """Forget a leg; what is pending is not looked at any more."""
        leg.closed = True
        leg.heard_all.set()
        self._legs.discard(leg)

    def feed(self, leg: DetectorLeg, pcm: bytes) -> None:
        """Take s16le audio at 16 kHz in any pieces."""
        leg.pending += pcm
        if leg.waiting:
            self._fed.set()

    def skip(self, leg: DetectorLeg, windows: int) -> int:
        """Give up the oldest pending windows, as many as there are of `windows`; the leg is
        told that they were silent. Returns how many."""
        skipped = min(windows, leg.windows)
        del leg.pending[: skipped * WINDOW_BYTES]
        leg.state = FRESH_STATE
        leg.skips += 1
        leg.on_probabilities([0.0] * skipped)
        return skipped

    async def drain(self, leg: DetectorLeg) -> None:
        """Return once everything fed so far has been heard; the last window is filled up
        with silence."""
        missing = -len(leg.pending) % WINDOW_BYTES
        self.feed(leg, bytes(missing))
        while leg.waiting and not leg.closed:
            leg.heard_all = anyio.Event()
            await leg.heard_all.wait()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._fed.wait()
            self._fed = anyio.Event()
            while ready := [leg for leg in self._legs if leg.waiting]:
                due_s = anyio.current_time() + self._fill_s
                await self._batch(ready)
                if not any(leg.windows > BEHIND_WINDOWS for leg in ready):
                    await anyio.sleep_until(due_s)

    @property
    def _fill_s(self) -> float:
        return min(WINDOW_MS / 1000, FILL_S * len(self._legs))

    async def _batch(self, legs: list[DetectorLeg]) -> None:
        counts = [min(leg.windows, TURN_WINDOWS) for leg in legs]
        pieces = [
            bytes(leg.pending[: count * WINDOW_BYTES])
            for leg, count in zip(legs, counts, strict=True)
        ]
        job = VadJob(
            counts=counts, pcm=b"".join(pieces), states=b"".join(leg.state for leg in legs)
        )
        skips = [leg.skips for leg in legs]
        reply = await self._ask(msgspec.msgpack.encode(job))
        if reply is None:
            return  # the process died twice over it; the audio is still pending
        heard = np.frombuffer(reply.probabilities, np.float32).tolist()
        for place, (leg, count) in enumerate(zip(legs, counts, strict=True)):
            mine, heard = heard[:count], heard[count:]
            if leg.closed or leg.skips != skips[place]:
                continue
            leg.state = reply.states[place * STATE_BYTES : (place + 1) * STATE_BYTES]
            del leg.pending[: count * WINDOW_BYTES]
            leg.on_probabilities(mine)
            leg.heard_all.set()

    async def _ask(self, job: bytes) -> VadReply | None:
        try:
            return msgspec.msgpack.decode(await ask(self._port, job), type=VadReply)
        except WorkerError:
            return None
