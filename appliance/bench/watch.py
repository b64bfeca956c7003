"""What a running server costs: processor time, memory, and what it says of itself."""

import os
import ssl
from typing import NamedTuple

import anyio
import anyio.to_thread
import msgspec
import psutil
from msgspec import Struct, field

from appliance.replay.api import read_health
from appliance.server.health import Health
from appliance.server.loop import BUCKETS

# Often enough for a peak of memory and a share of time, rare enough to cost nothing.
SAMPLE_S = 1.0
MIB = 1 << 20


class Cost(Struct):
    """What was used within the window that was measured."""

    window_s: float = 0.0
    cpu_s: dict[str, float] = field(default_factory=dict)  # by process
    peak_mib: dict[str, float] = field(default_factory=dict)  # resident, by process
    generator_cpu_s: float = 0.0
    other_cpu_s: float = 0.0  # of anything else on the machine
    samples: int = 0
    degraded: int = 0  # of the samples: partials had stopped, or speech was paused
    engine_busy_s: float = 0.0  # mean of its processes
    passes: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    loop_counts: list[int] = field(default_factory=lambda: [0] * BUCKETS)

    def add(self, other: "Cost") -> None:
        """Pool with another window."""
        self.window_s += other.window_s
        self.generator_cpu_s += other.generator_cpu_s
        self.other_cpu_s += other.other_cpu_s
        self.samples += other.samples
        self.degraded += other.degraded
        self.engine_busy_s += other.engine_busy_s
        for name, value in other.cpu_s.items():
            self.cpu_s[name] = self.cpu_s.get(name, 0.0) + value
        for name, value in other.peak_mib.items():
            self.peak_mib[name] = max(self.peak_mib.get(name, 0.0), value)
        for mine, theirs in ((self.passes, other.passes), (self.items, other.items)):
            for kind, count in theirs.items():
                mine[kind] = mine.get(kind, 0) + count
        both = zip(self.loop_counts, other.loop_counts, strict=True)
        self.loop_counts = [a + b for a, b in both]


class Used(NamedTuple):
    """CPU s since each process, and the machine, was started."""

    cpu_s: dict[str, float]
    own_s: float  # of this process
    machine_s: float


class Watch:
    """Follow the processes of the server at `url` for a while."""

    def __init__(
        self, url: str, trust: ssl.SSLContext | None = None, token: str = ""
    ) -> None:
        """`token` may read figures."""
        self.url = url
        self.token = token
        self.trust = trust
        self.cost = Cost()
        self.resident_mib: dict[str, list[float]] = {}  # by process, one a second
        self.processes: dict[str, psutil.Process] = {}

    async def run(self, from_s: float, to_s: float) -> None:
        """Measure from one moment of the event loop's clock to another."""
        await anyio.sleep_until(from_s)
        before = await self._health()
        # In threads: psutil reads files, and the callers' frames are due meanwhile.
        self.processes = await anyio.to_thread.run_sync(_processes_of, before)
        used = await anyio.to_thread.run_sync(self._used)
        began_s = anyio.current_time()
        while anyio.current_time() < to_s - SAMPLE_S:
            await anyio.sleep(SAMPLE_S)
            health = await self._health()
            self.cost.samples += 1
            self.cost.degraded += health.speech in ("degraded", "paused")
            await anyio.to_thread.run_sync(self._weigh)
        await anyio.sleep_until(to_s)
        after = await self._health()
        self.cost.window_s = anyio.current_time() - began_s
        self._charge(used, await anyio.to_thread.run_sync(self._used))
        self._count(before, after)

    async def _health(self) -> Health:
        told = await read_health(self.url, self.trust, self.token)
        return msgspec.json.decode(told, type=Health)

    def _weigh(self) -> None:
        for name, process in self.processes.items():
            mib = process.memory_info().rss / MIB
            self.resident_mib.setdefault(name, []).append(mib)
            self.cost.peak_mib[name] = max(self.cost.peak_mib.get(name, 0.0), mib)

    def _used(self) -> Used:
        cpu_s = {}
        for name, process in self.processes.items():
            times = process.cpu_times()
            cpu_s[name] = times.user + times.system
        own, machine = os.times(), psutil.cpu_times()
        idle = machine.idle + getattr(machine, "iowait", 0.0)
        return Used(cpu_s, own.user + own.system, float(sum(machine) - idle))

    def _charge(self, before: Used, after: Used) -> None:
        cost = self.cost
        cost.cpu_s = {name: s - before.cpu_s[name] for name, s in after.cpu_s.items()}
        cost.generator_cpu_s = after.own_s - before.own_s
        ours_s = sum(cost.cpu_s.values()) + cost.generator_cpu_s
        cost.other_cpu_s = max(0.0, after.machine_s - before.machine_s - ours_s)

    def _count(self, before: Health, after: Health) -> None:
        cost = self.cost
        both = zip(after.loop.counts, before.loop.counts, strict=True)
        cost.loop_counts = [a - b for a, b in both]
        if after.engine is not None and before.engine is not None:
            lanes_s = after.engine.busy_s - before.engine.busy_s
            cost.engine_busy_s = lanes_s / after.engine.lanes
            cost.passes = _grown(after.engine.passes, before.engine.passes)
            cost.items = _grown(after.engine.items, before.engine.items)


def _processes_of(health: Health) -> dict[str, psutil.Process]:
    pids = {"server": health.pid} | {
        name: part.pid for name, part in health.parts.items() if part.pid is not None
    }
    return {name: psutil.Process(pid) for name, pid in pids.items()}


def _grown(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {kind: count - before.get(kind, 0) for kind, count in after.items()}
