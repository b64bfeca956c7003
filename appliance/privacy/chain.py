"""What one person said last, as one text: a number may go on from turn to turn. No IO.

A turn stays in the chain while the number it ends with may go on, and one more turn for the
words that say what comes next ("my card number is").
"""

import re
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from appliance.dictated import listed
from appliance.privacy.finder import Question, find
from appliance.privacy.kinds import Kind, Span, merged
from appliance.privacy.tokens import BREAK, Run, Token, digit_runs, symbol_runs, tokens
from appliance.privacy.words import L, Line, masked_line

# A card has 19 digits at most; each may be a turn of its own, with words between.
MOST_TURNS = 40
# What is typed may be long; each turn is looked at again with every one after it.
MOST_CHARACTERS = 4000

# Somebody who says as little as this between two groups has not changed the subject.
INTERRUPTION = 3

_AT_FIRST = listed(
    "and then next is it it's so the that's okay ok yes yeah followed by um uh erm er "
    "right und dann"
)
MOST_AT_FIRST = 4


class Turn(Struct, kw_only=True):
    original: Line
    harmless: bool = False  # it answers what is nobody's secret
    spans: list[Span] = []  # of what the original says
    shown: str = ""


class Chain:
    def __init__(self, kinds: frozenset[Kind]) -> None:
        self._kinds = kinds
        self._turns: list[Turn] = []

    def look(self, line: L, question: Question, names: Sequence[str]) -> L:
        """A partial, masked; the chain stays as it is."""
        turns = [*self._turns, Turn(original=line, harmless=question.harmless)]
        return masked_line(line, self._find(turns, question, names)[-1])

    def add(
        self, line: L, question: Question, names: Sequence[str]
    ) -> tuple[list[Line], L, list[Span]]:
        """Turns that read otherwise than before; the new one; and what was in that."""
        newest = Turn(original=line, harmless=question.harmless)
        self._turns.append(newest)
        earlier = self._read_again(question, names)
        shown = masked_line(line, newest.spans)
        newest.shown = shown.text
        self._forget()
        return [told for told in earlier if told.id != line.id], shown, newest.spans

    def close(self, names: Sequence[str]) -> list[Line]:
        """Nothing more will come: turns that read otherwise than before."""
        told = self._read_again(Question(answer_from=_END), names) if self._turns else []
        self._turns = []
        return told

    def _read_again(self, question: Question, names: Sequence[str]) -> list[Line]:
        told: list[Line] = []
        found = self._find(self._turns, question, names)
        for turn, spans in zip(self._turns, found, strict=True):
            turn.spans = spans
            line = masked_line(turn.original, spans)
            if line.text != turn.shown:
                turn.shown = line.text
                told.append(line)
        return told

    def _find(
        self, turns: Sequence[Turn], question: Question, names: Sequence[str]
    ) -> list[list[Span]]:
        text = BREAK.join(turn.original.text for turn in turns)
        starts = _starts(turns)
        found = tokens(text)
        known = msgspec.structs.replace(
            question, answer_from=max(question.answer_from, starts[-1])
        )
        spans = find(text, known, self._kinds, names, _soft(found, starts), found)
        return [
            merged([*_kept(turn), *_found(spans, turn, start)])
            for turn, start in zip(turns, starts, strict=True)
        ]

    def _forget(self) -> None:
        text = BREAK.join(turn.original.text for turn in self._turns)
        starts = _starts(self._turns)
        found = tokens(text)
        soft = _soft(found, starts)
        runs = [*digit_runs(text, found, soft), *symbol_runs(text, found, soft)]
        open_ = [run.start for run in runs if _goes_on(run, found, soft)]
        begin = min([*open_, starts[-1]])
        first = max(place for place, start in enumerate(starts) if start <= begin)
        first = max(first, len(self._turns) - MOST_TURNS)
        while first < len(starts) - 1 and len(text) - starts[first] > MOST_CHARACTERS:
            first += 1
        self._turns = self._turns[first:]


_END = 2**60


def _starts(turns: Sequence[Turn]) -> list[int]:
    starts, place = [], 0
    for turn in turns:
        starts.append(place)
        place += len(turn.original.text) + len(BREAK)
    return starts


def _kept(turn: Turn) -> list[Span]:
    """What was found before stays so, but for digits whose meaning was not clear."""
    return [span for span in turn.spans if span.kind != "number"]


def _found(spans: Sequence[Span], turn: Turn, start: int) -> list[Span]:
    """Those in a turn that are not what it was asked for."""
    found = _within(spans, start, turn.original.text)
    return [span for span in found if not turn.harmless or span.kind != "unnamed"]


def _within(spans: Sequence[Span], start: int, text: str) -> list[Span]:
    """The parts of the spans that are in a turn, by its own characters."""
    parts = []
    for span in spans:
        begin, end = max(span.start - start, 0), min(span.end - start, len(text))
        part = text[begin:end] if begin < end else ""
        if re.search(r"\w", part):
            begin += len(part) - len(part.lstrip())
            end -= len(part) - len(part.rstrip())
            parts.append(Span(begin, end, span.kind))
    return parts


def _soft(found: Sequence[Token], starts: Sequence[int]) -> frozenset[int]:
    """Tokens between turns that break no number."""
    soft: set[int] = set()
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else _END
        turn = [n for n, token in enumerate(found) if start <= token.start < end]
        plain = [n for n in turn if found[n].kind in ("word", "mark")]
        if place > 0 and len(plain) == len(turn) <= INTERRUPTION:
            soft.update(turn)
            continue
        for n in turn[:MOST_AT_FIRST] if place > 0 else ():
            if found[n].word not in _AT_FIRST:
                break
            soft.add(n)
    return frozenset(soft)


def _goes_on(run: Run, found: Sequence[Token], soft: frozenset[int]) -> bool:
    behind = [n for n in range(run.last + 1, len(found)) if n not in soft]
    return len(behind) <= 2
