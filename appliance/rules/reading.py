"""From a file to rules that can be used, or to everything that is wrong with it."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from appliance.errors import RulesError
from appliance.rules.book import Book, Item, Rule, When
from appliance.rules.checks import Fault, faults_of

TABLES: Mapping[str, type[Struct]] = {"item": Item, "rule": Rule}
CALLED = {"item": "id", "rule": "name"}  # the key that a table goes by


def read_book(file: Path) -> Book:
    """Raises RulesError, which names the first fault and says how many there are."""
    book, faults = check_book(file)
    if book is None or faults:
        more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
        raise RulesError(
            f"{file}: {faults[0].problem}{more}",
            fix=f"{faults[0].fix} `appliance rules check {file}` lists every fault.",
        )
    return book


def check_book(file: Path) -> tuple[Book | None, list[Fault]]:
    """The rules, if they can be read, and what is wrong with them. Raises RulesError if
    there is no such file."""
    try:
        text = file.read_text("utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise RulesError(
            f"Cannot read the rules file {file}: {error.strerror}.",
            fix="Create it, or correct [rules] file.",
        ) from error
    except UnicodeDecodeError as error:
        fault = Fault(f"It is not UTF-8: byte {error.start}.", "Save it as UTF-8.")
        return None, [fault]
    except tomllib.TOMLDecodeError as error:
        return None, [Fault(f"It is not valid TOML: {error}.", "Correct that line.")]
    lines = {name: _lines(text, name) for name in TABLES}
    faults = [*_unknown_at_top(tables), *_misshapen(tables, lines)]
    if faults:
        return None, faults
    book = msgspec.convert(tables, Book)
    return book, [_placed(fault, lines) for fault in faults_of(book)]


def _placed(fault: Fault, lines: Mapping[str, Sequence[int]]) -> Fault:
    place = _place(fault.table, fault.number, fault.called, lines)
    return Fault(f"{place}{fault.problem}", fault.fix)


def _lines(text: str, table: str) -> list[int]:
    """Where each of these tables begins: the TOML library does not tell."""
    start = re.compile(rf"\s*\[\[\s*{table}\s*\]\]")
    return [n for n, line in enumerate(text.splitlines(), 1) if start.match(line)]


def _place(table: str, number: int, called: str, lines: Mapping[str, Sequence[int]]) -> str:
    where = lines[table][number] if number < len(lines[table]) else 0
    line = f"line {where}, " if where else ""
    return f"{line}{table} {called!r}: "


def _unknown_at_top(tables: Mapping[str, Any]) -> Iterable[Fault]:
    known = ["version", *TABLES]
    for name, value in tables.items():
        if name not in known:
            yield Fault(f"There is an unknown key {name!r}.", hint(name, known))
        elif name in TABLES and not isinstance(value, list):
            yield Fault(f"[{name}] stands alone.", f"Write [[{name}]], once for each.")


def _misshapen(
    tables: Mapping[str, Any], lines: Mapping[str, Sequence[int]]
) -> Iterable[Fault]:
    for table, kind in TABLES.items():
        found = tables.get(table, [])
        for number, one in enumerate(found if isinstance(found, list) else []):
            called = str(one.get(CALLED[table], f"number {number + 1}"))
            place = _place(table, number, called, lines)
            for fault in _of_table(one, kind):
                yield Fault(f"{place}{fault.problem}", fault.fix)
    if not isinstance(tables.get("version", 1), int) or tables.get("version", 1) != 1:
        yield Fault(
            f"It has version {tables['version']!r}; this box reads 1.", "Write version = 1."
        )


def _of_table(table: Mapping[str, Any], kind: type[Struct]) -> list[Fault]:
    when = table.get("when", {})
    faults = [*_unknown(table, kind, "")]
    if isinstance(when, dict):
        faults += _unknown(when, When, "when.")
    if faults:
        return faults
    try:
        msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        return [
            Fault(
                f"{error}.", "Correct that value; `appliance handbook rules` has the keys."
            )
        ]
    return []


def _unknown(table: Mapping[str, Any], kind: type[Struct], within: str) -> Iterable[Fault]:
    known = [field.encode_name for field in msgspec.structs.fields(kind)]
    for name in table:
        if name not in known:
            yield Fault(f"unknown key {within + name!r}.", hint(name, known))


def hint(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"Rename it to {near[0]!r}." if near else f"Use one of {sorted(known)}."
