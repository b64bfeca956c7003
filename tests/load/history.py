"""How fast calls are found: `python -m tests.load.history FILE [--calls N]`.

Fills FILE with N calls first, if it is new, in the form of 14 events each with about 400
words from a made-up language (30,000 words, as unequally frequent as in a real one). Then,
while 20 calls write, asks for pages: the newest, far back, by each filter and several at
once, and by words, from common to said once or never.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter

import anyio
import numpy as np
from msgspec.structs import replace

from appliance.assistant.mood.course import POLARITY, Course, Reading
from appliance.messages import ROLES, Alert, MoodLabel, Sent, Transcript
from appliance.store import committer
from appliance.store.event import CallEnded, CallStarted, Event, Fact, Joined, WrapUp
from appliance.store.search import Search
from appliance.store.writer import SHED_AT, Store

NOW = datetime(2025, 3, 1, tzinfo=UTC)
BEFORE, AFTER = "bcdfghjklmnprstvwz", ["", "", "n", "r", "s", "l", "t", "ng", "ck", "m"]
FINALS, WORDS = 6, 65

EVENTS = 16  # of a call, at most
BATCH_TO_FILL = 4096

# Calls that write meanwhile: each has something settled every half second.
WRITERS, EVERY_S = 20, 0.5

LABELS: tuple[MoodLabel, ...] = ("negative", "neutral", "neutral", "positive")
QUEUES = ["cards", "loans", "claims", "sales", ""]
RULES = ["disclosure", "refund", "lawyer", "cancel"]
ALERTS = ["any", "mood", "rule", "rule:lawyer"]
OUTCOMES = ["resolved", "follow_up", "handed_over", "no_contact"]


def vocabulary(chance: random.Random) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < 30_000:
        syllables = chance.choice([1, 2, 2, 3, 4])
        word = [
            chance.choice(BEFORE) + chance.choice("aeiou") + chance.choice(AFTER)
            for _ in range(syllables)
        ]
        made["".join(word)] = None
    return list(made)


def call(n: int, words: list[str], chance: random.Random) -> Iterator[Event]:
    call_id, wall = f"call-{n}", NOW + timedelta(minutes=n)

    def note(fact: Fact, seq: int) -> Event:
        return Event.note(fact, call_id=call_id, seq=seq, at_ms=0, wall=wall)

    yield note(CallStarted(), 1)
    yield note(
        Joined(
            role="customer",
            name=f"Customer {n % 40_000}",
            reason=words[0],
            queue=chance.choice(QUEUES),
        ),
        2,
    )
    agent = n % 50
    yield note(Joined(role="agent", name=f"Agent {agent}", person=f"p{agent}"), 3)
    for turn in range(FINALS):
        text = " ".join(words[turn * WORDS : (turn + 1) * WORDS])
        final = Transcript(
            seq=4 + turn,
            id=f"t{turn}",
            speaker=chance.choice(ROLES),
            text=text,
            is_final=True,
            start_ms=turn * 15_000,
            end_ms=turn * 15_000 + 14_000,
        )
        yield Event.of(final, call_id=call_id, at_ms=final.end_ms, wall=wall)
    for seq, message in enumerate(judged(chance), 4 + FINALS):
        yield Event.of(replace(message, seq=seq), call_id=call_id, at_ms=90_000, wall=wall)
    yield note(CallEnded(reason="hangup"), 97)
    yield note(WrapUp(outcome=chance.choice(OUTCOMES), summary=words[1]), 98)


def judged(chance: random.Random) -> Iterator[Sent]:
    """How the customer reads, and in one of five calls an alert of a rule."""
    course = Course()
    for n in range(2):
        label = chance.choice(LABELS)
        yield from course.add(
            Reading(
                line=f"t{n}",
                start_ms=n * 40_000,
                end_ms=n * 40_000 + 9_000,
                label=label,
                score=float(POLARITY[label]),
                confidence=0.8,
                source="made up",
            )
        )
    if chance.random() < 0.2:
        rule = chance.choice(RULES)
        yield Alert(
            id="rule-1", kind="rule", state="raised", lines=(), text=rule, rule=rule
        )


async def fill(store: Store, calls: int, known: list[str]) -> None:
    # Larger transactions than in life: each sums up its calls at once.
    with larger_batches(BATCH_TO_FILL):
        await _fill(store, calls, known)


@contextmanager
def larger_batches(events: int) -> Iterator[None]:
    before, committer.BATCH = committer.BATCH, events
    try:
        yield
    finally:
        committer.BATCH = before


async def _fill(store: Store, calls: int, known: list[str]) -> None:
    chance, numbers = random.Random(1), np.random.default_rng(1)
    for n in range(calls):
        ranks = numbers.zipf(1.15, FINALS * WORDS) % len(known)
        for event in call(n, [known[rank] for rank in ranks], chance):
            store.append(event)
        if store.queued > SHED_AT - 2 * EVENTS:
            await store.flush()
    await store.flush()


def searches(
    known: list[str], calls: int, chance: random.Random
) -> dict[str, list[Search]]:
    def some(ranks: range) -> list[Search]:
        return [Search(text=known[chance.choice(ranks)]) for _ in range(20)]

    some_calls = [chance.randrange(1, calls) for _ in range(20)]
    some_days = [
        NOW + timedelta(days=chance.randrange(max(1, calls // 1440))) for _ in range(20)
    ]
    names = [f"customer {chance.randrange(40_000)}" for _ in range(20)]
    return {
        "newest": [Search()] * 20,
        "far back": [Search(before=f"call-{n}") for n in some_calls],
        "far back in few": [
            Search(before=f"call-{n}", mood="negative", alert="rule:refund", queue="cards")
            for n in some_calls
        ],
        "own calls": [Search(took_part=f"p{n}") for n in range(20)],
        "a mood": [Search(mood=mood) for mood in LABELS] * 5,
        "a mood and a trend": [Search(mood="negative", trend="down")] * 20,
        "an alert": [Search(alert=alert) for alert in ALERTS] * 5,
        "an alert of their own": [
            Search(alert="any", took_part=f"p{n}") for n in range(20)
        ],
        "a rule that is not": [Search(alert="rule:nothing")] * 20,
        "a queue": [Search(queue=queue) for queue in QUEUES[:4]] * 5,
        "an outcome": [Search(outcome=outcome) for outcome in OUTCOMES] * 5,
        "a day": [Search(since=day, until=day + timedelta(days=1)) for day in some_days],
        "all of it": [
            Search(agent=f"agent {n}", queue="loans", mood="positive", outcome="resolved",
                   since=NOW, until=some_days[n], alert="any") for n in range(20)
        ],
        "an agent": [Search(agent=f"agent {n}") for n in range(20)],
        "a customer": [Search(customer=name) for name in names],
        "a name": [Search(text=name) for name in names],
        "a frequent word": some(range(1, 50)),
        "a usual word": some(range(500, 3_000)),
        "a rare word": some(range(20_000, 30_000)),
        "two words": [Search(text=f"{a.text} {b.text}")
                      for a, b in zip(some(range(200)), some(range(9_000)), strict=True)],
        "a word never said": [Search(text=f"{known[n]}xyz") for n in range(9_000, 9_020)],
        "a beginning": [Search(text=known[n][:4]) for n in range(5_000, 5_020)],
    }  # fmt: skip


async def measure(path: Path, calls: int) -> None:
    known = vocabulary(random.Random(1))
    with Store.open(path) as store:
        if not (await store.sessions()).sessions:
            begun = perf_counter()
            await fill(store, calls, known)
            sys.stdout.write(f"filled in {perf_counter() - begun:.0f} s\n")
        everything: list[float] = []
        commits: list[float] = []
        async with anyio.create_task_group() as beside:
            for writer in range(WRITERS):
                beside.start_soon(go_on, store, known, writer, commits)
            for name, asked in searches(known, calls, random.Random(2)).items():
                everything += await ask(store, name, asked)
            beside.cancel_scope.cancel()
        report("all", everything)
        report("commits meanwhile", commits)


async def ask(store: Store, name: str, asked: list[Search]) -> list[float]:
    took, found = [], 0
    for search in asked:
        begun = perf_counter()
        page = await store.sessions(search)
        took.append(1e3 * (perf_counter() - begun))
        found += len(page.sessions)
    report(f"{name}, {found / len(asked):.0f} rows", took)
    return took


async def go_on(store: Store, known: list[str], writer: int, took: list[float]) -> None:
    """A call after the other comes to its end, and every event is waited for."""
    chance = random.Random(writer)
    # Not all at the same moment.
    await anyio.sleep(EVERY_S * writer / WRITERS)
    for n in count(10**6 + writer, WRITERS):
        for event in call(n, chance.choices(known, k=FINALS * WORDS), chance):
            begun = perf_counter()
            await store.commit(event)
            took.append(1e3 * (perf_counter() - begun))
            await anyio.sleep(EVERY_S)


def report(name: str, took: list[float]) -> None:
    p50, p95, p99 = np.percentile(took, [50, 95, 99])
    sys.stdout.write(
        f"{name:30} p50 {p50:.0f} p95 {p95:.0f} p99 {p99:.0f} max {max(took):.0f} ms\n"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("--calls", type=int, default=100_000)
    chosen = options.parse_args()
    anyio.run(measure, chosen.file, chosen.calls)


if __name__ == "__main__":
    main()
