"""Nonsense at a live server while two calls go on.

    python -m tests.load.fuzz [--minutes 10] [--seed N]

Requests, handshakes, messages and frames that are right, nearly right and broken
(`tests.load.nonsense`), from a dozen addresses at once. It fails if any answer is a fault
(5xx, but for 503 that says when to come again), if the log shows a traceback, if the
server's memory grows on and on, or if the two calls lose a frame, a line or a socket.

Schemathesis is not used: it works from an OpenAPI schema, which nothing here needs but it,
and knows neither sockets nor requests that are broken below HTTP.
"""

import argparse
import re
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import psutil

from tests.faults.process import NO_MODELS, Serving, serving
from tests.load.bystanders import Fate, bystanders
from tests.load.hostile import (
    Peer,
    ask,
    dial,
    guest_of,
    join,
    kinds_of_faults,
    known_as,
    request,
    start,
)
from tests.load.nonsense import Nonsense

REQUESTERS, TALKERS = 8, 6
MESSAGES = 60  # at most, in one socket
SHORT_S = 0.3  # for an answer; half a request has none
LOOK_S = 10.0
MIB = 1 << 20

# Below HTTP a connection is attacked alike with TLS and without; without it can be told
# what came back.
PLAIN = {**NO_MODELS, "APPLIANCE_TLS_ENABLED": "false"}

# Caches and buffers of the first minutes are no leak; DuckDB's own limit is the largest.
WARM = 0.4  # of the time
MOST_GROWTH_MIB = 64

STATUS = re.compile(rb"HTTP/1\.1 (\d\d\d) ")


@dataclass
class Findings:
    statuses: Counter[int] = field(default_factory=Counter)
    sockets: int = 0
    frames: int = 0
    bad: list[tuple[bytes, bytes]] = field(default_factory=list)  # sent, answered

    def answered(self, sent: bytes, got: bytes) -> None:
        """Look at whatever came back for what was sent."""
        for status in map(int, STATUS.findall(got)):
            self.statuses[status] += 1
            if status >= 500 and not (status == 503 and b"\r\nretry-after: " in got):
                self.bad.append((sent, got[:2000]))


class Fuzzer:
    def __init__(
        self, url: str, seed: int, person: Mapping[str, str], program: Mapping[str, str]
    ) -> None:
        """Strangers send nonsense, and so do somebody who has signed in as `person` and a
        `program` that has a token; these are their headers."""
        self.url = url
        self.attackers: Sequence[Mapping[str, str]] = ({}, person, program)
        self.program = program
        self.seed = seed
        self.findings = Findings()
        # Of calls that are this fuzzer's own: others' go on unharmed.
        self.ids: deque[str] = deque(["nothing"], maxlen=50)

    async def run(self, rounds: int = sys.maxsize) -> None:
        """So many rounds of each worker, or until cancelled."""
        async with anyio.create_task_group() as workers:
            for n in range(REQUESTERS):
                workers.start_soon(self._requests, n, rounds)
            for n in range(REQUESTERS, REQUESTERS + TALKERS):
                workers.start_soon(self._sockets, n, rounds)

    def _nonsense(self, worker: int) -> Nonsense:
        return Nonsense(self.seed * 1000 + worker)

    async def _requests(self, worker: int, rounds: int) -> None:
        nonsense, source = self._nonsense(worker), f"127.0.1.{worker + 1}"
        for n in range(rounds):
            nonsense.ids = list(self.ids)
            random = nonsense.random
            with known_as(self.attackers[n % len(self.attackers)]):
                if random.random() < 0.2:
                    sent = nonsense.upgrade()
                else:
                    count = random.choice([1, 1, 3])
                    sent = b"".join(nonsense.request() for _ in range(count))
            with suppress(OSError):
                peer = await dial(self.url, source)
                await peer.send(sent)
                self.findings.answered(sent, await peer.answer(SHORT_S))
                peer.close()

    async def _sockets(self, worker: int, rounds: int) -> None:
        """An odd one sits at the agent's side, as a program, an even one is a stranger."""
        with known_as(self.program if worker % 2 else {}):
            await self._calls(worker, rounds)

    async def _calls(self, worker: int, rounds: int) -> None:
        nonsense, source = self._nonsense(worker), f"127.0.1.{worker + 1}"
        for _ in range(rounds):
            call_id = await start(self.url, "agent" if worker % 2 else "customer", source)
            if not call_id:
                await anyio.sleep(0.5)
                continue
            self.ids.append(call_id)
            nonsense.ids = list(self.ids)
            codec = nonsense.random.choice(["pcm_s16le", "webm_opus", "mulaw"])
            rate = 48_000 if codec == "webm_opus" else 8000
            with suppress(OSError):
                peer = await join(
                    self.url,
                    call_id,
                    "agent" if worker % 2 else "customer",
                    source,
                    codec=codec,
                    rate=rate,
                )
                if peer is not None:
                    self.findings.sockets += 1
                    await self._talk(peer, nonsense)
            ended = request("POST", f"/api/calls/end/{call_id}", **guest_of(call_id))
            _, got, _ = await ask(self.url, ended, source)
            self.findings.answered(ended, got)

    async def _talk(self, peer: Peer, nonsense: Nonsense) -> None:
        async with anyio.create_task_group() as both:
            both.start_soon(peer.answer, 30.0)
            for _ in range(nonsense.random.randrange(1, MESSAGES)):
                if not await peer.send(nonsense.message()):
                    break
                self.findings.frames += 1
                await anyio.sleep(nonsense.random.choice([0, 0, 0.01]))
            await anyio.sleep(0.05)
            peer.close()
            both.cancel_scope.cancel()


class Memory:
    """Of the server, and whether it goes on growing."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.mib: list[float] = []

    def look(self) -> float:
        self.mib.append(self._process.memory_info().rss / MIB)
        return self.mib[-1]

    @property
    def growth_mib(self) -> float:
        """From the middle of the time, as it was at most, to the end."""
        warm = max(1, int(len(self.mib) * WARM))
        return self.mib[-1] - max(self.mib[:warm])


async def attack(server: Serving, minutes: float, seed: int) -> bool:
    person = await anyio.to_thread.run_sync(server.sign_in)
    fuzzer = Fuzzer(server.url, seed, person, server.keys)
    memory = Memory(server.pid)
    began = time.monotonic()
    async with bystanders(server.url, server.token) as people:
        async with anyio.create_task_group() as work:
            work.start_soon(fuzzer.run)
            while time.monotonic() - began < minutes * 60:
                await anyio.sleep(LOOK_S)
                mib = memory.look()
                found = fuzzer.findings
                print(
                    f"{time.monotonic() - began:4.0f} s: {sum(found.statuses.values())} "
                    f"answers, {found.sockets} sockets, {found.frames} messages, "
                    f"{mib:.0f} MiB; {await people.look()}",
                    flush=True,
                )
            work.cancel_scope.cancel()
        await anyio.sleep(2)
        fate = await people.end()
    return report(fuzzer.findings, memory, fate, server.log.read_text())


def report(found: Findings, memory: Memory, fate: Fate, log: str) -> bool:
    """Print what came of it; True if all is well."""
    print(f"answers: {dict(sorted(found.statuses.items()))}")
    print(f"bystanders: {fate}; {fate.chats_lost} of {fate.chats} lines lost")
    print(f"memory: {memory.mib[0]:.0f} to {memory.mib[-1]:.0f} MiB")
    faults = sum(kinds_of_faults(log).values())
    wrong = {
        "answers that are faults": len(found.bad),
        "tracebacks in the log": faults,
        "frames lost": fate.sent - fate.heard,
        "sockets dropped": fate.dropped,
        "lines lost": fate.chats_lost,
        f"growth beyond {MOST_GROWTH_MIB} MiB": memory.growth_mib > MOST_GROWTH_MIB,
    }
    for sent, got in found.bad[:5]:
        print(f"sent {sent!r}\n  got {got!r}")
    for kind, times in kinds_of_faults(log).items():
        print(f"{times} x {kind}")
    for what, count in wrong.items():
        if count:
            print(f"FAILED: {count} {what}")
    return not any(wrong.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), PLAIN) as server,
    ):
        well = anyio.run(
            attack,
            server,
            chosen.minutes,
            chosen.seed,
            backend_options={"use_uvloop": True},
        )
    print("all is well" if well else f"something is not; --seed {chosen.seed} has it again")
    sys.exit(not well)


if __name__ == "__main__":
    main()
