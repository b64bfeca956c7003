"""How long a commit takes: `python -m tests.load.store_commit [--commits N] [--calls N]`.

Each call commits one final after the other, with three partials appended before each, as
fast as the record takes them; a real call does so every few seconds. The text is random
words, because compressing it is most of the work of a checkpoint.
"""

import argparse
import random
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import anyio
import numpy as np

from appliance.messages import Transcript, Word
from appliance.store.event import Event
from appliance.store.log import SessionLog
from appliance.store.writer import Store

WORDS = [f"word{n}" for n in range(5_000)]


class TimedLog(SessionLog):
    """The log, with the time each checkpoint took, in ms."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.checkpoints: list[float] = []

    def tidy(self) -> None:
        begun = perf_counter()
        super().tidy()
        self.checkpoints.append(1e3 * (perf_counter() - begun))


def spoken(call_id: str, seq: int, turn: int, is_final: bool) -> Event:
    chosen = random.choices(WORDS, k=12)
    times = [seq * 4000 + 300 * n for n in range(12)]
    words = [
        Word(text=word, start_ms=at, end_ms=at + 280, probability=random.random())
        for word, at in zip(chosen, times, strict=True)
    ]
    transcript = Transcript(
        seq=seq,
        id=f"a{turn}",
        speaker="agent",
        text=" ".join(chosen),
        is_final=is_final,
        start_ms=times[0],
        end_ms=times[-1],
        words=tuple(words) if is_final else (),
    )
    now = datetime.now(UTC)
    return Event.of(transcript, call_id=call_id, at_ms=times[-1], wall=now)


async def talk(store: Store, call_id: str, turns: int, took: list[float]) -> None:
    for turn in range(turns):
        for part in range(1, 4):
            store.append(spoken(call_id, 4 * turn + part, turn, is_final=False))
        final = spoken(call_id, 4 * turn + 4, turn, is_final=True)
        begun = perf_counter()
        await store.commit(final)
        took.append(1e3 * (perf_counter() - begun))


async def measure(folder: Path, calls: int, commits: int) -> None:
    log = TimedLog(folder / "record.duckdb")
    store = Store(log)
    took: list[float] = []
    begun = perf_counter()
    async with anyio.create_task_group() as tasks:
        for n in range(calls):
            tasks.start_soon(talk, store, f"call-{n}", commits // calls, took)
    await store.flush()
    elapsed = perf_counter() - begun
    await store.aclose()
    p50, p95, p99 = np.percentile(took, [50, 95, 99])
    events = 4 * len(took)
    report = (
        f"{calls:4} calls: {len(took)} commits, {events} events in {elapsed:.1f} s "
        f"({events / elapsed:.0f} events/s), {store.transactions} transactions; commit "
        f"p50 {p50:.1f} p95 {p95:.1f} p99 {p99:.1f} max {max(took):.0f} ms; "
        f"{len(log.checkpoints)} checkpoints, longest "
        f"{max(log.checkpoints, default=0):.0f} ms\n"
    )
    sys.stdout.write(report)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--commits", type=int, default=2_000)
    options.add_argument("--calls", type=int, nargs="+", default=[1, 20, 100])
    options.add_argument("--folder", type=Path, help="on the disk to measure")
    chosen = options.parse_args()
    for calls in chosen.calls:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            anyio.run(measure, Path(folder), calls, chosen.commits)


if __name__ == "__main__":
    main()
