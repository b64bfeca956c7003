"""Time the drafts of calls of 1 to 60 minutes: `-m tests.load.drafts [GGUF]`.

Each call three ways: nothing of it read before; read while it went on, as in life; and
that with four other calls that are advised without a pause. In seconds from the hang-up
to the whole draft. Beside a busy machine the numbers mean nothing; OMP_WAIT_POLICY=PASSIVE
in the environment is how the worker is started.
"""

import os
import sys
import time
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table

from appliance.assistant.engine import AdviceEngine, build
from appliance.assistant.port import Ask, EngineConfig, ForgetDraft, WriteDraft, pack
from appliance.assistant.summary.lines import Lines, Said
from appliance.assistant.summary.prompt import DISPOSITIONS
from appliance.messages import ROLES
from appliance.models.resolve import resolve
from appliance.settings import read_settings
from appliance.workers.port import Refusal
from tests.load.advice_engine import DIGITS, opening

MINUTES = (1, 3, 6, 20, 60)
OTHERS = 4
PER_MINUTE = 12  # lines; 75 characters each are 150 words a minute

SENTENCES = (
    "Thank you, so the {0} parcel was left at the front door at {1} fifteen.",
    "I was at home all day, and the neighbour at number {0} has not seen it.",
    "I have looked it up, and the driver took {1} parcels to that street.",
    "My sister ordered {0} lamps from you, and {1} of them came broken.",
)


def call(minutes: int) -> Lines:
    lines = Lines()
    for number, line in enumerate(opening(0)):
        lines.add(Said(id=f"o{number}", speaker=line.speaker, text=line.text))
    for number in range(minutes * PER_MINUTE - len(lines.all)):
        words = DIGITS[number % 10], DIGITS[number // 10 % 10]
        text = SENTENCES[number % len(SENTENCES)].format(*words)
        lines.add(Said(id=f"u{number}", speaker=ROLES[number % 2], text=text))
    return lines


class Bench:
    def __init__(self, engine: AdviceEngine) -> None:
        self.engine = engine
        self._ids = count(1)
        self._asking: dict[int, str] = {}

    def read_ahead(self, minutes: int) -> None:
        self._until_idle(pack(self._job(minutes, ahead=True)))

    def draft(self, minutes: int, others: int) -> float:
        """Seconds until the draft is whole."""
        for number in range(others):
            self._ask(f"other{number}")
        for _ in range(20 if others else 0):
            self._step()
        began = time.perf_counter()
        job_id = next(self._ids)
        self.engine.submit(job_id, pack(self._job(minutes)))
        while job_id not in self._step(again=others > 0):
            pass
        seconds = time.perf_counter() - began
        for other in list(self._asking):
            self.engine.cancel(other)
        self._asking.clear()
        return seconds

    def forget(self) -> None:
        self._until_idle(pack(ForgetDraft(call_id="c")))

    def _job(self, minutes: int, *, ahead: bool = False) -> WriteDraft:
        return WriteDraft(call_id="c", said=call(minutes).to_read(), ahead=ahead)

    def _ask(self, call_id: str) -> None:
        job_id = next(self._ids)
        self._asking[job_id] = call_id
        lines = opening(int(call_id[-1]))
        self.engine.submit(job_id, pack(Ask(call_id=call_id, first=0, lines=lines)))

    def _step(self, *, again: bool = False) -> set[int]:
        done = set()
        for reply in self.engine.step():
            if isinstance(reply, Refusal):
                raise TypeError(reply.problem)
            if reply.last:
                done.add(reply.job_id)
        for job_id in done & self._asking.keys():
            call_id = self._asking.pop(job_id)
            if again:
                self._ask(call_id)
        return done

    def _until_idle(self, job: bytes) -> None:
        self.engine.submit(next(self._ids), job)
        while not self.engine.idle():
            self.engine.step()


def main() -> None:
    settings = read_settings(None)
    named = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    folder = Path(settings.models.dir).expanduser()
    path = named or resolve(folder, settings.advice.model, "language").path
    config = EngineConfig(model=str(path), dispositions=DISPOSITIONS)
    bench = Bench(build(pack(config)))
    bench.draft(1, 0)  # what all drafts share is read
    table = Table(
        "minutes", "characters read", "cold s", "read ahead s", f"and {OTHERS} asks s"
    )
    for minutes in MINUTES:
        bench.forget()
        cold = bench.draft(minutes, 0)
        bench.forget()
        bench.read_ahead(minutes)
        warm = bench.draft(minutes, 0)
        busy = bench.draft(minutes, OTHERS)
        size = sum(len(line.text) for line in call(minutes).to_read())
        table.add_row(str(minutes), str(size), *(f"{s:.1f}" for s in (cold, warm, busy)))
    console = Console()
    console.print(table)
    console.print(f"{path.name}, {len(os.sched_getaffinity(0))} cores")


if __name__ == "__main__":
    main()
