"""Time the advice engine, alone in one process: `python -m tests.load.advice_engine`.

For 1, 4 and 8 calls that ask at the same moment: time to the first word of the suggestion,
time to the whole advice, decided tokens per second. Each call has a dozen lines read ahead
and asks about a new one, as in life. Beside a busy machine the numbers mean nothing.
"""

import os
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from appliance.assistant.engine import AdviceEngine, build
from appliance.assistant.port import Ask, EngineConfig, Extend, Line, pack, unpack_delta
from appliance.settings import read_settings
from appliance.workers.port import Refusal

CONCURRENT = (1, 4, 8)
ROUNDS = 5

CALL = (
    Line("agent", "Thank you for calling, this is Dana. How can I help?"),
    Line("customer", "Hi. My parcel was marked as delivered, but there is nothing here."),
    Line("agent", "I am sorry to hear that. Could you give me your order number, please?"),
    Line("customer", "Sure. It is four seven zero, two nine five."),
    Line("agent", "Thank you. And that is the blue table lamp, is that right?"),
    Line("customer", "Yes, the blue one."),
    Line("agent", "The driver marked it as left at the front door at two fifteen."),
    Line("customer", "But I was at home all day, and nobody rang the bell."),
    Line("agent", "I can send you a replacement, or give you a full refund."),
)
TURNS = (
    "Um, how long would the replacement take?",
    "And do I have to be at home when it comes? I work on most days of the week.",
    "Then I would rather have the money back.",
    "Can you send me an email about that, please?",
    "No, that is all. Thank you for your help.",
)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Bench:
    def __init__(self, engine: AdviceEngine) -> None:
        self.engine = engine
        self.jobs = 0

    def submit(self, job: Extend) -> int:
        self.jobs += 1
        self.engine.submit(self.jobs, pack(job))
        return self.jobs

    def settle(self) -> None:
        while not self.engine.idle():
            self.engine.step()

    def together(self, calls: int) -> tuple[list[float], list[float], float]:
        """Seconds to the first word and to the end of each advice; tokens a second."""
        first: list[float] = []
        whole: list[float] = []
        tokens, spent = 0, 0.0
        talks: list[tuple[Line, ...]] = [CALL] * calls
        for turn in TURNS[:ROUNDS]:
            for number, lines in enumerate(talks):
                self.submit(Extend(call_id=f"{calls}-{number}", first=0, lines=lines))
                self.settle()
            talks = [(*lines, Line("customer", turn)) for lines in talks]
            started = time.perf_counter()
            waiting = {
                self.submit(Ask(call_id=f"{calls}-{number}", first=0, lines=lines))
                for number, lines in enumerate(talks)
            }
            while not self.engine.idle():
                for reply in self.engine.step():
                    if isinstance(reply, Refusal):
                        raise SystemExit(reply.problem)
                    delta = unpack_delta(reply.payload)
                    tokens += 1
                    passed = time.perf_counter() - started
                    if reply.job_id in waiting and (delta.suggestion or delta.done):
                        waiting.discard(reply.job_id)
                        first.append(passed)
                    if delta.done:
                        whole.append(passed)
            spent += time.perf_counter() - started
            talks = [(*lines, Line("agent", "Of course, one moment.")) for lines in talks]
        return first, whole, tokens / spent


def main() -> None:
    if os.environ.get("OMP_WAIT_POLICY") != "PASSIVE":
        # As the worker runs; the library reads it when it is loaded.
        os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
        os.execv(sys.executable, [sys.executable, "-m", "tests.load.advice_engine"])
    model = Path(read_settings().models.dir) / "qwen2.5-0.5b" / "model.gguf"
    started = time.perf_counter()
    bench = Bench(build(pack(EngineConfig(model=str(model)))))
    console = Console()
    console.print(f"ready after {time.perf_counter() - started:.1f} s")
    table = Table("asks", "first p50 s", "first p95", "whole p50", "whole p95", "tokens/s")
    for calls in CONCURRENT:
        first, whole, rate = bench.together(calls)
        table.add_row(
            str(calls),
            *(
                f"{percentile(times, share):.2f}"
                for times in (first, whole)
                for share in (0.5, 0.95)
            ),
            f"{rate:.0f}",
        )
    console.print(table)
    load = os.getloadavg()[0]
    console.print(f"load average {load:.1f}; numbers count only if nothing else ran")


if __name__ == "__main__":
    main()
