"""Takes what is personal out of one call, line by line, as it is said. No IO, no clock.

What comes in is the original; what goes out may be shown, read by a model and kept. The
originals of the last few turns stay here, in memory, because a number may go on: digits
that may become a card are masked first and shown once it is clear that they are none. So
nothing that has gone out has ever to be taken back.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from appliance.dictated import WORD
from appliance.messages import ROLES, ChatLine, Role, Transcript, partner_of
from appliance.privacy.chain import Chain
from appliance.privacy.context import asked, asks_for_harmless
from appliance.privacy.finder import Question, find
from appliance.privacy.kinds import Kind, Span, masked
from appliance.privacy.numbers import is_begun
from appliance.privacy.tokens import digit_runs, tokens
from appliance.privacy.words import L, Line

# Who says as little as this has not changed the subject ("mm-hm", "take your time").
AN_ASIDE = 3
# And who asked and has no answer yet may say so much more to it.
PATIENCE = 8
# Turns in which a question is answered, or is not.
MOST_TRIES = 4

_AGAIN = re.compile(
    r"\b(?:repeat|again|once more|sorry|pardon|spell|slowly|nochmal|wiederholen|langsam)\b",
    re.I,
)
_QUESTION = re.compile(
    r"\?|\b(?:what|which|how|when|where|who|why|wann|wie)\b"
    r" (?:is|are|was|were|do|does|did|would|will|can|could|day|time|ist|sind|kann)\b",
    re.IGNORECASE,
)


class _Leg(Struct):
    chain: Chain
    asked: frozenset[Kind] = frozenset()
    harmless: bool = False  # an order number, or its like, was asked for
    first: bool = True  # nothing of the answer has come
    tries: int = 0
    new: bool = False  # something else was asked for than before
    given: Mapping[str, Kind] = {}  # digits by the other person, who may hear them again


class Redactor:
    def __init__(self, kinds: Iterable[Kind]) -> None:
        """`kinds` beside those that are taken out always."""
        self._kinds = frozenset(kinds)
        self._legs: dict[Role, _Leg] = {
            role: _Leg(chain=Chain(self._kinds)) for role in ROLES
        }
        self._names: list[str] = []

    def know(self, names: Iterable[str]) -> None:
        """People in this call are called so; for where names are taken out."""
        whole = [name for name in names if len(name) > 1]
        parts = [part for name in whole for part in name.split() if len(part) > 2]
        self._names = list(dict.fromkeys([*self._names, *whole, *parts]))

    def heard(self, line: Transcript) -> tuple[list[Line], Transcript]:
        """Earlier lines that read otherwise now, and this one as it may be told."""
        if not line.text.strip():
            return [], line
        if line.is_final:
            return self._settle(line)
        leg = self._legs[line.speaker]
        question = msgspec.structs.replace(_question(leg), growing=True)
        return [], leg.chain.look(line, question, self._names)

    def typed(self, line: ChatLine) -> tuple[list[Line], ChatLine]:
        """As `heard`."""
        return self._settle(line)

    def _settle(self, line: L) -> tuple[list[Line], L]:
        leg, other = self._legs[line.speaker], self._legs[partner_of(line.speaker)]
        question = msgspec.structs.replace(_question(leg), open=True)
        before: list[Line] = []
        if leg.new:
            before, leg.new = leg.chain.close(self._names), False
        earlier, shown, spans = leg.chain.add(line, question, self._names)
        self._answered(leg, spans)
        given = _given(line.text, spans)
        if is_begun([digits for digits, kind in given.items() if kind == "card"]):
            # The rest may come after whatever is said between.
            leg.asked, leg.tries = leg.asked | {"card"}, 0
        self._ask(other, line.text, given)
        return [*before, *earlier], shown

    def end(self) -> list[Line]:
        """Nobody says anything more: lines that read otherwise now."""
        return [
            line for leg in self._legs.values() for line in leg.chain.close(self._names)
        ]

    def text(self, text: str) -> str:
        """Something written that stands alone: why they call, a summary."""
        return masked(text, find(text, Question(), self._kinds, self._names))

    def _answered(self, leg: _Leg, spans: Sequence[Span]) -> None:
        if not leg.asked:
            return
        leg.tries += 1
        if any(span.kind in leg.asked for span in spans):
            leg.first = False
        elif leg.tries >= MOST_TRIES:
            leg.asked = frozenset()

    def _ask(self, other: _Leg, text: str, given: Mapping[str, Kind]) -> None:
        """What this line means for what the other person says next."""
        kinds, words = asked(text), len(WORD.findall(text))
        if words > AN_ASIDE:
            other.harmless = asks_for_harmless(text)
        if kinds:
            other.new = other.new or kinds != other.asked
            other.asked, other.first, other.tries = kinds, True, 0
        elif _turns_away(text, words, PATIENCE if other.first else AN_ASIDE):
            other.asked = frozenset()
        if given or words > PATIENCE:
            other.given = given


def _given(text: str, spans: Sequence[Span]) -> Mapping[str, Kind]:
    runs = digit_runs(text, tokens(text))
    return {
        run.value: span.kind
        for span in spans
        for run in runs
        if span.start <= run.start < span.end
    }


def _turns_away(text: str, words: int, patience: int) -> bool:
    """Whether who asked goes on to something else."""
    if _AGAIN.search(text):
        return False
    return words > patience or _QUESTION.search(text) is not None


def _question(leg: _Leg) -> Question:
    return Question(
        asked=leg.asked, harmless=leg.harmless, first=leg.first, given=leg.given
    )
