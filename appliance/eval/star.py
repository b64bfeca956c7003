"""Task conversations between people (STAR) in which each thing the agent did has a name.

The rows say themselves which part they belong to: what is fitted sees `train` only, and
what is scored is the part that is not.
"""

import gzip
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from appliance.assistant.actions.learning import Conversation, Decision
from appliance.assistant.actions.reading import read_calls
from appliance.errors import ApplianceError

# The agent looks something up; it is no reply, so the tasks do not list it.
QUERY = "query"


class Task(Struct, frozen=True, kw_only=True):
    """What can be said in a task, by action, and what follows what."""

    task: str
    replies: dict[str, str]
    graph: dict[str, str]


class _Item(Struct, frozen=True, kw_only=True):
    split: str
    task: str
    n_hist: int  # turns before the decision
    label: str
    dialogue: int


class Asked(Struct, frozen=True, kw_only=True):
    """One decision of an agent, and what could have been chosen."""

    task: Task
    call: int
    decision: Decision
    allowed: frozenset[str]


class Star(Struct, frozen=True, kw_only=True):
    learn: list[Asked]
    scored: list[Asked]
    calls: dict[int, Conversation]


def read_star(folder: Path) -> Star:
    """Raises ApplianceError if it is not there."""
    tasks = {
        task.task: task
        for task in (msgspec.json.decode(line, type=Task) for line in _lines(folder, "kb"))
    }
    calls = {int(call.id): call for call in read_calls(folder / "calls.jsonl.gz")}
    learn: list[Asked] = []
    scored: list[Asked] = []
    for line in _lines(folder, "next_action"):
        item = msgspec.json.decode(line, type=_Item)
        task = tasks[item.task]
        before = calls[item.dialogue].turns[: item.n_hist]
        asked = Asked(
            task=task,
            call=item.dialogue,
            decision=Decision(before, item.label),
            allowed=frozenset((*task.replies, QUERY)),
        )
        (learn if item.split == "train" else scored).append(asked)
    return Star(learn=learn, scored=scored, calls=calls)


def _lines(folder: Path, name: str) -> Iterator[bytes]:
    file = folder / f"{name}.jsonl.gz"
    try:
        with gzip.open(file) as lines:
            yield from lines
    except OSError as error:
        raise ApplianceError(
            f"Cannot read {file}: {error.strerror}.",
            fix="Name the folder of STAR: calls, kb and next_action, each .jsonl.gz.",
        ) from error


def drawn_calls(items: Sequence[Asked], count: int, seed: int) -> list[int]:
    """Numbers of so many calls; the same ones for the same seed."""
    calls = sorted({asked.call for asked in items})
    return random.Random(seed).sample(calls, min(count, len(calls)))  # noqa: S311 not a secret
