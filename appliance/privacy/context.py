"""What a number is called by those who say it or ask for it: the words around it. No IO."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from appliance.dictated import WORD, listed
from appliance.privacy.kinds import Kind

Label: TypeAlias = Kind | Literal["harmless", "ending"]

# In this order: of two that begin at the same place the first counts.
_WORDS: Mapping[Label, str] = {
    "harmless": r"(?:order|ticket|invoice|reference|booking|confirmation|tracking|case|"
    r"customer|client|contract|policy|article|item|serial|flight|part|bestell|auftrags?|"
    r"rechnungs?|kunden|vertrags?|vorgangs?|sendungs?)[ -]?(?:numbers?|nos?\b|ids?\b|"
    r"codes?|nummer|#)|(?:order|ticket|invoice|booking|tracking)s?\b|"
    r"\bdriver['’]?s?[ -]licen[cs]e(?: number)?|\bprices?\b|\btotal\b|\bcosts?\b",
    "ending": r"\bending(?: in| with)?\b|\bends (?:in|with)\b|\blast (?:four|4)\b"
    r"(?!(?: digits)? of (?:your|my|the) social)|\bendet auf\b",
    "security_code": r"\bcv[vcn]2?\b|\bcid\b|security (?:code|number)|verification (?:code|"
    r"number|value)|(?:three|3|four|4) digits? on the (?:back|front)|"
    r"last three(?: digits)? on|prüf(?:ziffer|nummer)|sicherheitscode|kartenprüf\w*|"
    r"\bpin\b(?: (?:number|code))?",
    "card": r"\b(?:credit|debit|bank|gift)?[ -]?cards?(?: number| no\b)?|\bcc\b|\bvisa\b|"
    r"master ?card|\bamex\b|american express|long number|\bpan\b|"
    r"\w*karten?(?:nummer)?\b|\bexpir\w*|gültig bis",
    "ssn": r"social security(?: number)?|\bssn\b|\bsocial\b(?: number)?|"
    r"sozialversicherungs\w*",
    "account": r"\baccounts?(?: number| no\b)|\bsort ?code|\brouting(?: number)?|\biban\b|"
    r"\bkonto(?:nummer|verbindung)?\b|\bbankleitzahl|\bblz\b|\bbank details",
    "birth_date": r"\bborn\b|\bbirth ?dates?|\bdate of birth|\bbirthday|\bd\.?o\.?b\b|"
    r"\bgeboren\b|\bgeburts\w*",
    "postcode": r"\bpost ?(?:al )?codes?|\bzip(?: ?codes?)?\b|\bpostleitzahl|\bplz\b",
    "email": r"\be-?mails?\b|\be mail\b|\bmail ?adresse",
    "phone": r"\b(?:tele)?phones?\b|\btel\b|\bmobile\b|\bcell\b|\bfax\b|\bhandy\w*|"
    r"\bcall(?: me| us| you)?(?: back)?(?: (?:on|at))\b|\breach (?:me|us|you)|"
    r"\bmessages? to\b|\banswering\b|\bcontact number|\bcall ?back\b|\bdesk\b|\boffice\b|"
    r"\bnumber to (?:call|reach)|\b(?:tele(?:f|ph)on|rückruf)\w*|\bmy number\b|"
    r"\bregistered\b(?= \+?[\d(])",
    "name": r"\bnames?\b|\bwho am i speaking|\bwer spricht\b|\bnamen\b",
}  # fmt: skip

_LABELS = re.compile(
    "|".join(f"(?P<{label}>{words})" for label, words in _WORDS.items()), re.IGNORECASE
)

# A question, or what people say instead of one.
_CUE = re.compile(
    r"\?|\b(?:what|which|may|can|could|would|give|tell|confirm|verify|please|spell|need|"
    r"take|have|provide|enter|read|repeat|again|let me|your|welche|wie|nennen|sagen|geben|"
    r"bitte|brauche|buchstabieren|ihre?n?)\b",
    re.IGNORECASE,
)

# What stands between a number and its name.
_LINKS = listed(
    "number numbers no is its it's it the my was that that's a are and um uh erm so yes "
    "okay would be one starts begins starting beginning with goes as follows digits "
    "digit first next last four three 4 3 on back front of for this here here's i have "
    "please charge use code date day ist lautet die der das meine mein nummer und"
)
_IS = re.compile(r"[\s,.]*(?:(?:is|was|'s|’s|ist)\s+(?:my|the|our|meine?|die)\s+)", re.I)

# Of these the name may stand further off; the others are also talked about without any
# number ("a new card to 99449 McPherson Road").
LOOSE: frozenset[Label] = frozenset({"harmless", "ending", "phone", "birth_date", "name"})
MOST_BETWEEN = 6

# How far from a number its name may stand, in characters: "the card that I have always
# paid with is". A label after it stands right behind.
BEFORE, AFTER = 60, 24


class Found(NamedTuple):
    label: Label
    start: int
    end: int


def labels(text: str) -> list[Found]:
    """The names of numbers in a text."""
    result = []
    for match in _LABELS.finditer(text):
        label: Label = match.lastgroup  # type: ignore[assignment] # named by _WORDS
        result.append(Found(label, *match.span()))
    return result


def asked(text: str) -> frozenset[Kind]:
    """What somebody who says this wants to be told."""
    if not _CUE.search(text):
        return frozenset()
    return frozenset(kind for found in labels(text) if (kind := kind_of(found.label)))


def asks_for_harmless(text: str) -> bool:
    """Whether what is asked for is an order number or its like, and nothing else."""
    named = {found.label for found in labels(text)} if _CUE.search(text) else set()
    return named == {"harmless"}


def kind_of(label: Label) -> Kind | None:
    """What a number is that is called so; None if it is nobody's secret."""
    return None if label == "harmless" or label == "ending" else label


def around(text: str, known: list[Found], start: int, end: int) -> Found | None:
    """The name that is nearest before what stands from `start` to `end`, or else right
    after it."""
    before = [one for one in known if start - BEFORE <= one.end <= start]
    if before and _leads(before[-1].label, text[before[-1].end : start]):
        return before[-1]
    after = [one for one in known if end <= one.start <= end + AFTER]
    if after and _follows(after[0].label, text[end : after[0].start]):
        return after[0]
    return None


def _leads(label: Label, between: str) -> bool:
    words = [word.lower() for word in WORD.findall(between)]
    if len(words) <= 2 and "\n" not in between.strip():
        return True
    if label in LOOSE:
        return len(words) <= MOST_BETWEEN
    return all(word in _LINKS for word in words)


def _follows(label: Label, between: str) -> bool:
    if _IS.fullmatch(between):
        return True
    return label in ("phone", "harmless") and not between.strip(" -")
