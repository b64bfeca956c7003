"""The formats that tables are written in."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from appliance.sheets.csv_file import CsvFile
from appliance.sheets.parquet import ParquetFile
from appliance.sheets.table import Column, Sheet
from appliance.sheets.xlsx import XlsxFile

# What a spreadsheet still opens with ease. Nothing is cut off in silence: more is refused.
MOST = 100_000


class Format(NamedTuple):
    make: Callable[[Path, Sequence[Column]], Sheet]
    kind: str


FORMATS: Mapping[str, Format] = {
    "csv": Format(CsvFile, "text/csv; charset=utf-8"),
    "xlsx": Format(
        XlsxFile, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "parquet": Format(ParquetFile, "application/vnd.apache.parquet"),
}
