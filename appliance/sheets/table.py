"""What a table is, whatever it is written as."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, TypeAlias

Kind: TypeAlias = Literal["text", "time", "number"]

# Times are in the time zone of whoever is to read them; None is an empty cell.
Cell: TypeAlias = str | datetime | float | int | None


class Column(NamedTuple):
    name: str
    kind: Kind = "text"


class Sheet(Protocol):
    """A file that is being written. Its methods block; it is no use after `close`."""

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Rows with as many cells as there are columns, of their kinds. Raises OSError."""

    def close(self) -> None:
        """All of it is in the file. Raises OSError."""
