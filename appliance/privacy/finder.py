"""All that is personal in a text, by its look and by what was asked before it. No IO."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from appliance.privacy.answers import answer_spans
from appliance.privacy.codes import account_spans, email_spans, postcode_spans
from appliance.privacy.context import Found, around, labels
from appliance.privacy.dates import days
from appliance.privacy.kinds import ALWAYS, Kind, Span, merged
from appliance.privacy.numbers import Scene, glued_spans, number_spans
from appliance.privacy.tokens import BREAK, Token, digit_runs, symbol_runs, tokens

_INTRODUCTION = re.compile(
    r"\b(?:my (?:full |first |last )?name is|my name['’]s|the name is|the name['’]s|"
    r"this is|you are speaking (?:to|with)|mein name ist|ich hei(?:ß|ss)e|hier spricht)\s+",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"\s*([^\W\d_]+(?:['’-][^\W\d_]+)*\.?)")
MOST_NAME_WORDS = 4

# An address that is said in two turns.
_ADDRESS_GOES_ON = re.compile(
    rf"(?<=\bat){BREAK}|(?<=\bdot){BREAK}|{BREAK}(?=(?:at|dot)\b)", re.IGNORECASE
)


class Question(Struct, frozen=True, kw_only=True):
    """What is known when a text is looked at."""

    asked: frozenset[Kind] = frozenset()  # by the other side, and not yet answered
    harmless: bool = False  # what was asked for is nobody's secret
    first: bool = True  # nothing of the answer has come
    given: Mapping[str, Kind] = {}  # digits that the other side has just given
    growing: bool = False  # a partial
    open: bool = False  # the text may go on in the next turn
    answer_from: int = 0  # place in the text where what was said now begins


def find(
    text: str,
    known: Question,
    kinds: frozenset[Kind],
    names: Sequence[str] = (),
    soft: frozenset[int] = frozenset(),
    found: Sequence[Token] | None = None,
) -> list[Span]:
    """The spans of these kinds, in order, none over another. `names` are people's that
    are known; `soft` are indexes of tokens that a number goes on behind."""
    found = tokens(text) if found is None else found
    wanted = kinds | ALWAYS
    all_spans = _all(text, found, known, names if "name" in wanted else (), soft)
    return merged(span for span in all_spans if span.kind in wanted)


def _all(
    text: str,
    found: Sequence[Token],
    known: Question,
    names: Sequence[str],
    soft: frozenset[int],
) -> Iterator[Span]:
    named = labels(text)
    if any(token.kind in ("digits", "mixed") for token in found):
        yield from _numbers(text, found, known, named, soft)
    yield from _coded(text, found, known, named, soft)
    if "@" in text or re.search(r"\b(?:at|ät)\b", text, re.IGNORECASE):
        yield from email_spans(_ADDRESS_GOES_ON.sub(" ", text))
    yield from _birth_dates(text.replace(BREAK, " "), known, named)
    now = [token for token in found if token.start >= known.answer_from]
    yield from answer_spans(text, now, known.asked, first=known.first)
    yield from _names(text, names)


def _numbers(
    text: str,
    found: Sequence[Token],
    known: Question,
    named: list[Found],
    soft: frozenset[int],
) -> Iterator[Span]:
    runs = digit_runs(text, found, soft)
    open_ = bool(runs) and known.open and _reaches_end(runs[-1].last, found)
    open_from = runs[-1].start if open_ else len(text)
    scene = Scene(named, known.asked, known.given, known.growing, open_from)
    yield from number_spans(text, runs, scene)
    yield from glued_spans(found)


def _coded(
    text: str,
    found: Sequence[Token],
    known: Question,
    named: list[Found],
    soft: frozenset[int],
) -> Iterator[Span]:
    runs = symbol_runs(text, found, soft)
    for span in account_spans(text, runs, going_on=known.growing or known.open):
        name = around(text, named, span.start, span.end)
        if span.kind == "account" or name is None or name.label != "harmless":
            yield span
    yield from postcode_spans(text, runs)


def _reaches_end(last: int, found: Sequence[Token]) -> bool:
    """Whether nothing but a word or two stands behind a number."""
    return len(found) - 1 - last <= 2


def _birth_dates(text: str, known: Question, named: list[Found]) -> Iterator[Span]:
    for start, end, long_ago in days(text):
        name = around(text, named, start, end)
        asked = "birth_date" in known.asked
        if long_ago or asked or (name is not None and name.label == "birth_date"):
            yield Span(start, end, "birth_date")


def _names(text: str, names: Sequence[str]) -> Iterator[Span]:
    for match in _INTRODUCTION.finditer(text):
        end, words = match.end(), 0
        while words < MOST_NAME_WORDS and (word := _NAME_WORD.match(text, end)):
            if not word[1][0].isupper():
                break
            end, words = word.end(), words + 1
        if words:
            yield Span(match.end(), end, "name")
    for name in names:
        pattern = rf"\b{re.escape(name)}\b"
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield Span(*match.span(), "name")
