"""What supervisors who listen cost: `python -m tests.load.listening [CALLS_FOLDER]`.

    [--calls 20] [--listeners 0,10,50,0] [--seconds 20]

People talk in so many calls; then so many supervisors follow and hear the first of them,
one number after the other in one run. How late is what the people hear, what does the
server use, and does a listener miss anything? Speech recognition and advice are off.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import httpx
from anyio import to_thread

from appliance.access.lent import lent_token
from appliance.bench.level import percentile
from appliance.bench.line import Line
from appliance.bench.metronome import FRAME_S, Metronome
from appliance.bench.run import read_set
from appliance.bench.watch import Cost, Watch
from appliance.messages import encode
from appliance.pipeline.overheard import HEADER
from appliance.replay.api import socket_url
from appliance.replay.own_server import own_server
from appliance.replay.samples import FOLDER
from appliance.server.loop import late_ms
from appliance.supervision import Follow, Listen
from tests.load.relay import APART_S, TEARDOWN_S, WARM_UP_S, Pair, at_16_khz

NAME = "Sam"
PASSWORD = "green kettle under nine clouds"

OFF = {"APPLIANCE_ADVICE_ENABLED": "false", "APPLIANCE_SPEECH_ENABLED": "false"}


@dataclass
class Ear:
    """One supervisor: what came of each voice, and what should have."""

    frames: int = 0
    missed: int = 0
    _next: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.line = Line(lambda _: None, self._hear)

    async def listen(self, url: str, call_id: str, cookie: str) -> None:
        await self.line.connect(socket_url(url, f"/ws/listen/{call_id}"), cookie=cookie)
        self.line.text(encode(Follow()))
        self.line.text(encode(Listen(audio=True)))

    def _hear(self, data: bytes) -> None:
        leg, seq, _ = HEADER.unpack_from(data)
        self.frames += 1
        self.missed += seq - self._next.get(leg, seq)
        self._next[leg] = seq + 1


@dataclass
class Phase:
    listeners: int
    late_ms: list[float]
    cost: Cost
    frames: int
    missed: int
    dropped: int


async def sign_in(url: str, data: str) -> str:
    """The cookie of a new supervisor."""
    add = ["users", "--data-dir", data, "add", NAME, "--role", "supervisor"]
    told = await to_thread.run_sync(
        lambda: (
            subprocess.run(
                [sys.executable, "-m", "appliance", *add],
                check=True,
                capture_output=True,
                text=True,
                env=os.environ,
            ).stdout
        )
    )
    once = told.split(": ", 1)[1].split("\n", 1)[0]
    async with httpx.AsyncClient(base_url=url) as http:
        me = (await http.post("/auth/login", json={"name": NAME, "password": once})).json()
        change = await http.post(
            "/auth/password",
            json={"old": once, "new": PASSWORD},
            headers={"X-CSRF-Token": me["csrf"]},
        )
        change.raise_for_status()
        return f"session={http.cookies['session']}"


async def measure(
    folder: Path, calls: int, listeners: list[int], seconds: float
) -> list[Phase]:
    whole_s = calls * 2 * APART_S + len(listeners) * (seconds + WARM_UP_S) + 30
    scripts = [at_16_khz(r, whole_s + 60) for r in read_set(folder).recordings]
    pairs = [
        Pair(scripts[n % len(scripts)], first_frame=n * 50 % 3000) for n in range(calls)
    ]
    phases = list[Phase]()
    with tempfile.TemporaryDirectory() as data:
        async with (
            own_server("--data-dir", data, environ=OFF) as url,
            lent_token(Path(data)) as token,
        ):
            cookie = await sign_in(url, data)
            metronome = Metronome()
            for pair in pairs:
                await pair.caller.connect(url, token=token)
                begin_s = anyio.current_time()
                pair.caller.begin(begin_s)
                metronome.add(begin_s + FRAME_S, pair.speak)
                await anyio.sleep(APART_S)
            async with httpx.AsyncClient(base_url=url, headers={"cookie": cookie}) as http:
                going = (await http.get("/api/calls/live")).json()["calls"]
            for number in listeners:
                ears = [Ear() for _ in range(number)]
                for ear in ears:
                    await ear.listen(url, going[0]["call_id"], cookie)
                phases.append(await listened(Watch(url, token=token), pairs, ears, seconds))
                for ear in ears:
                    ear.line.close()
            metronome.stop()
            await anyio.sleep(TEARDOWN_S)
            sent = sum(2 * pair.played.sent for pair in pairs)
            lost = sent - sum(pair.heard.frames for pair in pairs)
            dropped = sum(pair.played.dropped for pair in pairs)
            print(f"frames of the people lost: {lost} of {sent}; sockets: {dropped}")
            print(f"generator's worst frame {1000 * metronome.worst_late_s:.0f} ms late")
            for pair in pairs:
                pair.caller.hang_up()
    return phases


async def listened(
    watch: Watch, pairs: list[Pair], ears: list[Ear], seconds: float
) -> Phase:
    await anyio.sleep(WARM_UP_S)
    first = [len(pair.heard.late_ms) for pair in pairs]
    now_s = anyio.current_time()
    await watch.run(now_s, now_s + seconds)
    late = [ms for p, n in zip(pairs, first, strict=True) for ms in p.heard.late_ms[n:]]
    return Phase(
        listeners=len(ears),
        late_ms=late,
        cost=watch.cost,
        frames=sum(ear.frames for ear in ears),
        missed=sum(ear.missed for ear in ears),
        dropped=sum(ear.line.lost for ear in ears),
    )


def report(phases: list[Phase]) -> None:
    print("listeners | relay ms p50 p95 p99 | loop p99 | server cores | of 1 listener %")
    idle = [p.cost.cpu_s["server"] / p.cost.window_s for p in phases if not p.listeners]
    base = sum(idle) / len(idle) if idle else 0.0
    for phase in phases:
        cores = phase.cost.cpu_s["server"] / phase.cost.window_s
        relay = " ".join(f"{percentile(phase.late_ms, s):.2f}" for s in (50, 95, 99))
        each = 100 * (cores - base) / phase.listeners if phase.listeners else 0.0
        loop = late_ms(phase.cost.loop_counts, 0.99)
        print(
            f"{phase.listeners:9} | {relay:20} | {loop:8.1f}"
            f" | {cores:12.3f} | {each:.2f}  (frames {phase.frames}, missed {phase.missed},"
            f" dropped {phase.dropped})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--listeners", default="0,10,50,0")
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    numbers = [int(n) for n in given.listeners.split(",")]
    report(anyio.run(measure, given.folder, given.calls, numbers, given.seconds))


if __name__ == "__main__":
    main()
