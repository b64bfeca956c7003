"""A call that does not end: does the delay grow, does the memory?

    python -m tests.load.long_call CALL.flac [--minutes 60] [--speed 5]

The recording is repeated for so many minutes of call time. For each tenth of the call:
delay of finals behind the end of the speech (wall time, so `speed` times harder than life)
and memory of the server and its model processes.
"""

import argparse
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import httpx
import psutil

from appliance.access.lent import lent_token
from appliance.bench.level import percentile
from appliance.messages import AiSuggestion, Transcript
from appliance.replay.api import bearer
from appliance.replay.client import Plan, Told, play
from appliance.replay.own_server import own_server
from appliance.replay.recording import read_recording

PARTS = 10
SAMPLE_S = 2.0


@dataclass
class Part:
    """What was seen during one tenth of the call."""

    final_s: list[float] = field(default_factory=list)
    advice_s: list[float] = field(default_factory=list)
    memory_mb: dict[str, float] = field(default_factory=dict)


class Watch:
    def __init__(self, minutes: float, speed: float) -> None:
        self.whole_ms = minutes * 60_000
        self.speed = speed
        self.parts = [Part() for _ in range(PARTS)]
        self.finals: dict[str, float] = {}
        self.now_ms = 0.0

    def part(self, at_ms: float) -> Part:
        return self.parts[min(PARTS - 1, int(at_ms / self.whole_ms * PARTS))]

    def hear(self, told: Told) -> None:
        message = told.message
        if told.role != "agent":
            return
        self.now_ms = told.received_ms * self.speed
        if isinstance(message, Transcript) and message.is_final and message.text:
            late_ms = told.received_ms - message.end_ms / self.speed
            self.part(message.end_ms).final_s.append(late_ms / 1000)
            self.finals[message.id] = told.received_ms
        elif isinstance(message, AiSuggestion) and message.status == "done":
            since_ms = told.received_ms - self.finals.get(message.answers, 0.0)
            self.part(self.now_ms).advice_s.append(since_ms / 1000)

    async def weigh(self, url: str, token: str) -> None:
        async with httpx.AsyncClient(timeout=30, headers=bearer(token)) as http:
            while True:
                parts = (await http.get(f"{url}/healthz")).json()["parts"]
                pids = {name: p["pid"] for name, p in parts.items() if p.get("pid")}
                if pids:
                    pids["server"] = psutil.Process(next(iter(pids.values()))).ppid()
                memory = self.part(self.now_ms).memory_mb
                for name, pid in pids.items():
                    memory[name] = psutil.Process(pid).memory_info().rss / 1e6
                await anyio.sleep(SAMPLE_S)


async def measure(file: Path, minutes: float, speed: float) -> Watch:
    watch = Watch(minutes, speed)
    recording = read_recording(file)
    recording.repeat_for(minutes * 60)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            own_server("--data-dir", folder) as url,
            lent_token(Path(folder)) as token,
            anyio.create_task_group() as work,
        ):
            work.start_soon(watch.weigh, url, token)
            plan = Plan(speed=speed, keep=False)
            await play(url, recording, plan, on_message=watch.hear, token=token)
            work.cancel_scope.cancel()
    return watch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--speed", type=float, default=5)
    arguments = parser.parse_args()
    watch = anyio.run(measure, arguments.file, arguments.minutes, arguments.speed)
    for number, part in enumerate(watch.parts, 1):
        memory = "  ".join(f"{name} {mb:.0f}" for name, mb in part.memory_mb.items())
        print(
            f"part {number:2}  finals {len(part.final_s):4}  "
            f"p50 {percentile(part.final_s, 50):5.2f} s  "
            f"p95 {percentile(part.final_s, 95):5.2f} s  "
            f"advice {len(part.advice_s):3}  p95 {percentile(part.advice_s, 95):5.2f} s  "
            f"MB: {memory}"
        )


if __name__ == "__main__":
    main()
