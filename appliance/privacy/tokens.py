"""What was said as tokens: digits, letters and words, spoken or written. No IO."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from appliance.dictated import TENS, TIMES, ZEROS, digits_of, listed, pair_of
from appliance.numerals import FILLERS

TokenKind: TypeAlias = Literal["digits", "letters", "mixed", "word", "mark"]


class Token(NamedTuple):
    start: int
    end: int
    kind: TokenKind
    word: str  # in lower case
    value: str  # the digits or capital letters it stands for


_PIECE = re.compile(r"\[[a-z][a-z -]*\]|[^\W_]+(?:['’][^\W_]+)*")
_EXTENSION = re.compile(r"\d+x\d+")  # of a telephone number
_MIXED = re.compile(r"(?=.*\d)(?=.*[a-z])(?!\d+(?:st|nd|rd|th)$)[a-z\d]+")
_FOR = frozenset({"for", "as", "wie"})

# The spelling alphabet of radio and police, as far as its words are none of plain talk.
ALPHABET = {
    word: word[0].upper()
    for word in sorted(
        listed(
            "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett "
            "kilo lima november oscar papa quebec romeo sierra tango uniform victor "
            "whiskey xray yankee zulu"
        )
    )
}

# What a recogniser writes for a digit between digits. They count as pauses: with a digit
# less, a number is still a number.
SOUNDS_LIKE = frozenset({"to", "too", "for", "ate", "won", "fore", "tree"})

# Between two turns of a text that was said in several. No white space, so that nothing but
# what is meant to reaches over it.
BREAK = "\x00"

# Between two tokens of one number.
_GAP = re.compile(r"(?:[^\w$£€%@]|_)*")
_BETWEEN = FILLERS | {"and", "und", "dot", "point", "space", "slash", "comma"}


def tokens(text: str) -> list[Token]:
    pieces = [_token(match) for match in _PIECE.finditer(text)]
    result: list[Token] = []
    place = 0
    while place < len(pieces):
        count, token = _joined(pieces[place : place + 3], result, text)
        result.append(token)
        place += count
    return [_no_zero(text, token, n, result) for n, token in enumerate(result)]


def _no_zero(text: str, token: Token, place: int, found: Sequence[Token]) -> Token:
    """ "Oh great" has no zero in it."""
    if token.word not in ("oh", "o") or _is_alone(text, token):
        return token
    for other in [*found[max(0, place - 1) : place], *found[place + 1 : place + 2]]:
        apart = text[min(token.end, other.end) : max(token.start, other.start)]
        if other.kind in ("digits", "letters", "mixed") and BREAK not in apart:
            return token
    return token._replace(kind="letters", value="O")


def _token(match: re.Match[str]) -> Token:
    word = match[0].lower()
    start, end = match.span()
    if word[0] == "[":
        return Token(start, end, "mark", word, "")
    digits = digits_of(word) or pair_of(word) or _foreign(word)
    if digits:
        return Token(start, end, "digits", word, digits)
    if _EXTENSION.fullmatch(word):
        return Token(start, end, "digits", word, word.replace("x", ""))
    if len(word) == 1:
        return Token(start, end, "letters", word, word.upper())
    if _MIXED.fullmatch(word):
        return Token(start, end, "mixed", word, word.upper())
    return Token(start, end, "word", word, "")


def _foreign(word: str) -> str:
    """Digits of other scripts, wide ones and raised ones."""
    return "".join(str(unicodedata.digit(sign)) for sign in word) if word.isdigit() else ""


def _joined(
    ahead: Sequence[Token], before: Sequence[Token], text: str
) -> tuple[int, Token]:
    """How many of the next tokens are one, and that one."""
    first = ahead[0]
    second = ahead[1] if len(ahead) > 1 else None
    if first.word in ZEROS and before and before[-1].kind == "digits":
        return 1, first._replace(kind="digits", value=ZEROS[first.word])
    if second is None:
        return 1, first
    if first.word in TIMES and second.kind in ("digits", "letters"):
        value = second.value
        times = TIMES[first.word] if len(value) == 1 else 1
        return 2, second._replace(start=first.start, value=value * times)
    if _is_tens(first, second, text):
        value = TENS[first.word] + second.value
        return 2, second._replace(start=first.start, value=value)
    third = ahead[2] if len(ahead) > 2 else None
    if third is not None and second.word in _FOR and _begins(third, first):
        return 3, first._replace(end=third.end)  # "t for tommy"
    return 1, first


def _begins(word: Token, letter: Token) -> bool:
    return letter.kind == "letters" and word.kind == "word" and word.word[0] == letter.word


def _is_tens(first: Token, second: Token, text: str) -> bool:
    """ "Forty-two": tens, then a digit in letters."""
    unit = second.kind == "digits" and len(second.value) == 1 and second.value != "0"
    apart = text[first.end : second.start]
    return first.word in TENS and unit and second.word.isalpha() and apart in (" ", "-")


def _is_alone(text: str, token: Token) -> bool:
    before, after = text[: token.start], text[token.end :]
    begins = not before.rpartition(BREAK)[2].strip()
    return begins and not after.partition(BREAK)[0].strip(" .,!")


class Run(NamedTuple):
    """Tokens that people say as one number."""

    tokens: Sequence[Token]
    value: str
    last: int  # index of the last token among all

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


def digit_runs(
    text: str, found: Sequence[Token], soft: frozenset[int] = frozenset()
) -> list[Run]:
    """The numbers. `soft` are indexes of tokens that break none."""
    return _runs(text, found, soft, frozenset({"digits"}))


def symbol_runs(
    text: str, found: Sequence[Token], soft: frozenset[int] = frozenset()
) -> list[Run]:
    """Digits and spelled letters together; the words of the spelling alphabet are letters
    only here."""
    spelled = [
        token._replace(kind="letters", value=ALPHABET[token.word])
        if token.word in ALPHABET
        else token
        for token in found
    ]
    return _runs(text, spelled, soft, frozenset({"digits", "letters", "mixed"}))


def _runs(
    text: str, found: Sequence[Token], soft: frozenset[int], wanted: frozenset[TokenKind]
) -> list[Run]:
    runs: list[Run] = []
    open_: list[Token] = []
    last = 0
    for place, token in enumerate(found):
        if token.kind in wanted and place not in soft:
            if open_ and not _one(text, open_[-1], token, found[last + 1 : place]):
                runs.append(Run(open_, "".join(t.value for t in open_), last))
                open_ = []
            open_.append(token)
            last = place
        elif open_ and place not in soft and not _is_pause(token, found, place):
            runs.append(Run(open_, "".join(t.value for t in open_), last))
            open_ = []
    if open_:
        runs.append(Run(open_, "".join(t.value for t in open_), last))
    return runs


def _is_pause(token: Token, found: Sequence[Token], place: int) -> bool:
    if token.word in _BETWEEN:
        return True
    if token.word not in SOUNDS_LIKE:
        return False
    beside = [*found[place - 1 : place], *found[place + 1 : place + 2]]
    return all(other.kind == "digits" and len(other.value) <= 2 for other in beside)


def _one(text: str, before: Token, after: Token, between: Sequence[Token]) -> bool:
    """Whether nothing but separators and pauses stands between two tokens."""
    gap = text[before.end : after.start]
    for token in between:
        gap = gap.replace(text[token.start : token.end], "", 1)
    return _GAP.fullmatch(gap) is not None
