"""Which of the numbers in a text are somebody's: cards, accounts, telephones. No IO."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from appliance.dictated import luhn
from appliance.privacy.context import Found, Label, around, kind_of
from appliance.privacy.dates import MOMENTS
from appliance.privacy.kinds import Kind, Span
from appliance.privacy.tokens import Run, Token

# Digits of a payment card by ISO/IEC 7812. Maestro has cards of 12, which need a name or
# they would be any number.
CARD_FEWEST, CARD_MOST = 13, 19
MAESTRO = 12
CARD_USUAL = 16

# PCI DSS 3.4.1: the first six digits may be seen. What is said beyond them of a number
# that may go on is masked until it is known what it is.
SHOWN = 6
SHOWN_IN_PARTIALS = 4

# PCI DSS 3.4.1 again: the last four may be seen.
LAST_OF_CARD = 4

# So few digits of a number that was given are not taken for it.
FEWEST_READ_BACK = 3

_MIXED_DIGITS = re.compile(r"\d")
_ISSUER = re.compile(r"3[0-9]|4|5|6|2[2-7]|1800|2131")
_NORTH_AMERICAN = re.compile(r"(?:\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?:x\d+)?")
_SSN = re.compile(r"\d{3}[- .]\d{2}[- .]\d{4}")
_MONEY_BEFORE = re.compile(r"[$£€]\s?$")
_MONEY_AFTER = re.compile(
    r"\s?[$£€%]|\s*(?:dollars?|pounds?|euros?|bucks|cents?|pence|percent|prozent|usd|eur|"
    r"gbp)\b",
    re.IGNORECASE,
)

# Digits that a number which is called so has at least, and at most.
_LENGTHS: dict[Label, tuple[int, int]] = {
    "card": (4, 40),
    "security_code": (3, 6),
    "ssn": (4, 9),
    "account": (4, 22),
    "phone": (6, 16),
    "postcode": (3, 9),
    "birth_date": (2, 9),
}


class Scene(NamedTuple):
    """What a number is judged by beside itself."""

    labels: list[Found]
    asked: frozenset[Kind]  # what this may be the answer to
    given: Mapping[str, Kind]  # digits that the other side gave, which may be read back
    growing: bool  # a partial: what is said goes on
    open_from: int  # place from which a number may go on in the next turn


def number_spans(text: str, runs: Sequence[Run], scene: Scene) -> Iterator[Span]:
    groups: list[str] = []  # of a card that is not whole yet
    for run in runs:
        if _is_whole_card(text, run, scene):
            yield Span(run.start, run.end, "card")
            continue
        for part in _parts(text, run):
            kind = _kind(text, part, scene)
            unclear = kind in (None, "number", "unnamed")
            if unclear and is_begun(groups) and len(part.value) > 1:
                kind = "card"  # its next group, after other words
            if kind is not None:
                yield Span(_opened(text, part.start), part.end, kind)
            if kind == "card":
                groups.append(part.value)


def is_begun(groups: Sequence[str]) -> bool:
    """Whether more of a card is to come, of which these groups have been read out."""
    return 0 < sum(map(len, groups)) < CARD_USUAL and max(map(len, groups)) < MAESTRO


def _is_whole_card(text: str, run: Run, scene: Scene) -> bool:
    """The digits of a card are a card, whatever else some of them look like."""
    if len(run.value) < CARD_FEWEST or not has_card(run):
        return False
    return "\n" not in text[run.start : run.end] or not _has_phone(text, run, scene)


def _has_phone(text: str, run: Run, scene: Scene) -> bool:
    """Whether a line of it is called one: what stands below each other in a signature can
    fit a check digit by chance."""
    names = (around(text, scene.labels, p.start, p.end) for p in _parts(text, run))
    return any(name is not None and name.label == "phone" for name in names)


def _opened(text: str, start: int) -> int:
    """With the sign that a telephone number begins with."""
    while text[start - 1 : start] in ("+", "("):
        start -= 1
    return start


def _parts(text: str, run: Run) -> Iterator[Run]:
    """The numbers that stand below each other, without days, times and prices."""
    rest = _without_moments(text, run)
    part: list[Token] = []
    for token in [*rest, None]:
        if part and (token is None or "\n" in text[part[-1].end : token.start]):
            one = Run(part, "".join(t.value for t in part), run.last)
            if len(one.value) >= CARD_FEWEST or not _is_money(text, one):
                yield one
            part = []
        if token is not None:
            part.append(token)


def has_card(run: Run) -> bool:
    """Whether some of the numbers one after the other make a card."""
    pieces = [token.value for token in run.tokens]
    for first in range(len(pieces)):
        digits = ""
        for piece in pieces[first:]:
            digits += piece
            if len(digits) >= CARD_FEWEST and _is_card(digits[:CARD_MOST]):
                return True
            if len(digits) > CARD_MOST:
                break
    return False


def _is_card(digits: str) -> bool:
    return _ISSUER.match(digits) is not None and luhn(digits)


def _without_moments(text: str, run: Run) -> Sequence[Token]:
    taken = [match.span() for match in MOMENTS.finditer(text, run.start, run.end)]
    return [t for t in run.tokens if not any(s <= t.start < e for s, e in taken)]


def _is_money(text: str, run: Run) -> bool:
    before = text[max(0, run.start - 2) : run.start]
    return bool(_MONEY_BEFORE.search(before) or _MONEY_AFTER.match(text, run.end))


def _kind(text: str, run: Run, scene: Scene) -> Kind | None:
    count = len(run.value)
    if count >= CARD_FEWEST:
        return _long(text, run, scene)
    named = around(text, scene.labels, run.start, run.end)
    if named is not None and _is_harmless(named.label, run, scene):
        return None
    if named is not None and named.label != "birth_date" and _fits(named.label, run):
        return kind_of(named.label)
    asked = _asked_for(run, scene.asked) or _read_back(run, scene.given)
    if asked is not None:
        return asked
    return _by_shape(text, run) or _unclear(run, scene) or _unnamed(run)


def _is_harmless(label: Label, run: Run, scene: Scene) -> bool:
    """What is called an order number, or the last digits of a card, is shown at once; but
    what is called an order number may also be a card that has been begun."""
    if label == "ending":
        return len(run.value) <= LAST_OF_CARD
    return label == "harmless" and not (_is_open(run, scene) and _in_fours(run))


def _is_open(run: Run, scene: Scene) -> bool:
    return scene.growing or run.start >= scene.open_from


def _in_fours(run: Run) -> bool:
    """As cards are read: two groups of four digits, or three."""
    return len(run.tokens) in (2, 3) and all(len(t.value) == 4 for t in run.tokens)


def _long(text: str, run: Run, scene: Scene) -> Kind:
    """More digits than anything harmless has. Not by the check digit alone: with the
    expiry date behind it, it would not fit."""
    named = around(text, scene.labels, run.start, run.end)
    label = named.label if named is not None else None
    if label in ("card", "account", "phone") and _fits(label, run):
        return label
    if label is None and ("card" in scene.asked or not _is_phone(text, run)):
        return "card" if "card" in scene.asked else "number"
    return "phone" if _is_phone(text, run) else "number"


def _fits(label: Label, run: Run) -> bool:
    low, high = _LENGTHS.get(label, (1, 0))
    return low <= len(run.value) <= high


def _asked_for(run: Run, asked: frozenset[Kind]) -> Kind | None:
    """Of what was asked for, what a number of this length is."""
    order: tuple[Kind, ...] = (
        ("security_code", "card", "account", "ssn", "birth_date", "phone", "postcode")
        if len(run.value) <= 4
        else ("ssn", "account", "card", "phone", "birth_date", "postcode", "security_code")
    )
    if asked == {"security_code"} and len(run.value) <= _LENGTHS["security_code"][1]:
        return "security_code"  # however little of it: there are no first digits to show
    return next((k for k in order if k in asked and _fits(k, run)), None)


def _read_back(run: Run, given: Mapping[str, Kind]) -> Kind | None:
    if len(run.value) < FEWEST_READ_BACK:
        return None
    return next((kind for digits, kind in given.items() if run.value in digits), None)


def _by_shape(text: str, run: Run) -> Kind | None:
    written = text[run.start : run.end]
    if _SSN.fullmatch(written):
        return "ssn"
    return "phone" if _is_phone(text, run) else None


def _is_phone(text: str, run: Run) -> bool:
    count = len(run.value)
    written = text[run.start : run.end]
    if text[run.start - 1 : run.start] == "+" or run.value.startswith("00"):
        return 9 <= count <= 16
    if _NORTH_AMERICAN.fullmatch(written) or _NORTH_AMERICAN.fullmatch("(" + written):
        return True
    apart = len(run.tokens) > 1
    return run.value[0] == "0" and run.value[1:2] != "0" and apart and 9 <= count <= 12


def _unclear(run: Run, scene: Scene) -> Kind | None:
    """What may be the beginning of a card."""
    shown = SHOWN_IN_PARTIALS if scene.growing else SHOWN
    if len(run.value) <= shown:
        return None
    return "number" if _is_open(run, scene) or _in_fours(run) else None


def _unnamed(run: Run) -> Kind | None:
    """Too many digits for a price or a house, and nothing says what they are."""
    return "unnamed" if len(run.value) > SHOWN else None


def glued_spans(found: Sequence[Token]) -> Iterator[Span]:
    """Cards that are written with letters around them: "card4221487219033770"."""
    for token in found:
        digits = (
            "".join(_MIXED_DIGITS.findall(token.value)) if token.kind == "mixed" else ""
        )
        if len(digits) >= CARD_FEWEST:
            yield Span(token.start, token.end, "card" if luhn(digits) else "number")
