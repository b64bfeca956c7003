"""The handbook's table of faults, from what the tests of them came to.

python -m tests.docs.fault_table                     runs them and puts it into the handbook
python -m tests.docs.fault_table tests/faults/...    runs those; the others stay as they are
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.matrix import FAULTS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "appliance" / "handbook" / "faults.md"

BEGIN, END = "<!-- the faults -->\n", "<!-- the end of the faults -->"

SHOWN, SKIPPED = "✓", "not here"


class Shows(NamedTuple):
    """One test that carries the name of a fault."""

    fault: str
    file: str
    test: str

    @property
    def said(self) -> str:
        return self.test.removeprefix("test_").replace("_", " ")


def marked() -> list[Shows]:
    """Every test with such a mark, without loading any."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [one for file in files for one in _marked_in(file)]


def _marked_in(file: Path) -> Iterator[Shows]:
    text = file.read_text()
    if "mark.fault(" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for mark in map(ast.unparse, node.decorator_list):
                if named := re.fullmatch(r"pytest\.mark\.fault\((.+)\)", mark):
                    fault = str(ast.literal_eval(named[1]))
                    yield Shows(fault, str(file.relative_to(ROOT)), node.name)


class Results:
    """A pytest plugin: what became of each test. One that failed anywhere has failed."""

    def __init__(self) -> None:
        self.outcomes: dict[tuple[str, str], set[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            file, _, rest = report.nodeid.partition("::")
            name = rest.split("[")[0].split("::")[-1]
            self.outcomes.setdefault((file, name), set()).add(report.outcome)

    def of(self, one: Shows) -> str | None:
        """None: it did not run, or failed, which tells nothing new."""
        found = self.outcomes.get((one.file, one.test))
        if found is None or "failed" in found:
            return None
        return SHOWN if "passed" in found else SKIPPED


def table(outcome: Mapping[Shows, str]) -> str:
    """Markdown, with the outcome of each test."""
    shows: dict[str, list[str]] = {}
    for one, became in outcome.items():
        shows.setdefault(one.fault, []).append(f"{became} {one.said}")
    lines = [
        "| Fault | The admin sees | Agents see | It heals | Shown by |",
        "|---" * 5 + "|",
    ]
    for fault in FAULTS:
        shown = "; ".join(shows.get(fault.name, ()))
        lines.append(
            f"| {fault.name} | {fault.admin} | {fault.agents} | {fault.heals} | {shown} |"
        )
    return "\n".join(lines) + "\n"


def with_table(page: str, outcome: Mapping[Shows, str]) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(outcome)}\n{END}{after}"


def as_told(page: str) -> dict[Shows, str]:
    """The outcome of each test as the page has it; a test it does not have is missing."""
    told = {}
    for one in marked():
        for became in (SHOWN, SKIPPED):
            if f"{became} {one.said}" in page:
                told[one] = became
    return told


def main(wanted: Sequence[str]) -> None:
    results, page = Results(), PAGE.read_text()
    nodes = sorted({f"{one.file}::{one.test}" for one in marked()})
    chosen = [node for node in nodes if not wanted or node.startswith(tuple(wanted))]
    status = pytest.main(["-q", "-p", "no:cacheprovider", *chosen], [results])
    before = as_told(page)
    outcome = {one: results.of(one) or before.get(one, SKIPPED) for one in marked()}
    PAGE.write_text(with_table(page, outcome))
    if status != pytest.ExitCode.OK:
        sys.exit(
            f"The tests ended with status {status}; of what failed the table says before."
        )


if __name__ == "__main__":
    main(sys.argv[1:])
