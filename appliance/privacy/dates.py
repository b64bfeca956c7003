"""Days, as people say and write them: which of them is a birth date. No IO, no clock."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from appliance.dictated import DIGITS, TEENS, TENS

_MONTH = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|march|märz|mar|apr(?:il)?|may|mai|june?|juni|"
    r"july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|"
    r"de[cz](?:ember)?)\b\.?"
)
_UNIT = "|".join(word for word, digit in DIGITS.items() if len(word) > 2 and digit != "0")
_TENS = "|".join(TENS)
_TEEN = "|".join(TEENS)
_TWO = rf"(?:(?:{_TENS})(?:[ -](?:{_UNIT}))?|{_TEEN}|(?:oh|o|zero)[ -](?:{_UNIT}))"
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|"
    r"twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|"
    r"twentieth|thirtieth|(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|"
    r"seventh|eighth|ninth)|erste[rn]?|zweite[rn]?|dritte[rn]?)"
)
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)?|{_ORDINAL}|{_TWO}|{_UNIT})"
_LONG_AGO = (
    rf"(?:19\d\d|nineteen(?:[ -]hundred)?(?: and)?[ -]{_TWO}|"
    rf"neunzehnhundert\w+)"
)
_YEAR = (
    rf"(?:{_LONG_AGO}|20\d\d|two thousand(?: and)?(?:[ -](?:{_TWO}|{_UNIT}))?|"
    rf"twenty[ -]{_TWO}|'?\d\d|{_TWO})"
)
_SEP = r"(?:\s*,?\s+(?:of\s+|the\s+|in\s+|of the\s+)*|\s*[/.-]\s*)"

_DATES = re.compile(
    rf"\b(?:(?:the\s+)?{_DAY}{_SEP}{_MONTH}(?:{_SEP}(?P<y1>{_YEAR})\b)?"
    rf"|{_MONTH}{_SEP}{_DAY}\b(?:{_SEP}(?P<y2>{_YEAR})\b)?"
    rf"|\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/. -]\s?(?P<y3>\d{{4}}|\d\d)\b"
    rf"|(?P<y4>\d{{4}})-\d\d-\d\d"
    rf"|{_MONTH}\s+(?P<y5>{_LONG_AGO}|20\d\d)\b)",
    re.IGNORECASE,
)
_OLD = re.compile(_LONG_AGO, re.IGNORECASE)

# Digits that are a day, a time or an address of a machine, and no part of a number.
MOMENTS = re.compile(
    r"\b(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?\b|\b\d{1,2}:\d\d(?::\d\d)?\b|"
    r"\b\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)\b|\b\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\b|"
    r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
)


class Day(NamedTuple):
    start: int
    end: int
    long_ago: bool  # with a year that begins with 19


def days(text: str) -> Iterator[Day]:
    for match in _DATES.finditer(text):
        year = next((year for year in match.groupdict().values() if year), "")
        yield Day(
            *match.span(), _OLD.fullmatch(year) is not None and bool(match["y5"] is None)
        )
