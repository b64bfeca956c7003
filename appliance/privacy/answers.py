"""The answer to "may I have your ...?": which of it, however misheard, it is. No IO."""

import re
from collections.abc import Iterator, Sequence

from appliance.dictated import listed
from appliance.privacy.context import Label, labels
from appliance.privacy.kinds import Kind, Span
from appliance.privacy.tokens import ALPHABET, SOUNDS_LIKE, Token

# Of these the whole answer is taken out: a recogniser makes any words of them ("Battle of
# December 1965", "big full k 2 b d"). Of the others, which are digits, what is digits.
WHOLE: tuple[Kind, ...] = ("birth_date", "postcode", "email", "name")
_DIGITS: tuple[Kind, ...] = ("card", "security_code", "account", "ssn", "phone")

# An answer with one digit or letter in it has at most so many words, and one without at
# most so many.
MOST_WORDS = 6
MOST_WORDS_ALONE = 4
# And longer than this it is more than an answer: only what looks like one is taken out.
MOST_ALL = 30

_LEAD_IN = listed(
    "yes yeah yep sure okay ok of course certainly absolutely right so um uh erm hm it "
    "is it's its that that's this my our the please thanks thank you hi ja gerne klar "
    "also äh ähm es ist das meine mein lautet name postcode email address full first"
)
# Who says one of these without a digit asks back, or does not answer.
_NO_ANSWER = re.compile(
    r"\?|\b(?:why|what|sorry|pardon|don['’]t|can['’]t|cannot|won['’]t|didn['’]t|isn['’]t|not|"
    r"repeat|hold on|wait|moment|second|minute|let me|need|help|want|again|which|how|mean|"
    r"already|correct|right|warum|wieso|nicht|kein\w*|moment|bitte\?|stimmt|genau|richtig|"
    r"hello|thank you|thanks|perfect|great)\b",
    re.IGNORECASE,
)


def answer_spans(
    text: str, found: Sequence[Token], asked: frozenset[Kind], *, first: bool
) -> Iterator[Span]:
    """What in `text` answers a question for `asked`; `first` says that nothing of the
    answer has come yet."""
    rest = _after_lead_in(found)
    kind = next((kind for kind in WHOLE if kind in asked), None)
    digits = next((kind for kind in _DIGITS if kind in asked), None)
    if kind is not None and _is_answer(text, rest, first=first):
        if len(asked) == 1 and len(rest) <= MOST_ALL and not _renamed(text, kind):
            yield Span(rest[0].start, rest[-1].end, kind)
        else:
            yield from _signs(rest, kind)
    if digits is not None and kind is None and not _renamed(text, digits):
        yield from _digits(rest, digits)


def _is_answer(text: str, rest: Sequence[Token], *, first: bool) -> bool:
    if not rest or _PRICE.search(text):
        return False
    signs = [token for token in rest if _is_sign(token)]
    spelled = sum(token.kind == "letters" for token in rest)
    if signs or spelled > 2:
        return len(signs) + spelled > 1 or len(rest) <= MOST_WORDS
    if _NO_ANSWER.search(text):
        return False
    return first and len(rest) <= MOST_WORDS_ALONE


def _signs(rest: Sequence[Token], kind: Kind) -> Iterator[Span]:
    """Rows of what is no word."""
    row: list[Token] = []
    for token in [*rest, None]:
        if token is not None and (token.kind == "letters" or _is_sign(token)):
            row.append(token)
            continue
        if sum(len(one.value) or 1 for one in row) > 2:
            yield Span(row[0].start, row[-1].end, kind)
        row = []


def _renamed(text: str, kind: Kind) -> bool:
    """Whether something else is given: "I have the order number, it is 12345"."""
    others: set[Label] = {found.label for found in labels(text)} - {kind}
    return bool(others)


def _digits(rest: Sequence[Token], kind: Kind) -> Iterator[Span]:
    """Digits, with what sounds like some, from the first to the last of a row."""
    row: list[Token] = []
    for token in [*rest, None]:
        if token is not None and (token.kind == "digits" or token.word in SOUNDS_LIKE):
            row.append(token)
            continue
        count = sum(len(t.value) or 1 for t in row)
        if count >= 3 and any(t.value for t in row):
            yield Span(row[0].start, row[-1].end, kind)
        row = []


def _after_lead_in(found: Sequence[Token]) -> Sequence[Token]:
    begin = 0
    while begin < len(found) and found[begin].word in _LEAD_IN:
        begin += 1
    return found[begin:]


def _is_sign(token: Token) -> bool:
    if token.kind == "word":
        return token.word in _MONTHS or token.word in ALPHABET or token.word[0].isdigit()
    return token.kind != "letters"


_PRICE = re.compile(r"[$£€]|\b(?:dollars?|pounds|euros?|amount|cents|pence)\b", re.I)

_MONTHS = listed(
    "january february march april may june july august september october november "
    "december januar februar märz mai juni juli oktober dezember jan feb mar apr jun "
    "jul aug sep sept oct nov dec"
)
