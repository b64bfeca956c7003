"""What of a call tells the agent's next action.

Three kinds: what was done before, what each said last, and what the customer spoke of at
all.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

from msgspec import Struct

# "system": what a screen answered, in records that have it.
Speaker: TypeAlias = Literal["agent", "customer", "system"]

START = "<start>"
EARLIER = 3  # actions before this one whose order is taken in

# Of one turn, its end: a decision takes as long for a monologue as for a question.
TURN_WORDS = 60
TOPIC_WORDS = 200  # of all that the customer said
MOST_TURNS = 6  # counted

_WORD = re.compile(r"\w+(?:'\w+)?")
_DIGITS = re.compile(r"\d+")


class Said(Struct, frozen=True, kw_only=True):
    """A turn; `action` is what it did, "" if that is not known or nothing."""

    speaker: Speaker
    text: str
    action: str = ""


def of_call(turns: Sequence[Said]) -> Iterator[str]:
    """What is known when the agent decides, after these turns."""
    yield from _done([turn.action for turn in turns if turn.action])
    newest: dict[Speaker, Said] = {turn.speaker: turn for turn in turns}
    for speaker, turn in newest.items():
        yield from _spoken(speaker, words(turn.text)[-TURN_WORDS:])
    yield f"last {turns[-1].speaker if turns else START}"
    customer = [turn for turn in turns if turn.speaker == "customer"]
    topic = [word for turn in customer for word in words(turn.text)[-TURN_WORDS:]]
    for word in topic[-TOPIC_WORDS:]:
        yield f"topic {word}"
    yield f"turn {min(len(customer), MOST_TURNS)}"


def of_line(text: str) -> Iterator[str]:
    """What an agent's own words tell of what they do."""
    return _spoken("line", words(text)[-TURN_WORDS:])


def words(text: str) -> list[str]:
    """Small letters; every number is the same word."""
    return _WORD.findall(_DIGITS.sub("0", text.lower()))


def _done(actions: Sequence[str]) -> Iterator[str]:
    before = [START, *actions][-EARLIER:]
    for count in range(1, len(before) + 1):
        yield f"after {'|'.join(before[-count:])}"
    for action in actions:
        yield f"did {action}"


def _spoken(kind: str, said: Sequence[str]) -> Iterator[str]:
    for word in said:
        yield f"{kind} {word}"
    for first, second in pairwise(said):
        yield f"{kind} {first} {second}"
