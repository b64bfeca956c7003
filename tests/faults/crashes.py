"""Kill the server in mid call, again and again: `python -m tests.faults.crashes`.

Each time at another moment, some calls are going on in which both people speak and type
without end, some of them through payments, while other agents write calls up and go on
breaks. Started again on the same data, the box must have every message that a screen was
shown, byte for byte and in order, every call closed as interrupted, recordings to the last
two seconds that are drawn and judged, and the time of its agents to the last sign of life,
once; nobody repairs anything. `--moments` so often, `--seed` decides when.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import anyio
import httpx

from appliance.recordings.shelf import Shelf
from appliance.store.log import SessionLog
from tests.faults.crash import Crash, Shown
from tests.faults.process import NO_MODELS, Serving, serving
from tests.faults.shifts import Agent, hired, wrong_sums, wrong_times
from tests.faults.voices import RATE, wrong_on_disk
from tests.faults.wrong import missing, unheard

LATEST_S = 6.0

NAMES = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Finn")

FORMATS = ("flac", "opus")
RECORD = {
    **NO_MODELS,
    "APPLIANCE_RECORDING_ENABLED": "always",
    "APPLIANCE_RECORDING_KEEP_FREE_GB": "0",
}


class Crashes:
    """All of them, and what came of them."""

    def __init__(
        self, folder: Path, agents: Sequence[Agent], chance: random.Random
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._folder = folder
        self._shelf = Shelf(folder / "data" / "recordings")
        self._agents = agents
        self._chance = chance
        self._calls: set[str] = set()
        self._before: Crash | None = None

    def crash(self, moment: int) -> None:
        with self._serving(moment) as server:
            self._look_back(server, moment)
            crash = Crash(server, self._agents, self._chance)
            anyio.run(partial(crash.after, self._chance.uniform(0, LATEST_S)))
        self._before = crash
        self._calls.update(crash.ended, (call.call_id for call in crash.shown))
        for call in crash.shown:
            folder = self._shelf.folder_of(call.call_id)
            for voice in call.voices:
                self._note(moment, f"call {call.call_id}", wrong_on_disk(voice, folder))

    def end(self, moment: int) -> None:
        """The last start, and an end in order."""
        with self._serving(moment) as server:
            self._look_back(server, moment)
            occupancy = _occupancy(server)
            server.stop()
        log = SessionLog(self._folder / "data" / "appliance.duckdb")
        for agent in self._agents:
            self.wrong += wrong_times(log, agent)
            self.counts["stints of agents"] += sum(len(life.told) for life in agent.lives)
        self.wrong += wrong_sums(log, self._calls, occupancy)
        log.close()

    def _serving(self, moment: int) -> AbstractContextManager[Serving]:
        chosen = {"APPLIANCE_RECORDING_FORMAT": FORMATS[moment % len(FORMATS)]}
        return serving(self._folder, {**RECORD, **chosen})

    def _look_back(self, server: Serving, moment: int) -> None:
        if not server.health()["ok"]:
            self.wrong.append(f"moment {moment}: the box is not well")
        if self._before is None:
            return
        for call in self._before.shown:
            self._count(call)
            about = f"call {call.call_id}"
            self._note(moment - 1, about, missing(server, call))
            self._note(moment - 1, about, unheard(server, self._shelf, call))
        for call_id in self._before.ended:
            self.counts["short calls that had ended"] += 1
            status = server.get(f"/api/sessions/{call_id}")["session"]["status"]
            if status != "ended":
                self.wrong.append(f"moment {moment - 1}: call {call_id} is {status}")
        for call_id in self._before.written_up:
            self.counts["calls that had been written up"] += 1
            events = server.get(f"/api/sessions/{call_id}")["events"]
            if [event["kind"] for event in events].count("wrap_up") != 1:
                self.wrong.append(f"moment {moment - 1}: call {call_id} is not written up")

    def _count(self, call: Shown) -> None:
        self.counts["calls that were interrupted"] += 1
        self.counts["messages shown"] += sum('"seq":0' not in text for text in call.texts)
        for voice in call.voices:
            self.counts["seconds of speech"] += voice.sent // RATE
            self.counts["legs"] += 1
            self.counts["payments"] += len(voice.secret)

    def _note(self, moment: int, about: str, wrong: Iterable[str]) -> None:
        self.wrong += [f"moment {moment}: {about}: {one}" for one in wrong]


def _occupancy(server: Serving) -> float:
    now = datetime.now(UTC)
    period = {"from": now - timedelta(hours=6), "to": now + timedelta(hours=1)}
    asked = {name: at.isoformat() for name, at in period.items()}
    path = f"{server.url}/api/metrics"
    told = httpx.get(path, params=asked, headers=server.keys, timeout=20).json()
    return float(told["groups"][0]["figures"]["occupancy"]["value"])


def crash_often(folder: Path, moments: int, seed: int) -> tuple[Counter[str], list[str]]:
    """How much there was of each in all, and what was wrong afterwards."""
    (folder / "data").mkdir()
    agents = hired(folder / "data", NAMES)
    crashes = Crashes(folder, agents, random.Random(seed))
    for moment in range(moments):
        crashes.crash(moment)
    crashes.end(moments)
    return crashes.counts, crashes.wrong


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--moments", type=int, default=50)
    options.add_argument("--seed", type=int, default=7)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts, wrong = crash_often(Path(folder), chosen.moments, chosen.seed)
    for one in wrong:
        sys.stdout.write(f"{one}\n")
    sys.stdout.write(f"killed {chosen.moments} times, of which {len(wrong)} wrong:\n")
    for what, count in counts.items():
        sys.stdout.write(f"{count:8} {what}\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
