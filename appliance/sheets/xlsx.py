"""XLSX: each cell of the type it is, and text never a formula."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from appliance.sheets.table import Cell, Column, Kind

# What a cell of Excel takes; longer ones make it repair the file.
MOST_CHARACTERS = 32_767

WIDTHS: dict[Kind, int] = {"text": 24, "time": 19, "number": 12}

# Row by row to the disk; what looks like something else stays the text it is.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class XlsxFile:
    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
        self._sheet = self._book.add_worksheet()
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        head = self._book.add_format({"bold": True})
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, WIDTHS[column.kind])
            self._sheet.write_string(0, place, column.name, head)
        self._sheet.freeze_panes(1, 0)
        self._rows = count(1)

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        for row in rows:
            number = next(self._rows)
            for place, cell in enumerate(row):
                self._put(number, place, cell)

    def close(self) -> None:
        try:
            self._book.close()
        except XlsxWriterException as error:
            raise OSError(str(error)) from error

    def _put(self, row: int, place: int, cell: Cell) -> None:
        match cell:
            case None | "":
                pass
            case datetime():
                # Excel knows no time zones; what it is to show is what the clock shows.
                local = cell.replace(tzinfo=None)
                self._sheet.write_datetime(row, place, local, self._time)
            case str():
                self._sheet.write_string(row, place, cell[:MOST_CHARACTERS])
            case _:
                self._sheet.write_number(row, place, cell)
