"""What was said that belongs into a record as it stands: no model, nothing can be invented.

The draft where no model can write one in time, and the parts of every draft that are better
copied than written: what was promised, and names, amounts, dates and numbers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from appliance.assistant.summary.lines import Said, sentences, weight
from appliance.assistant.summary.source import UNIT_WORDS, counted
from appliance.assistant.summary.vocabulary import MONEY, MONTHS, UNITS
from appliance.messages import FactKind, SummaryFact, SummaryLine
from appliance.numerals import Numeral, numerals

# Of a sentence, as `weight` counts. "I've lost my card" has three.
MATTER, DEED = 3, 3
LIGHT = 2  # where there is nothing better

MOST_PROBLEM, MOST_FOLLOW_UPS, MOST_FACTS = 2, 3, 12

# A shorter number is not worth looking up again, unless it is money.
FEWEST_DIGITS = 4
# As many as an account of a bank or a payment card has: not for notes.
MOST_DIGITS = 11

_CLOSING = re.compile(
    r"\b(anything else|have a (nice|good|great|lovely)|good ?bye|take care|you(’|'| a)re "
    r"(very )?welcome|thank(s| you) for|pleasure|happy to help|sonst noch|schönen tag|"
    r"gern geschehen|wiederhören)\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b((i|we|he|she|they|it|you|someone|somebody|engineer|team|card|parcel|refund|credit)"
    r"(['’]ll| will| am going to| are going to)|within \w+|"
    r"will (be|come|get|receive|call|arrive|send)|"
    r"(ich|wir|sie|er|es) (werden?|wird)|wird \w+)\b",
    re.IGNORECASE,
)
# Done while they talk, or only polite.
_AT_ONCE = re.compile(
    r"\b(let me|one moment|just a|moment|check|(have|take) a look|pull|put you|need to|"
    r"look (into )?that up|ask you|see if|be (happy|glad|able)|that(['’]ll| will) be|"
    r"if you|"
    r"augenblick|nachsehen|schaue)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b((i|we)(['’]ve| have|['’]ll| will)|(has|have) been|will be|you (can|will)|set up|"
    r"(ich|wir) (habe|haben|werde|werden)|wurde|ist (nun|jetzt))\b",
    re.IGNORECASE,
)
_POLITE = re.compile(r"\b(sorry|hope|apologi[sz]e|leider|tut mir)\b", re.IGNORECASE)
_INTRODUCTION = re.compile(
    r"\W*(?:(?:hi|hello|hey|yes)\W+)*(?:my name is|this is|i am|i['’]m|mein name ist)"
    r"(?:\W+\w+){1,3}\W*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_EMAIL = re.compile(r"[^\s@,;:<>]+@[^\s@,;:<>]+\.[^\W\d_]{2,}")
_NAME = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Miss|Dr|Herr|Frau)\.? )?\b[A-ZÄÖÜ][^\W\d_]+(?:['’][A-Z][^\W\d_]+)?"
    r"(?:[ -][A-ZÄÖÜ][^\W\d_]+)+"
)


def problem(lines: Sequence[Said]) -> list[Said]:
    """The first thing the customer said that has something to it, and what goes on."""
    found = [
        s
        for said in lines
        if said.speaker == "customer"
        for s in sentences(said)
        if not _INTRODUCTION.fullmatch(s.text)
    ]
    heavy = [n for n, s in enumerate(found) if weight(s.text) >= MATTER]
    light = [n for n, s in enumerate(found) if weight(s.text) >= LIGHT]
    if not light:
        return []
    first = (heavy or light)[0]
    more = [
        s for s in found[first + 1 :] if s.id == found[first].id and weight(s.text) >= LIGHT
    ]
    return [found[first], *more][:MOST_PROBLEM]


def deed(lines: Sequence[Said]) -> list[Said]:
    """The last thing the agent did or said that is not part of the goodbye."""
    found = _by_agent(lines)
    told = [s for s in found if not s.text.endswith("?") and not _POLITE.search(s.text)]
    done = [s for s in told if _DONE.search(s.text)]
    return (done or told or found)[-1:]


def ending(lines: Sequence[Said]) -> list[Said]:
    """The last thing the agent said that is not part of the goodbye, a question too: how it
    was left."""
    return _by_agent(lines)[-1:]


def _by_agent(lines: Sequence[Said]) -> list[Said]:
    return [
        s
        for said in lines
        if said.speaker == "agent"
        for s in sentences(said)
        if weight(s.text) >= DEED and not _CLOSING.search(s.text)
    ]


def follow_ups(lines: Sequence[Said]) -> list[Said]:
    """What somebody said that they, or somebody, will do."""
    found = [
        s
        for said in lines
        for s in sentences(said)
        if _PROMISE.search(s.text)
        and not _AT_ONCE.search(s.text)
        and not _CLOSING.search(s.text)
        and not s.text.endswith("?")
        and weight(s.text) >= MATTER
    ]
    return found[-MOST_FOLLOW_UPS:]


def facts(lines: Iterable[Said]) -> list[SummaryFact]:
    """Names, amounts, dates, numbers and addresses, each once, as they were said first."""
    found: dict[tuple[FactKind, str], SummaryFact] = {}
    for said in lines:
        for kind, text in _facts(said.text):
            fact = SummaryFact(kind=kind, text=text, line=said.id)
            found.setdefault((kind, text.lower()), fact)
    return list(found.values())[:MOST_FACTS]


def _facts(text: str) -> Iterator[tuple[FactKind, str]]:
    for match in _EMAIL.finditer(text):
        yield "email", match.group().rstrip(".")
    for match in _NAME.finditer(text):
        if match.start() and text[: match.start()].rstrip()[-1:] not in ".!?":
            yield "name", match.group()
    for numeral in numerals(_EMAIL.sub(lambda m: " " * len(m.group()), text)):
        kind = _kind(numeral, text)
        if kind is not None:
            yield kind, _with_unit(numeral, text)


def _kind(numeral: Numeral, text: str) -> FactKind | None:
    units = counted(numeral, text)
    if units & MONEY:
        return "amount"
    before = text[: numeral.start].lower().split()[-2:]
    if units & MONTHS or MONTHS.intersection(before):
        return "date"
    digits = max((sum(map(str.isdigit, one)) for one in numeral.whole), default=0)
    return "number" if FEWEST_DIGITS <= digits <= MOST_DIGITS else None


def _with_unit(numeral: Numeral, text: str) -> str:
    """The number with its sign, or with the word that says what it counts."""
    start = numeral.start
    while start and text[start - 1] in "$£€#":
        start -= 1
    end = numeral.end
    if text[end : end + 1] in ("€", "$", "£"):
        end += 1
    for word in list(_WORD.finditer(text, end))[:UNIT_WORDS]:
        if UNITS.get(word.group().lower()) in counted(numeral, text) & (MONEY | MONTHS):
            end = word.end()
    return text[start:end]


def quoted(found: Iterable[Said]) -> tuple[SummaryLine, ...]:
    return tuple(
        SummaryLine(text=said.text, lines=(said.id,), quoted=True) for said in found
    )
