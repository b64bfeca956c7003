"""The words somebody has just said, and where in them a pattern is found.

All rules of a file share one vocabulary: a spoken word is looked up once, whoever asks for
it, and what it matches is remembered, because people use few words. So the cost of a line
is that of its words, not of its rules.
"""

from bisect import bisect_left
from collections.abc import Iterable, KeysView, Sequence
from typing import TypeAlias

from appliance.rules.pattern import EXACT, Either, InRow, Near, Pattern, Phrase
from appliance.rules.words import (
    ONE_SLIP,
    slips_allowed,
    stems,
    within,
)

Span: TypeAlias = tuple[int, int]  # of words: the first and the last

# Somebody who repeats a word a thousand times in one line must not hold up every call.
MOST_SPANS = 64

REMEMBERED = 50_000  # spoken words


class Vocabulary:
    """Which of the rules' words a spoken word counts as."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._exact: dict[str, list[str]] = {}
        self._stems: dict[str, list[str]] = {}
        self._begins: list[str] = []
        self._long: dict[str, list[str]] = {}  # by first letter
        for one in dict.fromkeys(wanted):
            self._add(one)
        self._known: dict[str, tuple[str, ...]] = {}

    def _add(self, word: str) -> None:
        if word.endswith("*"):
            self._begins.append(word)
            return
        self._exact.setdefault(word.removeprefix(EXACT), []).append(word)
        if word.startswith(EXACT):
            return
        for stem in stems(word):
            self._stems.setdefault(stem, []).append(word)
        if len(word) >= ONE_SLIP:
            self._long.setdefault(word[0], []).append(word)

    def matches(self, spoken: str) -> tuple[str, ...]:
        """The words of rules that this folded word counts as."""
        known = self._known.get(spoken)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[spoken] = tuple(dict.fromkeys(self._look_up(spoken)))
        return known

    def _look_up(self, spoken: str) -> Iterable[str]:
        yield from self._exact.get(spoken, ())
        for stem in stems(spoken):
            yield from self._stems.get(stem, ())
        yield from (one for one in self._begins if spoken.startswith(one[:-1]))
        if len(spoken) < ONE_SLIP:
            return
        for one in self._long.get(spoken[0], ()):
            most = slips_allowed(one, spoken)
            if most and within(one, spoken, most):
                yield one


class Stretch:
    """Some words in a row. Of those before `new` it has been asked already."""

    def __init__(self, vocabulary: Vocabulary, words: Sequence[str], new: int = 0) -> None:
        self.new = new
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            for wanted in vocabulary.matches(word):
                self._places.setdefault(wanted, []).append(place)

    @property
    def wanted(self) -> KeysView[str]:
        """The words of rules that occur."""
        return self._places.keys()

    def spans(self, pattern: Pattern) -> list[Span]:
        """Where the pattern is found, in order; the first MOST_SPANS of it."""
        match pattern:
            case Phrase(words):
                found = self._in_a_row(words)
            case Either(choices):
                found = sorted({span for one in choices for span in self.spans(one)})
            case InRow(parts):
                found = self._one_after_other(parts)
            case Near(one, other, between):
                ones = self.spans(one)
                others = self.spans(other) if ones else []
                found = near(ones, others, between) if others else []
        return found[:MOST_SPANS]

    def newest(self, spans: Sequence[Span]) -> Span | None:
        """The first of them that was not there before."""
        return next((span for span in spans if span[1] >= self.new), None)

    def _in_a_row(self, words: Sequence[str]) -> list[Span]:
        firsts = self._places.get(words[0], [])
        if len(words) == 1 or not firsts:
            return [(place, place) for place in firsts]
        later = [self._places.get(word, ()) for word in words[1:]]
        if not all(later):
            return []
        last = len(words) - 1
        return [
            (first, first + last)
            for first in firsts
            if all(first + n in places for n, places in enumerate(later, 1))
        ]

    def _one_after_other(self, parts: Sequence[Pattern]) -> list[Span]:
        found = self.spans(parts[0])
        for part in parts[1:]:
            ends: dict[int, list[int]] = {}
            for first, last in self.spans(part) if found else ():
                ends.setdefault(first, []).append(last)
            found = sorted(
                {(first, end) for first, last in found for end in ends.get(last + 1, ())}
            )
        return found


def near(ones: Sequence[Span], others: Sequence[Span], between: int) -> list[Span]:
    """What spans from one to the other of each pair that does not overlap and has at most
    `between` words in the middle. Both in order."""
    return sorted({*_after(ones, others, between), *_after(others, ones, between)})


def _after(lefts: Sequence[Span], rights: Sequence[Span], between: int) -> Iterable[Span]:
    starts = [first for first, _ in rights]
    for first, last in lefts:
        for place in range(bisect_left(starts, last + 1), len(starts)):
            if starts[place] > last + 1 + between:
                break
            yield first, rights[place][1]
