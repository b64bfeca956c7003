"""Numbers below a million that are written as words, English and German. No IO."""

import re
from collections.abc import Sequence

DIGITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "null": "0",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
    "eins": "1", "zwei": "2", "zwo": "2", "drei": "3", "vier": "4", "fünf": "5",
    "sechs": "6", "sieben": "7", "acht": "8", "neun": "9",
}  # fmt: skip
TIMES = {"double": 2, "triple": 3, "treble": 3, "doppel": 2, "dreifach": 3}

_TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
)
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_SMALL = {word: int(digit) for word, digit in DIGITS.items() if word not in ("oh", "o")} | {
    word: 10 + place for words in _TEENS for place, word in enumerate(words.split())
}
_TEN = {
    word: 20 + 10 * place for words in _TENS for place, word in enumerate(words.split())
}
_SCALES = {"hundred": 100, "hundert": 100, "thousand": 1000, "tausend": 1000}
_ORDINAL = {word: 1 + place for place, word in enumerate(_ORDINALS.split())} | {
    "thirtieth": 30
}

WORDS = frozenset({*DIGITS, *_SMALL, *_TEN, *_SCALES, *_ORDINAL})

_GERMAN = re.compile(
    r"(?:(?P<thousands>\w+?)?tausend)?(?:(?P<hundreds>\w*?)hundert)?(?:und)?(?P<rest>\w*)"
)


def cardinal(words: Sequence[str], place: int) -> tuple[int, int]:
    """ "two hundred and five" from `place` on: where it ends, and 205. It ends where it
    begins if there is none."""
    total = group = 0
    size = 10**9  # the next word must be smaller than the one before
    at = place
    while at < len(words):
        word = words[at]
        value = _SMALL.get(word, _TEN.get(word, _ORDINAL.get(word)))
        if value is not None and _fits(value, group, size):
            group, size = group + value, 1 if value < 20 else 10
            at += 1
            if word in _ORDINAL or value == 0:
                break
        elif word in _SCALES and _scales(group, _SCALES[word], size):
            size = _SCALES[word]
            whole = max(group, 1) * size
            total, group = (total, whole) if size == 100 else (total + whole, 0)
            at += 1
        elif word in ("and", "und") and size in (100, 1000) and _goes_on(words, at + 1):
            at += 1
        else:
            break
    return at, total + group


def _fits(value: int, group: int, size: int) -> bool:
    """Whether a number below 100 may follow."""
    if group % 100 == 0:
        return value < size and (value > 0 or size == 10**9)
    return size == 10 and 0 < value < 10


def _scales(group: int, scale: int, size: int) -> bool:
    return size >= 1 and group < scale and (group > 0 or size == 10**9)


def _goes_on(words: Sequence[str], place: int) -> bool:
    return place < len(words) and words[place] in {**_SMALL, **_TEN}


def german(word: str) -> int | None:
    """ "fünfundzwanzig", "zweihundertfünfzig"; None: no number."""
    match = _GERMAN.fullmatch(word)
    if match is None or word == "und":
        return None
    thousands, hundreds, rest = match.group("thousands", "hundreds", "rest")
    values = [
        _below_hundred(thousands or "ein") if "tausend" in word else 0,
        _below_hundred(hundreds or "ein") if "hundert" in word else 0,
        _below_hundred(rest) if rest else 0,
    ]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    return sum(value * scale for value, scale in zip(known, (1000, 100, 1), strict=True))


def _below_hundred(word: str) -> int | None:
    if word in ("ein", "eine"):
        return 1
    if word in _SMALL or word in _TEN:
        return _SMALL.get(word, _TEN.get(word))
    unit, joined, ten = word.partition("und")
    units = 1 if unit == "ein" else _SMALL.get(unit)
    if not joined or units is None or ten not in _TEN:
        return None
    return _TEN[ten] + units
