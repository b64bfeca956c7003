"""Hours of calls at half of what the box can carry: does the memory stay, does all go on?

    python -m tests.load.soak FOLDER [--minutes 240] [--calls 0]

FOLDER has recordings (CALL.flac). As many calls as half the capacity that the box tells go
on at once, each over and over, one recording after the other, all of them recorded and
advised on as at a site. For each minute: memory of each process (resident), finals and how
late they were, restarts. At the end, for each process, by how much it grows over the later
half of the time, with 95 % confidence, and whether that is `flat`, `grows` or, where the
time was too short to tell, `not sure`. It ends with status 1 if a process was restarted or
grows, or a call did not end in order.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec
import psutil

from appliance.access.lent import lent_token
from appliance.bench.level import percentile
from appliance.bench.watch import MIB
from appliance.messages import Transcript
from appliance.replay.api import read_health
from appliance.replay.client import Plan, Told, play
from appliance.replay.own_server import own_server
from appliance.replay.recording import Recording, read_recording
from appliance.server.health import Health
from tests.load.growth import MINUTE_S, Sample, by_minute, later_half, slope_of

SAMPLE_S = 5.0
RECORDED = {"APPLIANCE_RECORDING_ENABLED": "always"}


@dataclass
class Minute:
    """What was seen during it."""

    final_s: list[float] = field(default_factory=list)
    memory_mib: Mapping[str, float] = field(default_factory=dict)  # as it was last
    restarts: int = 0  # until then
    ended: int = 0  # calls
    broken: int = 0

    def __str__(self) -> str:
        memory = "  ".join(f"{name} {mib:.0f}" for name, mib in self.memory_mib.items())
        return (
            f"calls {self.ended:3}, broken {self.broken}  finals {len(self.final_s):4}  "
            f"p50 {percentile(self.final_s, 50):5.2f} s  "
            f"p95 {percentile(self.final_s, 95):5.2f} s  restarts {self.restarts}  "
            f"MiB: {memory}"
        )


class Soak:
    def __init__(self, url: str, token: str, minutes: float) -> None:
        self.url = url
        self.token = token
        self.seconds = minutes * 60
        self.minutes = [Minute()]
        self.sizes: dict[str, list[Sample]] = {}  # by process
        self._begun_s = anyio.current_time()

    @property
    def passed_s(self) -> float:
        return anyio.current_time() - self._begun_s

    @property
    def minute(self) -> Minute:
        return self.minutes[-1]

    @property
    def over(self) -> bool:
        return self.passed_s >= self.seconds

    async def health(self) -> Health:
        told = await read_health(self.url, None, self.token)
        return msgspec.json.decode(told, type=Health)

    async def weigh(self) -> None:
        """And tell each minute once it is over: what is cut short has told something."""
        while True:
            health = await self.health()
            memory = await anyio.to_thread.run_sync(_memory_of, health)
            for name, mib in memory.items():
                self.sizes.setdefault(name, []).append(Sample(self.passed_s, mib))
            self.minute.restarts = sum(one.restarts for one in health.parts.values())
            self.minute.memory_mib = memory
            if self.passed_s >= len(self.minutes) * MINUTE_S:
                print(f"minute {len(self.minutes):3}  {self.minute}", flush=True)
                self.minutes.append(Minute())
            await anyio.sleep(SAMPLE_S)

    async def talk(self, first: int, recordings: Sequence[Recording]) -> None:
        """One call after the other, until the time is over; the last one is finished."""
        plan = Plan(keep=False)
        for number in count(first):
            if self.over:
                return
            recording = recordings[number % len(recordings)]
            outcome = await play(
                self.url, recording, plan, on_message=self.hear, token=self.token
            )
            self.minute.ended += 1
            self.minute.broken += not (outcome.ended and outcome.settled)

    def hear(self, told: Told) -> None:
        message = told.message
        if told.role == "agent" and isinstance(message, Transcript) and message.is_final:
            self.minute.final_s.append((told.received_ms - message.end_ms) / 1000)


def _memory_of(health: Health) -> dict[str, float]:
    pids = {"server": health.pid}
    pids |= {name: part.pid for name, part in health.parts.items() if part.pid}
    found = {}
    for name, pid in pids.items():
        try:
            found[name] = psutil.Process(pid).memory_info().rss / MIB
        except psutil.NoSuchProcess:
            continue  # it has just ended: the restarts tell
    return found


async def measure(recordings: Sequence[Recording], minutes: float, calls: int) -> Soak:
    with tempfile.TemporaryDirectory() as data:
        async with (
            own_server("--data-dir", data, environ=RECORDED) as url,
            lent_token(Path(data)) as token,
            anyio.create_task_group() as work,
        ):
            soak = Soak(url, token, minutes)
            reading = (await soak.health()).reading
            chosen = calls or max(1, (reading.capacity if reading else 2) // 2)
            print(f"{chosen} calls at once, of {reading and reading.capacity}", flush=True)
            work.start_soon(soak.weigh)
            async with anyio.create_task_group() as callers:
                for number in range(chosen):
                    callers.start_soon(soak.talk, number, recordings)
            work.cancel_scope.cancel()
    return soak


def tell_growth(sizes: Mapping[str, Sequence[Sample]]) -> list[str]:
    """Print a line for each process; the names of those that grow."""
    grows = []
    for name, samples in sizes.items():
        kept = later_half(by_minute(samples))
        slope = slope_of(kept)
        first, last = samples[0].mib, samples[-1].mib
        verdict = slope.verdict if slope else "not sure"
        if verdict == "grows":
            grows.append(name)
        print(
            f"{name:10} {first:6.0f} -> {last:6.0f} MiB; later half, {len(kept)} minutes: "
            f"{slope or 'too few to tell'}: {verdict}"
        )
    return grows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--calls", type=int, default=0, help="0: half the capacity")
    given = parser.parse_args()
    recordings = [read_recording(file) for file in sorted(given.folder.glob("*.flac"))]
    soak = anyio.run(measure, recordings, given.minutes, given.calls)
    print(f"minute {len(soak.minutes):3}  {soak.minute}")
    grows = tell_growth(soak.sizes)
    restarts = max(minute.restarts for minute in soak.minutes)
    broken = sum(minute.broken for minute in soak.minutes)
    print(f"grows: {', '.join(grows) or 'none'}; restarts: {restarts}; broken: {broken}")
    sys.exit(bool(grows or restarts or broken))


if __name__ == "__main__":
    main()
