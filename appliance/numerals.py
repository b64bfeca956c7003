"""Numbers in what people say and write, each with the ways it can be read.

"twenty five", "25" and "25.00" are one number; "four seven oh double two" is 47022, and
"nineteen seventy" 1970. English and German words. No IO.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from msgspec import Struct

from appliance.cardinals import DIGITS, TIMES, cardinal, german

# What people put between the groups of a number.
FILLERS = frozenset({"um", "uh", "erm", "er", "ähm", "äh", "dash", "plus", "hyphen"})

_OH = (("oh",), ("o",))
_DECIMAL = frozenset({"point", "komma"})

# A word, or what has a digit in it, with the signs within: 8:30, 1,200.50, ML-470295.
TOKEN = re.compile(r"[^\W_]+(?:[.,:/'’-](?=[^\W_])[^\W_]+)*")
_SUFFIX = re.compile(r"(\d+(?:[.:]\d+)?)(?:st|nd|rd|th|am|pm|h|hrs?)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?")

# Digits read out one by one are one number from here on, and no part of it is.
READ_OUT = 3
# Nobody reads out a longer number in groups.
MOST_ATOMS = 30


class Numeral(Struct, frozen=True):
    """A number and where it stands."""

    start: int
    end: int
    words: tuple[str, ...]  # as they stand there, in lower case
    whole: frozenset[str]  # ways to read all of it
    parts: frozenset[str]  # numbers that it is made of

    @property
    def readings(self) -> frozenset[str]:
        return self.whole | self.parts


class _Atom(Struct, frozen=True):
    """One number of a row of them."""

    start: int
    end: int
    words: tuple[str, ...]
    readings: tuple[str, ...]
    code: str = ""  # letters that were spelled before it


class _Token(Struct, frozen=True):
    start: int
    end: int
    text: str  # in lower case
    spelled: bool  # a capital letter alone


def numerals(text: str) -> list[Numeral]:
    """Every number in `text`, in order; digits that follow one another are one."""
    return [_numeral(run, text) for run in _runs(list(_atoms(_tokens(text))), text)]


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in TOKEN.finditer(text):
        word = match.group()
        pieces = word.split("-") if not any(map(str.isdigit, word)) else [word]
        start = match.start()
        for piece in pieces:
            single = len(piece) == 1 and piece.isupper() and piece not in "IA"
            found.append(_Token(start, start + len(piece), piece.lower(), single))
            start += len(piece) + 1
    return found


def _atoms(tokens: Sequence[_Token]) -> Iterator[_Atom]:
    words = [token.text for token in tokens]
    place = 0
    code: list[_Token] = []
    while place < len(tokens):
        token = tokens[place]
        after, readings = _read(words, place)
        if after == place:
            code = [*code, token] if token.spelled else []
            place += 1
            continue
        taken = tokens[place:after]
        yield _Atom(
            start=(code or taken)[0].start,
            end=taken[-1].end,
            words=tuple(one.text for one in [*code, *taken]),
            readings=readings,
            code="".join(one.text for one in code),
        )
        place, code = after, []


def _read(words: Sequence[str], place: int) -> tuple[int, tuple[str, ...]]:
    """The number that begins at `place`: where it ends, and how it can be read."""
    word = words[place]
    if any(map(str.isdigit, word)):
        return place + 1, written(word)
    if word in TIMES:
        digit = DIGITS.get(words[place + 1]) if place + 1 < len(words) else None
        return (place + 2, (digit * TIMES[word],)) if digit else (place, ())
    after, value = cardinal(words, place)
    if after > place:
        return after, (str(value),)
    if word in ("oh", "o"):
        return place + 1, ("0",)
    one_word = german(word)
    return (place, ()) if one_word is None else (place + 1, (str(one_word),))


def written(token: str) -> tuple[str, ...]:
    """Ways to read a number that is written in digits, the plainest first."""
    token = token.lower()
    suffix = _SUFFIX.fullmatch(token)
    if suffix:
        token = suffix.group(1)
    if not token[0].isdigit() or any(map(str.isalpha, token)):
        return (re.sub(r"[^\w]", "", token), token)
    readings = [_plain(token)]
    if _GROUPED.fullmatch(token):
        joined = re.sub(r"[.,](?=\d{3})", "", token)
        readings.insert(0, _plain(joined))
    if re.fullmatch(r"\d{1,2}:00", token):
        readings.append(token.partition(":")[0])
    readings.append(re.sub(r"\D", "", token) if re.search(r"[:/-]", token) else token)
    return tuple(dict.fromkeys(readings))


def _plain(token: str) -> str:
    """Without what changes nothing: 25,00 is 25, and 7,50 is 7.5."""
    match = re.fullmatch(r"(\d+)[.,](\d+)", token)
    if match is None:
        return token
    cents = match.group(2).rstrip("0")
    return f"{match.group(1)}.{cents}" if cents else match.group(1)


def _runs(atoms: Sequence[_Atom], text: str) -> list[list[_Atom]]:
    """Numbers between which there is nothing but space, a sign or a filler."""
    runs: list[list[_Atom]] = []
    for atom in atoms:
        last = runs[-1][-1] if runs else None
        if last and not atom.code and _joined(text[last.end : atom.start]):
            runs[-1].append(atom)
        else:
            runs.append([atom])
    # "Oh" alone is no number.
    return [run for run in runs if any(atom.words not in _OH for atom in run)]


def _joined(between: str) -> bool:
    words = between.replace(",", " ").replace("-", " ").split()
    return all(word.lower() in FILLERS | _DECIMAL for word in words)


def _numeral(run: Sequence[_Atom], text: str) -> Numeral:
    run = run[:MOST_ATOMS]
    plain = [atom.readings[0] for atom in run]
    whole = (
        {reading for atom in run for reading in atom.readings} if len(run) == 1 else set()
    )
    whole |= {"".join(plain), run[0].code + "".join(plain)}
    decimal = [
        bool(_DECIMAL & set(text[a.end : b.start].lower().split()))
        for a, b in pairwise(run)
    ]
    if any(decimal):
        cut = decimal.index(True) + 1
        whole = {_plain(f"{''.join(plain[:cut])}.{''.join(plain[cut:])}")}
    elif len(run) == 2:
        whole |= {_plain(f"{plain[0]}.{plain[1]}"), f"{plain[0]}:{plain[1]}"}
    return Numeral(
        start=run[0].start,
        end=run[-1].end,
        words=tuple(word for atom in run for word in atom.words),
        whole=frozenset(whole),
        parts=frozenset(() if any(decimal) else _parts(run, text)),
    )


def _parts(run: Sequence[_Atom], text: str) -> set[str]:
    """The numbers of a row, and what stands between two commas."""
    parts = {reading for atom in run for reading in atom.readings}
    commas = [0, len(run)] + [
        place
        for place, (a, b) in enumerate(pairwise(run), 1)
        if "," in text[a.end : b.start]
    ]
    for first, last in combinations(sorted(set(commas)), 2):
        parts.add("".join(atom.readings[0] for atom in run[first:last]))
    digits = [atom for atom in run if len(atom.readings[0]) == 1]
    return {part for part in parts if len(part) > 2} if len(digits) >= READ_OUT else parts
