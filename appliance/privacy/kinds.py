"""The kinds of personal data that can be taken out, and what stands there instead."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal[
    "card", "security_code", "account", "ssn", "birth_date", "postcode", "email", "phone",
    "name", "number", "unnamed",
]  # fmt: skip

# A shape that nothing else in a transcript has and that is found again: what is masked once
# stays as it is.
MARKS: Mapping[Kind, str] = {
    "card": "[card number]",
    "security_code": "[security code]",
    "account": "[account number]",
    "ssn": "[social security number]",
    "birth_date": "[date of birth]",
    "postcode": "[postcode]",
    "email": "[e-mail]",
    "phone": "[phone number]",
    "name": "[name]",
    # Digits that may be the beginning of a card, or are too many for anything else.
    "number": "[number]",
    # Digits that nobody called anything: an order, or somebody's account.
    "unnamed": "[number]",
}

# PCI DSS 3.3.1 lets nobody keep a security code, not even encrypted, and 3.5.1 no whole
# card number in the clear. These are taken out whatever the settings say.
ALWAYS: frozenset[Kind] = frozenset({"card", "security_code", "number"})


class Span(NamedTuple):
    """Characters of a text that are personal data."""

    start: int
    end: int
    kind: Kind


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, none over another: what overlaps becomes one, of the kind of the longer
    that is known."""
    result: list[Span] = []
    for span in sorted(spans):
        last = result[-1] if result else None
        if last is None or span.start >= last.end:
            result.append(span)
            continue
        longer = max(last, span, key=_weight)
        result[-1] = Span(last.start, max(last.end, span.end), longer.kind)
    return result


def _weight(span: Span) -> tuple[bool, int]:
    return span.kind not in ("number", "unnamed"), span.end - span.start


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text with marks in place of the spans, which are as `merged` gives them."""
    parts, place = [], 0
    for span in spans:
        parts += [text[place : span.start], MARKS[span.kind]]
        place = span.end
    return "".join([*parts, text[place:]])
