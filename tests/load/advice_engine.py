"""Time the advice engine, alone in one process: `-m tests.load.advice_engine [GGUF]`.

For 1, 4, 8 and 16 calls (or `--asks 1,4`) that ask at the same moment: time to the first
token, to the first word of the suggestion and to the whole advice, tokens per second. Each
call has a dozen lines read ahead and asks about a new one, as in life. Beside a busy
machine the numbers mean nothing.

Once more with a passage of an article in each ask, which is read anew for each.

Then, unless `--ours`, the same asks through the library's own high-level API: the same
file, the same text, answers of as many tokens as ours had, its own prefix cache as it
comes. It has no place to read ahead into and answers one after the other, so a later ask
waits for those before it.
"""

import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import llama_cpp
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from appliance.assistant import prompt
from appliance.assistant.engine import AdviceEngine, build
from appliance.assistant.llama import Llama
from appliance.assistant.port import (
    AnyJob,
    Ask,
    EngineConfig,
    Extend,
    Forget,
    Line,
    pack,
    unpack_delta,
)
from appliance.models.resolve import resolve
from appliance.settings import read_settings
from appliance.workers.port import Refusal

# How many ask at once, and how often: a run is to take some minutes, not more.
ROUNDS = {1: 5, 4: 5, 8: 3, 16: 2}

DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
# Of an article, as long as what is read of one at most.
PASSAGE = (
    "Parcel is shown as delivered but is not there: 1. Ask for the order number and look "
    "at what the driver wrote. 2. Ask whether a neighbour may have taken it. 3. Without "
    "photo and signature, offer a replacement or a full refund, as the customer likes. 4. "
    "Ask for a signature at the next delivery."
)

TURNS = (
    "Um, how long would the replacement take?",
    "And do I have to be at home when it comes? I work on most days of the week.",
    "Then I would rather have the money back.",
    "Can you send me an email about that, please?",
    "No, that is all. Thank you for your help.",
)


def opening(number: int) -> tuple[Line, ...]:
    """Each call differs early, or one could be answered from the cache of another."""
    order = f"{DIGITS[number // 10]} seven zero, two nine {DIGITS[number % 10]}"
    return (
        Line("agent", "Thank you for calling, this is Dana. How can I help?"),
        Line("customer", f"Hi. My parcel is order {order}. It says delivered."),
        Line("customer", "But there is nothing here."),
        Line("agent", "I am sorry to hear that. That is the blue table lamp, right?"),
        Line("customer", "Yes, the blue one."),
        Line("agent", "The driver marked it as left at the front door at two fifteen."),
        Line("customer", "But I was at home all day, and nobody rang the bell."),
        Line("agent", "I can send you a replacement, or give you a full refund."),
    )


def conversations(calls: int) -> Iterator[list[tuple[Line, ...]]]:
    """What each call has said when it asks, round by round."""
    talks = [opening(number) for number in range(calls)]
    for turn in TURNS[: ROUNDS[calls]]:
        talks = [(*lines, Line("customer", turn)) for lines in talks]
        yield talks
        talks = [(*lines, Line("agent", "Of course, one moment.")) for lines in talks]


class Times(Struct):
    """Seconds from the moment of asking, one for each ask."""

    token: list[float]
    word: list[float]
    whole: list[float]
    tokens: int = 0
    spent: float = 0.0

    def cells(self) -> Iterator[str]:
        for times in (self.token, self.word, self.whole):
            for share in (0.5, 0.95):
                yield f"{percentile(times, share):.2f}" if times else ""
        yield f"{self.tokens / self.spent:.0f}"


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Ours:
    def __init__(self, model: Path) -> None:
        self.engine: AdviceEngine = build(pack(EngineConfig(model=str(model))))
        self.jobs = 0

    def close(self) -> None:
        if isinstance(self.engine.model, Llama):
            self.engine.model.close()

    def submit(self, job: AnyJob) -> int:
        self.jobs += 1
        self.engine.submit(self.jobs, pack(job))
        return self.jobs

    def together(self, calls: int, passages: tuple[str, ...] = ()) -> Times:
        times = Times([], [], [])
        for talks in conversations(calls):
            names = [f"{calls}-{number}" for number in range(calls)]
            for name, lines in zip(names, talks, strict=True):
                self.submit(Extend(call_id=name, first=0, lines=lines[:-1]))
                while not self.engine.idle():
                    self.engine.step()
            started = time.perf_counter()
            asked = {
                self.submit(Ask(call_id=name, first=0, lines=lines, passages=passages))
                for name, lines in zip(names, talks, strict=True)
            }
            self._write(times, asked, started)
        for number in range(calls):  # its seat is wanted by the next round's calls
            self.submit(Forget(call_id=f"{calls}-{number}"))
        self.engine.step()
        return times

    def _write(self, times: Times, asked: set[int], started: float) -> None:
        silent, wordless = set(asked), set(asked)
        while not self.engine.idle():
            for reply in self.engine.step():
                if isinstance(reply, Refusal):
                    raise SystemExit(reply.problem)
                delta = unpack_delta(reply.payload)
                passed = time.perf_counter() - started
                times.tokens += 1
                if reply.job_id in silent:
                    silent.discard(reply.job_id)
                    times.token.append(passed)
                if reply.job_id in wordless and (delta.suggestion or delta.done):
                    wordless.discard(reply.job_id)
                    times.word.append(passed)
                if delta.done:
                    times.whole.append(passed)
        times.spent += time.perf_counter() - started


class HighLevel:
    def __init__(self, model: Path) -> None:
        self.llama = llama_cpp.Llama(
            str(model), n_ctx=4096, n_threads=os.cpu_count(), verbose=False
        )
        # Answers are to be as long as ours, so none may end by itself.
        self.endless = {self.llama.token_eos(): -1000.0}

    def together(self, calls: int, tokens: int) -> Times:
        times = Times([], [], [])
        for talks in conversations(calls):
            started = time.perf_counter()
            for lines in talks:
                answer = self.llama.create_completion(
                    text(lines),
                    max_tokens=tokens,
                    temperature=0.0,
                    logit_bias=self.endless,
                    stream=True,
                )
                for number, _ in enumerate(answer):
                    if number == 0:
                        times.token.append(time.perf_counter() - started)
                times.whole.append(time.perf_counter() - started)
                times.tokens += tokens
            times.spent += time.perf_counter() - started
        return times


def text(lines: tuple[Line, ...]) -> str:
    """What our engine reads for an ask."""
    turns = [span for turn in prompt.turns(lines, 0) for span in prompt.turn_spans(turn)]
    spans = [*prompt.prefix(), *prompt.head(""), *turns, *prompt.task("")]
    return "".join(span.text for span in spans)


def main() -> None:
    if os.environ.get("OMP_WAIT_POLICY") != "PASSIVE":
        # As the worker runs; the library reads it when it is loaded.
        os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
        command = [sys.executable, "-m", "tests.load.advice_engine", *sys.argv[1:]]
        os.execv(sys.executable, command)
    settings = read_settings()
    parser = ArgumentParser()
    parser.add_argument("model", nargs="?", default=settings.advice.model)
    parser.add_argument("--asks", default=",".join(map(str, ROUNDS)))
    parser.add_argument("--ours", action="store_true")
    wanted = parser.parse_args()
    given = wanted.model
    model = resolve(Path(settings.models.dir).expanduser(), given, "language").path
    started = time.perf_counter()
    ours = Ours(model)
    console = Console(width=110)
    console.print(f"{model}: ready after {time.perf_counter() - started:.1f} s")
    heads = [f"{what} {p} s" for what in ("token", "word", "whole") for p in ("p50", "p95")]
    table = Table("engine", "asks", *heads, "tokens/s", box=None)
    lengths = {}
    for calls in map(int, wanted.asks.split(",")):
        times = ours.together(calls)
        lengths[calls] = round(times.tokens / len(times.whole))
        table.add_row("ours", str(calls), *times.cells())
        cited = ours.together(calls, (PASSAGE,))
        table.add_row("ours, citing", str(calls), *cited.cells())
    ours.close()
    if not wanted.ours:
        theirs = HighLevel(model)
        for calls, length in lengths.items():
            times = theirs.together(calls, length)
            table.add_row("high-level API", str(calls), *times.cells())
    console.print(table)
    load = os.getloadavg()[0]
    console.print(f"load average {load:.1f}; numbers count only if nothing else ran")


if __name__ == "__main__":
    main()
