"""Texts that a model writes, kept as what each state added to the one before. No IO.

Each state goes to the screens with the whole text so far: kept like that, an answer of
sixty words with its sources would be a hundred kilobytes. What it added comes to as much as
the answer, in one event, behind the one of the finished text.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import to_builtins
from msgspec.json import encode

from appliance.messages import AiSuggestion, Summary
from appliance.store.event import Step, Written


class State(NamedTuple):
    """A message as it was sent."""

    seq: int
    wall: datetime
    text: bytes


class Growth:
    """Of the texts of one call."""

    def __init__(self) -> None:
        self._newest: dict[tuple[str, str], dict[str, Any]] = {}
        self._steps: dict[tuple[str, str], list[Step]] = {}

    def told(self, message: AiSuggestion | Summary, wall: datetime) -> Written | None:
        """A state goes to the screens; behind the last one, what is to be kept of those
        before it."""
        known = (type(message).__name__, message.id)
        if message.is_final:
            self._newest.pop(known, None)
            steps = self._steps.pop(known, None)
            return Written(id=message.id, steps=tuple(steps)) if steps else None
        now = to_builtins(message)
        step = _step(self._newest.get(known, {}), now, wall)
        self._newest[known] = now
        self._steps.setdefault(known, []).append(step)
        return None


def states(steps: Iterable[Step]) -> Iterator[State]:
    """The same messages again, byte for byte."""
    now: dict[str, Any] = {}
    for step in steps:
        now |= step.set
        now |= {name: now[name] + more for name, more in step.more.items()}
        yield State(now["seq"], step.wall, encode(now))


def _step(before: dict[str, Any], now: dict[str, Any], wall: datetime) -> Step:
    changed, more = {}, {}
    for name, value in now.items():
        old = before.get(name)
        if name in before and encode(old) == encode(value):
            continue  # by their bytes: 1 and 1.0 are equal, and sent otherwise
        if isinstance(value, str) and isinstance(old, str) and value.startswith(old):
            more[name] = value[len(old) :]
        else:
            changed[name] = value
    return Step(wall=wall, set=changed, more=more)
