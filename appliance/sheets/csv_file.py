"""CSV as spreadsheets open it: no cell is a formula."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from appliance.sheets.table import Cell, Column
from appliance.shown import csv_line

# Without it Excel takes a file for one of its own country's old character set.
SIGN_OF_UTF_8 = "\ufeff"


class CsvFile:
    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(SIGN_OF_UTF_8)
        self._put([column.name for column in columns])

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        for row in rows:
            self._put([_text(cell) for cell in row])

    def close(self) -> None:
        self._file.close()

    def _put(self, texts: Sequence[str]) -> None:
        self._file.write(csv_line(texts) + "\r\n")


def _text(cell: Cell) -> str:
    """Times as Excel and LibreOffice read them, to the second."""
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M:%S}"
        case str():
            return cell
        case _:
            return f"{cell:.10g}"
