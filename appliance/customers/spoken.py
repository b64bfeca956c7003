"""Who somebody says they are: names, numbers and addresses in what was said. No IO.

Rather none than a wrong one: a name counts only where it is introduced ("my name is ...")
or was asked for, a number only from six digits on, and what could be a payment card is not
looked at. What is found is a clue; whether it is a customer's, the site's data say.
"""

import re
from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.dictated import (
    SPOKEN_ADDRESS,
    TIMES,
    WORD,
    WRITTEN_ADDRESS,
    digits_of,
    luhn,
)
from appliance.numerals import FILLERS

ClueKind: TypeAlias = Literal["name", "number", "email"]


class Clue(Struct, frozen=True):
    """For a name: the words that follow the introduction, of which the first are it."""

    kind: ClueKind
    text: str


FEWEST_DIGITS, MOST_DIGITS = 6, 15  # 15 by E.164; more is a card or nonsense
_CARD = range(13, 20)  # digits of a payment card

_INTRODUCTION = re.compile(
    r"\b(?:my (?:full )?name is|my name['’]s|the name is|the name['’]s|"
    r"(?:this|that) is|i am|i['’]m|you are speaking (?:to|with)|"
    r"mein name ist|ich hei(?:ß|ss)e|ich bin|hier (?:ist|spricht))\s+",
    re.IGNORECASE,
)
# Only where the name was asked for; "it is raining" is nobody.
_ANSWER = re.compile(
    r"^(?:(?:yes|yeah|sure|of course|certainly|ja|gerne|um|uh|erm)\W+)*"
    r"(?:(?:it is|it['’]s|that['’]s|das ist)\s+)?",
    re.IGNORECASE,
)
_NAME_ASKED = re.compile(r"\b(?:name|who am i speaking|wer spricht)\b", re.IGNORECASE)

_SIGNS = {"dot": ".", "underscore": "_", "dash": "-", "hyphen": "-"}

MOST_NAME_WORDS = 4
# Somebody who reads out a novel does not say who they are.
LONGEST = 1000


def clues(text: str, asked: str = "", before: str = "") -> list[Clue]:
    """What is in one thing the customer said or typed.

    `asked` is what the agent said last; `before` is what the customer said just before,
    for a number that goes on.
    """
    text = text[-LONGEST:]
    found = [Clue("email", address) for address in _addresses(text)]
    found += [Clue("number", number) for number in numbers(f"{before[-LONGEST:]} , {text}")]
    found += [Clue("name", name) for name in _names(text, asked)]
    return list(dict.fromkeys(found))


def ends_in_number(text: str) -> bool:
    """Whether a number may go on in what is said next."""
    words = [word.lower() for word in WORD.findall(text)]
    return bool(words) and digits_of(words[-1]) != ""


def numbers(text: str) -> list[str]:
    """Numbers of six digits and more, spoken or written, with the letters before them: "M K
    four seven oh, double two" is "MK47022"."""
    runs, letters, digits, times = list[str](), "", "", 1
    for word in [*WORD.findall(text), "."]:
        lowered = word.lower()
        here = digits_of(lowered)
        if lowered in TIMES:
            times = TIMES[lowered]
        elif here:
            digits += here * (times if len(here) == 1 else 1)
            times = 1
        elif not digits and len(word) == 1 and word.isupper() and lowered not in "ia":
            letters += word
        elif digits and lowered in FILLERS:
            continue
        else:
            runs.append(letters + digits)
            code = re.fullmatch(r"([A-Za-z]{1,5})", word)
            letters, digits, times = (
                (word.upper() if code and word.isupper() else ""),
                "",
                1,
            )
            if re.fullmatch(r"[A-Za-z]{1,5}\d+", word):
                runs.append(word.upper())
    return [run for run in runs if _is_number(run)]


def _is_number(run: str) -> bool:
    digits = re.sub(r"\D", "", run)
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return False
    return not (len(digits) in _CARD and luhn(digits))


def _addresses(text: str) -> list[str]:
    written = [match.rstrip(".") for match in WRITTEN_ADDRESS.findall(text)]
    spoken = [
        f"{_written(local)}@{_written(domain)}"
        for local, domain in SPOKEN_ADDRESS.findall(text)
    ]
    return written + spoken


def _written(spoken: str) -> str:
    return "".join(_SIGNS.get(word.lower(), word) for word in spoken.split()).lower()


def _names(text: str, asked: str) -> list[str]:
    begins = [match.end() for match in _INTRODUCTION.finditer(text)]
    if _NAME_ASKED.search(asked):
        match = _ANSWER.match(text)
        begins.append(match.end() if match else 0)
    names = []
    for begin in begins:
        # A name ends where the phrase does: at a comma, a full stop, "and I".
        phrase = re.split(r"[,.;:!?]", text[begin:], maxsplit=1)[0]
        words = WORD.findall(phrase)[:MOST_NAME_WORDS]
        if len(words) > 1:  # a first name alone is anybody's
            names.append(" ".join(words))
    return names
