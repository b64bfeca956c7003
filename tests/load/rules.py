"""What redaction and rules cost for each final: `python -m tests.load.rules STAR CALLS`.

STAR is the set of labelled chats, CALLS the folder of recorded calls with their reference
turns. The rules are made of the chats' words: pairs and phrases that people really say, so
that many of them are looked at and seven apply to each line. The lines of the chats, and
those of the calls, go through both as finals do, one call after the other, with every kind
of personal data taken out. Times are those of the processor.
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

from appliance.eval.privacy import ALL
from appliance.messages import Role, Transcript
from appliance.privacy.redactor import Redactor
from appliance.rules.book import Book, Item, Rule
from appliance.rules.course import Course
from appliance.rules.rulebook import Rulebook
from appliance.rules.words import words_of

SEED = 17


def main(arguments: Sequence[str]) -> None:
    parser = ArgumentParser()
    parser.add_argument("star", type=Path)
    parser.add_argument("recorded", type=Path)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--calls", type=int, default=300)
    asked = parser.parse_args(arguments)
    chats = list(_calls(asked.star))[: asked.calls]
    chance = random.Random(SEED)
    book = _book([text for call in chats for _, text in call], asked.rules, chance)
    began = time.thread_time()
    rulebook = Rulebook(book)
    ready_ms = 1000 * (time.thread_time() - began)
    print(f"{asked.rules} rules made ready in {ready_ms:.0f} ms")
    for name, calls in (("chats", chats), ("calls", list(_recorded(asked.recorded)))):
        times = _run(rulebook, calls)
        print(f"{len(times['both'])} finals of {len(calls)} {name}:")
        for what, taken in times.items():
            p50, p99 = np.percentile(taken, (50, 99))
            print(f"  {what}: p50 {p50:.2f}, p99 {p99:.2f}, longest {max(taken):.2f} ms")


def _run(
    rulebook: Rulebook, calls: Sequence[Sequence[tuple[Role, str]]]
) -> dict[str, list[float]]:
    """Milliseconds of each."""
    times: dict[str, list[float]] = {
        "redaction": [],
        "rules": [],
        "both": [],
        "a tick of the clock": [],
    }
    for call in calls:
        course, redactor = Course(rulebook), Redactor(ALL)
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
            earlier, shown = redactor.heard(said)
            redacted = time.thread_time()
            for line in (*earlier, shown):
                if isinstance(line, Transcript):
                    course.hear(line)
            heard = time.thread_time()
            course.tick(said.end_ms, {"agent": said.end_ms, "customer": said.end_ms})
            ended = time.thread_time()
            spent = (redacted - began, heard - redacted, heard - began, ended - heard)
            for taken, seconds in zip(times.values(), spent, strict=True):
                taken.append(1000 * seconds)
    return times


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


def _recorded(folder: Path) -> Iterator[list[tuple[Role, str]]]:
    """What a recogniser made of them, which the references hold beside what was said."""
    for file in sorted(folder.glob("*.json")):
        turns = json.loads(file.read_text())["turns"]
        yield [
            (turn["role"], turn["text_machine"])
            for turn in turns
            if turn.get("text_machine")
        ]


if __name__ == "__main__":
    main(sys.argv[1:])
