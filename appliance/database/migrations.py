"""The numbered SQL files that bring a database up to date."""

from importlib.resources import files
from typing import NamedTuple


class Migration(NamedTuple):
    version: int
    name: str
    sql: str


def migrations(package: str) -> list[Migration]:
    """Every migration of a package, oldest first: `0001_events.sql` is version 1."""
    found = [
        Migration(int(file.name.split("_", 1)[0]), file.name, file.read_text())
        for file in files(package).joinpath("migrations").iterdir()
        if file.name.endswith(".sql")
    ]
    return sorted(found)
