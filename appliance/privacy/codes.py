"""Codes with letters in them: account numbers, postcodes, addresses of e-mail. No IO."""

import re
from collections.abc import Iterator, Sequence

from appliance.dictated import SPOKEN_ADDRESS, WRITTEN_ADDRESS
from appliance.privacy.kinds import Span
from appliance.privacy.tokens import Run

# ISO 13616: the shortest has 15 characters (Norway), the longest 34.
SHORTEST_IBAN = 15
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z\d]{11,30}")
_WRITTEN_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,4})?\b")
_IBAN_BEGUN = re.compile(r"[A-Z]{2}\d{2}[A-Z\d]{5,10}")

_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
_WRITTEN_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)

_SIGN = r"(?:dot|punkt|underscore|dash|hyphen|minus)"
# "j o h n at example dot com", and what comes when the recogniser writes half of it.
# With bounds: what people type is as long as they like, and each word may be a beginning.
_ADDRESSES = (
    WRITTEN_ADDRESS,
    re.compile(
        rf"(?:\b\w\s+){{0,40}}\b[\w.-]{{1,64}}(?:\s+{_SIGN}\s+[\w.-]{{1,64}}){{0,8}}"
        rf"\s+(?:at|ät)\s+(?:[\w-]{{1,64}}\s+{_SIGN}\s+){{1,8}}\w+\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:\b\w\s+){0,40}\b[\w.-]{1,64}\s+at\s+[\w-]{1,64}\.[a-z]{2,}\b", re.IGNORECASE
    ),
    SPOKEN_ADDRESS,
)


def account_spans(text: str, runs: Sequence[Run], *, going_on: bool) -> Iterator[Span]:
    """International account numbers; of those among runs of digits and letters, one that
    has only begun counts where the text goes on."""
    for match in _WRITTEN_IBAN.finditer(text):
        if len(match[0].replace(" ", "")) >= SHORTEST_IBAN:
            yield Span(*match.span(), "account")
    for run in runs:
        pieces = [token.value for token in run.tokens]
        for first in range(len(pieces)):
            code = "".join(pieces[first:])
            if _IBAN.match(code):
                last = _last(pieces, first)
                yield Span(run.tokens[first].start, run.tokens[last].end, "account")
                break
            if going_on and _IBAN_BEGUN.fullmatch(code):
                yield Span(run.tokens[first].start, run.end, "number")
                break


def _last(pieces: Sequence[str], first: int) -> int:
    """The token at which the check digits fit, else the last one: misheard, it is an
    account number all the same."""
    code, fits = "", len(pieces) - 1
    for place in range(first, len(pieces)):
        code += pieces[place]
        if _IBAN.fullmatch(code) and mod_97(code) == 1:
            fits = place
    return fits


def mod_97(iban: str) -> int:
    """1 if the check digits fit (ISO 7064)."""
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97


def postcode_spans(text: str, runs: Sequence[Run]) -> Iterator[Span]:
    """British ones; of other countries they are any number, and need a name."""
    for match in _WRITTEN_POSTCODE.finditer(text):
        yield Span(*match.span(), "postcode")
    for run in runs:
        if _POSTCODE.fullmatch(run.value):
            yield Span(run.start, run.end, "postcode")


def email_spans(text: str) -> Iterator[Span]:
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            yield Span(match.start(), match.start() + len(match[0].rstrip(".")), "email")
