"""Whether the agent said what was suggested, and which advice came to nothing.

Only words are compared: those of the suggestion that carry it, against those of the agent's
next lines. No clock, no model; times are ms of call time.
"""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

Fate: TypeAlias = Literal["said", "expired"]

# What is not said by then was not said because of the advice.
WINDOW_MS = 30_000

# Share of the suggestion's words that have to be heard. Agents who wrote a suggestion in
# their own way (STAR): .881 of those are found, and .030 of others; at .5 .928 and .057. Of
# three calls as a recogniser wrote them down: .91 and .03. `python -m tests.load.said_it`.
ENOUGH = 0.6
FEWEST = 2  # with fewer words that carry it, all of them have to be heard

# Short words carry grammar, in most languages with letters; digits always count.
LONG = 4
STEM = 5  # "charge", "charged" and "charges" are one

_WORD = re.compile(r"[^\W_]+")


def carrying(text: str) -> frozenset[str]:
    """Beginnings of the words that carry a sentence; of all its words if none does."""
    words = _WORD.findall(text.casefold())
    long = [word for word in words if len(word) >= LONG or word.isdecimal()]
    return frozenset(word[:STEM] for word in long or words)


def share_said(suggestion: frozenset[str], heard: Iterable[str]) -> float:
    """How much of a suggestion is among the words heard, 0..1."""
    return len(suggestion.intersection(heard)) / len(suggestion) if suggestion else 0.0


class Became(NamedTuple):
    """What became of an advice."""

    id: str
    fate: Fate
    line: str = ""  # id of the agent's final that completed it, if it was said


class _Shown(Struct):
    words: frozenset[str]
    until_ms: int
    judged: bool = False  # the agent used it or put it away, by hand
    heard: frozenset[str] = frozenset()


class Fates:
    """The advice of one call that may still be said."""

    def __init__(self) -> None:
        self._open: dict[str, _Shown] = {}

    def shown(self, advice_id: str, suggestion: str, now_ms: int) -> None:
        """This one is written, as far as it will be."""
        if suggestion.strip():
            self._open[advice_id] = _Shown(carrying(suggestion), now_ms + WINDOW_MS)

    def judged(self, advice_id: str) -> None:
        """The agent used, copied or dismissed it: it does not expire any more."""
        if advice_id in self._open:
            self._open[advice_id].judged = True

    def heard(self, line_id: str, text: str, now_ms: int) -> list[Became]:
        """A final of the agent's."""
        became = self.passed(now_ms)
        words = carrying(text)
        for advice_id, shown in list(self._open.items()):
            shown.heard |= words
            enough = ENOUGH if len(shown.words) >= FEWEST else 1.0
            if share_said(shown.words, shown.heard) >= enough:
                del self._open[advice_id]
                became.append(Became(advice_id, "said", line_id))
        return became

    def passed(self, now_ms: int | None = None) -> list[Became]:
        """Those whose time is over; all of them at the end of the call."""
        over = [
            advice_id
            for advice_id, shown in self._open.items()
            if now_ms is None or shown.until_ms < now_ms
        ]
        gone = {advice_id: self._open.pop(advice_id) for advice_id in over}
        return [Became(i, "expired") for i, shown in gone.items() if not shown.judged]
