"""When a spoken word counts as a word of a rule: inflected, misheard, or not.

A word of a rule matches a spoken word, both in lower case and without accents, if

- they are the same; or
- they share a stem of four letters or more and differ in an ending (ENDINGS: "record",
  "records", "recorded"; "cancel", "cancelled"; "policy", "policies"); or
- both have eight letters or more, begin alike and are one slip apart (a letter wrong,
  missing, too many, or two swapped), from twelve letters on two.

Shorter words are never misheard here: "card" and "care" are as near as "recording" and
"recoding". A rule with `exact = true` takes the first only; `record*` takes whatever
begins so.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Of English, German, Spanish, French and Italian. Those of one consonant make other words
# of short ones ("plan" and "plant", "even" and "event"), so they want a longer stem.
ENDINGS = (
    *("s", "es", "ed", "ing", "ings"),
    *("e", "en", "er", "em", "te", "ten", "est", "et", "tet", "ung", "ungen"),
    *("a", "o", "i", "as", "os", "ar", "ado", "ada", "ados", "adas", "ando"),
    *("ir", "ido", "ida", "idos", "idas", "iendo"),
    *("ee", "ees", "ant", "ons", "ez", "ent"),
    *("are", "ere", "ire", "ato", "ata", "ati", "ate", "ito", "ita", "uto", "uta"),
)
SHORT_ENDINGS = ("n", "t", "st")
STEM, STEM_OF_SHORT = 4, 5
LONGEST_ENDING = max(map(len, ENDINGS))

ONE_SLIP, TWO_SLIPS = 8, 12  # letters

# Said while thinking; a phrase goes on after them.
FILLERS = frozenset(("uh", "um", "uhm", "er", "erm", "hm", "hmm", "mm", "ah", "aeh", "ahm"))

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """In lower case, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """The folded words of a text, without what people say while they think."""
    words = (folded(word) for word in _WORD.findall(text))
    return [word for word in words if word and word not in FILLERS]


def alike(one: str, other: str) -> bool:
    """Whether one of two folded words counts as the other."""
    return one == other or bool(stems(one) & stems(other)) or _misheard(one, other)


def stems(word: str) -> frozenset[str]:
    """What is left of a folded word without each ending that it may have."""
    found = {word} if len(word) >= STEM else set()
    for ending, least in _endings():
        rest = word[: len(word) - len(ending)]
        if word.endswith(ending) and len(rest) >= least:
            found.add(rest)
            if rest[-1] == rest[-2] and len(rest) > STEM:
                found.add(rest[:-1])  # cancelled, planning
    if word.endswith(("ies", "ied")) and len(word) > STEM + 1:
        found.add(word[:-3] + "y")
    return frozenset(found)


def _endings() -> Iterable[tuple[str, int]]:
    yield from ((ending, STEM) for ending in ENDINGS)
    yield from ((ending, STEM_OF_SHORT) for ending in SHORT_ENDINGS)


def slips_allowed(one: str, other: str) -> int:
    shorter = min(len(one), len(other))
    if shorter < ONE_SLIP or one[0] != other[0]:
        return 0
    return 2 if shorter >= TWO_SLIPS else 1


def _misheard(one: str, other: str) -> bool:
    most = slips_allowed(one, other)
    return most > 0 and within(one, other, most)


def within(one: str, other: str, most: int) -> bool:
    """Whether so many slips at most make one word of the other."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        earlier, before, row = before, row, [place]
        for there, wanted in enumerate(other, 1):
            cost = min(
                before[there] + 1, row[-1] + 1, before[there - 1] + (letter != wanted)
            )
            swapped = (
                place > 1
                and there > 1
                and letter == other[there - 2]
                and one[place - 2] == wanted
            )
            row.append(min(cost, earlier[there - 2] + 1) if swapped else cost)
        if min(row) > most:
            return False
    return row[-1] <= most
