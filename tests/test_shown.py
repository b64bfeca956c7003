import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.shown import cell, csv_line, escaped


@pytest.mark.parametrize(
    "formula",
    [
        '=HYPERLINK("http://evil.example","x")',
        "=1+1",
        "+1+cmd|'/C calc'!A0",
        "-2+3+cmd|'/C calc'!A0",
        "-1-SUM(1)",
        "@SUM(1+1)",
        " =1+1",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\uff1dSUM(1)",
        "\uff0b1+A1",
        "|calc",
        "%0A=1",
        "\u00a0=1+1",
    ],
)
def test_what_a_spreadsheet_would_compute_is_text_in_it(formula: str) -> None:
    assert cell(formula) == f"'{formula}"


@pytest.mark.parametrize(
    "text", ["", "Ada", "O'Neil", "a=b", "+49 30 (1) 23-4", "-5", "-1,234.50", "<b>", "5 %"]
)
def test_what_computes_nothing_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


@given(texts=st.lists(st.text(), min_size=1, max_size=5))
def test_a_line_of_a_csv_has_as_many_cells_as_texts_whatever_is_in_them(
    texts: list[str],
) -> None:
    rows = list(csv.reader(StringIO(csv_line(texts), newline=""), strict=True))
    assert rows == [[cell(text) for text in texts]]


@given(text=st.text())
def test_what_is_told_is_one_line_without_codes(text: str) -> None:
    told = escaped(text)
    assert len(told.splitlines()) <= 1
    assert not set(told) & set("\x1b\x9b\x07\x08\u202e\u2066")
