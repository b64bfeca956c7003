"""What people dictate: digits, letters and addresses, spoken or written. No IO.

One table for everybody who reads numbers out of speech: who looks a customer up by one, and
who takes one out of the record.
"""

import re
from collections.abc import Mapping

from appliance import cardinals


def listed(words: str) -> frozenset[str]:
    """The words of a text; a list of a hundred is read better so than one below another."""
    return frozenset(words.split())


DIGITS: Mapping[str, str] = cardinals.DIGITS | {"naught": "0"}

TIMES: Mapping[str, int] = cardinals.TIMES | {"quadruple": 4}

# Two digits in one word: "forty-two forty-two" is how many read a card.
TEENS: Mapping[str, str] = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18",
    "nineteen": "19", "zehn": "10", "elf": "11", "zwölf": "12", "dreizehn": "13",
    "vierzehn": "14", "fünfzehn": "15", "sechzehn": "16", "siebzehn": "17",
    "achtzehn": "18", "neunzehn": "19",
}  # fmt: skip
TENS: Mapping[str, str] = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5",
    "sixty": "6", "seventy": "7", "eighty": "8", "ninety": "9",
    "zwanzig": "2", "dreißig": "3", "dreissig": "3", "vierzig": "4", "fünfzig": "5",
    "sechzig": "6", "siebzig": "7", "achtzig": "8", "neunzig": "9",
}  # fmt: skip
ZEROS: Mapping[str, str] = {
    "hundred": "00", "thousand": "000", "hundert": "00", "tausend": "000",
}  # fmt: skip

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

WRITTEN_ADDRESS = re.compile(r"[^\s@,;:<>]+@[^\s@,;:<>]+\.[^\W\d_]{2,}")
SPOKEN_ADDRESS = re.compile(
    r"\b(\w+(?:\s+(?:dot|underscore|dash|hyphen)\s+\w+)*)\s+at\s+"
    r"(\w+(?:\s+(?:dot|dash|hyphen)\s+\w+)+)",
    re.IGNORECASE,
)

_COMPOUND = re.compile(rf"({'|'.join(DIGITS)}|ein)und({'|'.join(TENS)})")


def digits_of(word: str) -> str:
    """The digits that a lower-case word is, one after the other; "" if it is none."""
    return word if word.isascii() and word.isdigit() else DIGITS.get(word, "")


def pair_of(word: str) -> str:
    """The two digits that one lower-case word stands for, "" if it is no such number."""
    if word in TEENS:
        return TEENS[word]
    compound = _COMPOUND.fullmatch(word)  # "zweiundvierzig"
    if compound is not None:
        return TENS[compound[2]] + DIGITS.get(compound[1], "1")
    return f"{TENS[word]}0" if word in TENS else ""


def luhn(digits: str) -> bool:
    """Whether the check digit of a payment card fits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
