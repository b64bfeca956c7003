"""Passwords that are tried first: made of few pieces that everybody thinks of. No IO.

A list of leaked passwords has a hundred million lines, and nearly all are the same few
habits: a word of a small stock, a run on the keyboard, a year, a repetition; and a mark or
a digit in place of a letter. Here the habits are rules, and cover what no list has yet,
such as this product's name with next year behind it.
"""

from collections.abc import Iterable
from itertools import pairwise

# Words that people choose, in the languages of the pages. Ours, by rule: what a sign-in
# page, a desk, a year, a family, a stadium or a heart suggests.
_STOCK = """
password passwort passwd pass kennwort passphrase secret geheim login logon signin anmelden
admin administrator root user benutzer guest gast test tester testing demo sample default
standard change changeme change-me temp temporary master super supervisor manager agent
system server service support helpdesk office company firma call calls caller callcenter
callcentre centre center phone telefon headset desk customer kunde appliance box welcome
willkommen hello hallo hi letmein letme in open sesame access enter trust trustno one
iloveyou love loveyou liebe lieb schatz baby angel engel princess prinzessin prince king
queen lady sunshine sonnenschein sonne sun moon mond star stars sterne sommer winter herbst
fruehling frühling spring summer autumn fall monday tuesday wednesday thursday friday
saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag january february
march april may june july august september october november december januar februar märz
maerz mai juni juli oktober dezember today morning night dragon drache monkey affe tiger
lion löwe wolf bear eagle adler shadow ninja batman superman spiderman pokemon starwars
matrix football fussball fußball soccer baseball basketball hockey tennis golf chelsea
arsenal liverpool barcelona bayern dortmund schalke computer internet google windows linux
apple samsung android iphone microsoft freedom freiheit whatever nothing nichts money geld
cash bank gold silver diamond flower blume rose coffee kaffee pizza cookie chocolate cheese
butter banana orange cherry apple hund dog cat katze horse pferd mouse maus michael thomas
daniel andreas peter stefan martin robert john jordan george charlie jessica michelle
jennifer nicole anna sarah sandra hannah maria lisa julia family familie mother father
mutter vater sister brother germany deutschland england london berlin america europe
qwertz qwerty azerty asdf yxcv zxcv abc xyz
"""

# The rows of a keyboard and the orders that everybody knows, both ways.
_ROWS = (
    "qwertyuiopü",
    "qwertzuiopü",
    "azertyuiop",
    "asdfghjklöä",
    "yxcvbnm",
    "zxcvbnm",
    "1234567890",
    "!@#$%^&*()",
    '!"§$%&/()=',
    "1q2w3e4r5t6z7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "qawsedrftgyhujikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
)

_LIKE = str.maketrans("013457@$!|€", "oieastasile")

# At most so many pieces is too easily guessed: `Welcome` `2025` `!`, `admin` `admin` `123`.
FEW = 3

# Longer than any word or row of these, so a longer password has more than a few of them.
_LONGEST = 28

_RUN = 3  # a shorter stretch of a row is chance
_DIGITS = 8  # a date, or the end of a telephone number


def too_common(password: str, also: Iterable[str] = ()) -> bool:
    """Whether it is made of at most three pieces that are tried first; `also` are words
    that belong here, such as the person's name."""
    text = password.casefold()
    if len(text) > FEW * _LONGEST:
        return False
    words = _words(also)
    # The fewest pieces that make up the first n characters.
    fewest = [0] + [len(text) + 1] * len(text)
    for start in range(len(text)):
        if fewest[start] > FEW:
            continue
        for end, counts in _pieces(text, start, words):
            fewest[end] = min(fewest[end], fewest[start] + counts)
    return fewest[-1] <= FEW


def _pieces(text: str, start: int, words: set[str]) -> Iterable[tuple[int, int]]:
    """Where a piece that begins here may end, and how many it counts as: a mark between
    two others is none of its own."""
    for end in range(start + 1, min(len(text), start + _LONGEST) + 1):
        piece = text[start:end]
        if len(piece) == 1 and not piece.isalnum():
            yield end, 0
        elif (
            piece in words
            or piece.translate(_LIKE) in words
            or _is_number(piece)
            or _is_run(piece)
            or _repeats(piece)
        ):
            yield end, 1


def _is_number(piece: str) -> bool:
    return len(piece) <= _DIGITS and piece.isdecimal()


def _is_run(piece: str) -> bool:
    if len(piece) < _RUN:
        return False
    return any(piece in row or piece in row[::-1] for row in _ROWS)


def _repeats(piece: str) -> bool:
    """One character again and again: `aaa`. Words that repeat are found as words."""
    return len(piece) >= _RUN and all(one == other for one, other in pairwise(piece))


_KNOWN = frozenset(_STOCK.split())


def _words(also: Iterable[str]) -> set[str]:
    own = {part for word in also for part in (word, *word.split()) if len(part) > 1}
    return {*_KNOWN, *(word.casefold() for word in own)}
