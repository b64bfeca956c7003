"""Tables as files, read back as other programs read them."""

import csv
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sheets.csv_file import CsvFile
from appliance.sheets.parquet import ParquetFile
from appliance.sheets.table import Cell, Column, Sheet
from appliance.sheets.xlsx import MOST_CHARACTERS, XlsxFile
from appliance.shown import FORMULA, NUMBER, cell

COLUMNS = (Column("Who = how"), Column("When", "time"), Column("Seconds", "number"))
VIENNA = timezone(timedelta(hours=1))
NINE = datetime(2026, 3, 2, 9, 0, 5, tzinfo=VIENNA)

# What a spreadsheet would compute, or take for something else.
SLY = [
    "=1+1", "+1+cmd|'/C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", " =1", "\uff1d1",
    "|x", "%x", "https://evil.example", "007", "1e5", "2026-03-01", "Größe 大",
    'a "quoted", line\nand another', "\x00\x1b[2J", "",
]  # fmt: skip


def written(
    make: Callable[[Path, Sequence[Column]], Sheet],
    path: Path,
    rows: Sequence[Sequence[Cell]],
) -> Path:
    sheet = make(path, COLUMNS)
    for row in rows:
        sheet.add([row])
    sheet.close()
    return path


def test_no_cell_of_a_csv_file_is_a_formula(tmp_path: Path) -> None:
    path = written(CsvFile, tmp_path / "a.csv", [(text, NINE, 1.5) for text in SLY])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == [column.name for column in COLUMNS]
    assert [row[1:] for row in rows] == [["2026-03-02 09:00:05", "1.5"]] * len(SLY)
    for text, (first, *_) in zip(SLY, rows, strict=True):
        assert first.removeprefix("'") == text
        assert NUMBER.fullmatch(first) or not FORMULA.match(first)


@given(st.text())
def test_whatever_the_text_its_cell_is_no_formula(text: str) -> None:
    told = cell(text)
    assert told in (text, f"'{text}")
    assert NUMBER.fullmatch(told) or not FORMULA.match(told)


def test_xlsx_has_text_as_text_and_times_and_numbers_as_such(tmp_path: Path) -> None:
    rows = [(text, NINE, 1.5) for text in [*SLY, "x" * 40_000]]
    path = written(XlsxFile, tmp_path / "a.xlsx", rows)
    with ZipFile(path) as book:
        assert book.testzip() is None
        names = book.namelist()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    # Neither formulas, nor links, nor anything that fetches.
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert not [name for name in names if "external" in name or "rels/sheet" in name]
    texts = re.findall(r't="inlineStr"><is><t[^>]*>(.*?)</t>', sheet, re.DOTALL)
    assert texts[len(COLUMNS) :][:2] == ["=1+1", "+1+cmd|'/C calc'!A0"]
    assert len(texts[-1]) == MOST_CHARACTERS
    # Days since 1900: what the clock showed where the site is.
    assert re.search(r"<v>46083\.375057870\d*</v>", sheet)
    assert "<v>1.5</v>" in sheet
    assert list(tmp_path.iterdir()) == [path]


def test_parquet_keeps_every_sign_and_every_type(tmp_path: Path) -> None:
    rows = [(text, NINE, 1.5) for text in SLY] + [("nothing", None, None)]
    path = written(ParquetFile, tmp_path / "it's.parquet", rows)
    with duckdb.connect() as reader:
        found = reader.execute(
            'SELECT "Who = how", epoch("When"), "Seconds" FROM read_parquet($path)',
            {"path": str(path)},
        )
        told = found.fetchall()
    assert [row[0] for row in told] == [row[0] for row in rows]
    assert told[0][1:] == (NINE.astimezone(UTC).timestamp(), 1.5)
    assert told[-1][1:] == (None, None)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("make", [CsvFile, XlsxFile, ParquetFile])
def test_a_table_without_rows_is_a_file_all_the_same(
    tmp_path: Path, make: Callable[[Path, Sequence[Column]], Sheet]
) -> None:
    assert written(make, tmp_path / "empty", []).stat().st_size > 0
