"""What strangers have typed or said, made fit for a log line, a terminal, a spreadsheet."""

import csv
import re
from collections.abc import Sequence
from io import StringIO

# Line breaks, the codes that move a terminal's cursor, and signs that turn the reading
# direction round.
UNSAFE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

# A cell that begins so is a formula in Excel, LibreOffice or Google's sheets: one that was
# opened from a file can send other cells out, or start a program. The wide ones are taken
# for the others in some languages; blanks before them are passed over.
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|[\t\r\n\x00]")

# Signs and digits compute nothing; telephone numbers begin with a plus.
NUMBER = re.compile(r"[+-]?[0-9][0-9 .,/()-]*")


def escaped(text: str) -> str:
    """One line, of which a terminal obeys nothing; tabs stay."""
    return UNSAFE.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)


def cell(text: str) -> str:
    """The same text for a cell of a CSV file: never a formula. An apostrophe before it is
    what spreadsheets themselves take for "this is text"."""
    formula = FORMULA.match(text) and not NUMBER.fullmatch(text)
    return f"'{text}" if formula else text


def csv_line(texts: Sequence[str]) -> str:
    """A line of a CSV file, without its end, of cells that are text."""
    line = StringIO()
    csv.writer(line).writerow([cell(text) for text in texts])
    return line.getvalue().removesuffix("\r\n")
