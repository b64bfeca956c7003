"""Hours of calls at half of what the box can carry: does the memory stay, does all go on?

    python -m tests.load.soak FOLDER [--minutes 240] [--calls 0]

FOLDER has recordings (CALL.flac). As many calls as half the capacity that the box tells go
on at once, each over and over, one recording after the other. For each tenth of the time:
memory of each process, finals and how late they were, restarts. It ends with status 1 if a
process was restarted, a call did not end in order, or a process has grown by more than a
tenth from the second to the last part; the first is warming up.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
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

PARTS = 10
SAMPLE_S = 5.0
GROWN = 1.1


@dataclass
class Part:
    """What was seen during one tenth of the time."""

    final_s: list[float] = field(default_factory=list)
    memory_mib: dict[str, float] = field(default_factory=dict)  # as it was last
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
        self.parts = [Part() for _ in range(PARTS)]
        self._begun_s = anyio.current_time()

    @property
    def part(self) -> Part:
        share = (anyio.current_time() - self._begun_s) / self.seconds
        return self.parts[min(PARTS - 1, int(share * PARTS))]

    @property
    def over(self) -> bool:
        return anyio.current_time() - self._begun_s >= self.seconds

    async def health(self) -> Health:
        told = await read_health(self.url, None, self.token)
        return msgspec.json.decode(told, type=Health)

    async def weigh(self) -> None:
        """And tell each part once it is over: what is cut short has told something."""
        told = 0
        while True:
            health = await self.health()
            part = self.part
            while self.parts[told] is not part:
                print(f"part {told + 1:2}  {self.parts[told]}", flush=True)
                told += 1
            part.restarts = sum(one.restarts for one in health.parts.values())
            part.memory_mib = await anyio.to_thread.run_sync(_memory_of, health)
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
            part = self.part
            part.ended += 1
            part.broken += not (outcome.ended and outcome.settled)

    def hear(self, told: Told) -> None:
        message = told.message
        if told.role == "agent" and isinstance(message, Transcript) and message.is_final:
            self.part.final_s.append((told.received_ms - message.end_ms) / 1000)


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
            own_server("--data-dir", data) as url,
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


def grown(parts: Sequence[Part]) -> list[str]:
    """Processes that have, from the second part to the last."""
    early, late = parts[1].memory_mib, parts[-1].memory_mib
    return [name for name, mib in late.items() if mib > GROWN * early.get(name, mib)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--calls", type=int, default=0, help="0: half the capacity")
    given = parser.parse_args()
    recordings = [read_recording(file) for file in sorted(given.folder.glob("*.flac"))]
    soak = anyio.run(measure, recordings, given.minutes, given.calls)
    print(f"part {PARTS:2}  {soak.parts[-1]}")
    larger = grown(soak.parts)
    restarts = max(part.restarts for part in soak.parts)
    broken = sum(part.broken for part in soak.parts)
    print(f"grown: {', '.join(larger) or 'none'}; restarts: {restarts}; broken: {broken}")
    sys.exit(bool(larger or restarts or broken))


if __name__ == "__main__":
    main()
