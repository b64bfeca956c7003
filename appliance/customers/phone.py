"""Telephone numbers in any notation: what they are looked up by, and when two are one.

No library of numbering plans: whoever is asked for their number gives it with or without
country code and leading zero, and either way the shorter form is the end of the longer.
"""

import re

LINE = 7  # digits of a number that every notation of it has, and look-ups go by
FEWEST, MOST = 7, 15  # digits; 15 by E.164

_NOTATION = re.compile(r"[\s\d()+./-]+")


def digits_of(text: str) -> str:
    """The digits that are dialled from abroad, as far as they are given: no (0), 00, +."""
    return re.sub(r"\D", "", text.replace("(0)", "")).lstrip("0")


def is_phone(text: str) -> bool:
    """Whether this could be meant as a telephone number."""
    return bool(_NOTATION.fullmatch(text)) and FEWEST <= len(digits_of(text)) <= MOST


def same(one: str, other: str) -> bool:
    """Whether two numbers, as `digits_of` gives them, are one in two notations."""
    short, long = sorted((one, other), key=len)
    return len(short) >= FEWEST and long.endswith(short)


def nearly_same(one: str, other: str) -> bool:
    """The same but for one digit: wrong, left out, too many, or two in the wrong order."""
    return any(same(variant, other) for variant in variants(one))


def line_of(digits: str) -> int:
    """What a number is looked up by. There must be LINE digits."""
    return int(digits[-LINE:])


def variants(digits: str) -> list[str]:
    """Every number that is one mistake away, without the number itself."""
    made = set[str]()
    for i in range(len(digits)):
        head, here, tail = digits[:i], digits[i], digits[i + 1 :]
        made.update(f"{head}{d}{tail}" for d in "0123456789")
        made.update(f"{head}{d}{here}{tail}" for d in "0123456789")
        made.add(head + tail)
        made.add(f"{head}{tail[:1]}{here}{tail[1:]}")
    made.discard(digits)
    return sorted(made)


def near_lines(digits: str) -> list[int]:
    """What the numbers one mistake away are looked up by."""
    return sorted({line_of(v) for v in variants(digits) if len(v) >= LINE})
