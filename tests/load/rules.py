"""What rules cost for each final: `python -m tests.load.rules FOLDER [--rules 200]`.

FOLDER is the `star` set of labelled chats. The rules are made of its words: pairs and
phrases that people really say, so that many of them are looked at and seven apply to each
line. The lines of its dialogues go through them, one call after the other. Times are those
of the processor.
"""

import gzip
import json
import random
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from appliance.messages import Role, Transcript
from appliance.rules.book import Book, Item, Rule
from appliance.rules.course import Course
from appliance.rules.rulebook import Rulebook
from appliance.rules.words import words_of

SEED = 17


def main(arguments: Sequence[str]) -> None:
    parser = ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--calls", type=int, default=300)
    asked = parser.parse_args(arguments)
    calls = list(_calls(asked.folder))[: asked.calls]
    chance = random.Random(SEED)
    book = _book([text for call in calls for _, text in call], asked.rules, chance)
    began = time.thread_time()
    rulebook = Rulebook(book)
    ready_ms = 1000 * (time.thread_time() - began)
    final_ms, tick_ms, applied = _run(rulebook, calls)
    print(f"{asked.rules} rules made ready in {ready_ms:.0f} ms; {applied} applications")
    for name, taken in (("final", final_ms), ("tick", tick_ms)):
        p50, p99 = np.percentile(taken, (50, 99))
        print(
            f"{len(taken)} of a {name}: p50 {p50:.3f}, p99 {p99:.3f}, "
            f"longest {max(taken):.3f} ms"
        )


def _run(
    rulebook: Rulebook, calls: Sequence[Sequence[tuple[Role, str]]]
) -> tuple[list[float], list[float], int]:
    final_ms, tick_ms, applied = [], [], 0
    for call in calls:
        course = Course(rulebook)
        course.arrived("agent", 0)
        course.arrived("customer", 0)
        for number, (role, text) in enumerate(call):
            said = Transcript(
                id=f"{role}-{number}",
                speaker=role,
                text=text,
                is_final=True,
                start_ms=number * 4000,
                end_ms=number * 4000 + 3000,
            )
            began = time.thread_time()
            course.hear(said)
            final_ms.append(1000 * (time.thread_time() - began))
            began = time.thread_time()
            course.tick(said.end_ms, {"agent": said.end_ms, "customer": said.end_ms})
            tick_ms.append(1000 * (time.thread_time() - began))
        applied += len(course.applied)
    return final_ms, tick_ms, applied


def _book(texts: Sequence[str], count: int, chance: random.Random) -> Book:
    lines = [words for words in map(words_of, texts) if len(words) >= 8]
    rules, items = [], []
    for number in range(count):
        words = chance.choice(lines)
        first = chance.randrange(len(words) - 6)
        near = f"{words[first]} NEAR/5 {words[first + 4]}"
        either = (
            f"({words[first + 1]} | {chance.choice(lines)[0]}) NEAR/3 {words[first + 2]}"
        )
        items.append(Item(id=f"i{number}", text="Said"))
        rules.append(
            Rule(
                name=f"r{number}",
                speaker="either",
                any=(near, either, " ".join(words[first : first + 3])),
                none=(f"not {words[first]}",),
                tick=f"i{number}" if number % 10 == 0 else "",
                alert=("agent",),
                text="Said.",
                deadline_s=60 if number % 10 == 0 else None,
            )
        )
    return Book(items=tuple(items[::10]), rules=tuple(rules))


def _calls(folder: Path) -> Iterator[list[tuple[Role, str]]]:
    for file in sorted(folder.glob("calls.jsonl.gz")):
        with gzip.open(file, "rt") as rows:
            for row in rows:
                turns = json.loads(row)["turns"]
                yield [
                    ("agent" if turn["speaker"] == "agent" else "customer", turn["text"])
                    for turn in turns
                    if turn["speaker"] in ("agent", "customer")
                ]


if __name__ == "__main__":
    main(sys.argv[1:])
