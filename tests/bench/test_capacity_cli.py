"""`appliance capacity`, as a person uses it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appliance.cli.app import app
from appliance.errors import ApplianceError


def report(folder: Path, name: str, *, engine_s: float | None = 10.0) -> Path:
    levels = [
        {
            "calls": calls,
            "valid": True,
            "final_s": {"p95": p95},
            "first_advice_s": {"p95": None},
            "turns": 100,
            "turns_lost": 0,
            "cpu": {"server": 0.01, "speech": 0.1},
            "peak_mib": {"server": 100 + calls, "speech": 1000},
        }
        for calls, p95 in ((1, 0.6), (4, 0.8), (8, 1.1), (12, 1.7), (14, 2.4))
    ]
    ceiling = None if engine_s is None else {"call_s": 300.0, "engine_s": engine_s}
    file = folder / name
    file.write_text(json.dumps({"cores": 2, "levels": levels, "ceiling": ceiling}))
    return file


def run(*arguments: str | Path) -> str:
    done = CliRunner().invoke(
        app, ["capacity", *map(str, arguments)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_it_says_what_is_measured_what_is_fitted_and_what_to_buy(tmp_path: Path) -> None:
    told = run(report(tmp_path, "speech.json"), "--agents", "10,50")

    assert "Measured: 12 within, 14 not." in told
    assert "error" in told
    assert "| 50 | 34.0 | 46 |" in told
    assert "Assumed:" in told


def test_another_box_is_compared_by_its_ceiling(tmp_path: Path) -> None:
    mine, theirs = report(tmp_path, "a.json"), report(tmp_path, "b.json", engine_s=5.0)

    assert "2.00 times as fast" in run(mine, "--other", theirs)
    with pytest.raises(ApplianceError, match="no ceiling"):
        run(mine, "--other", report(tmp_path, "c.json", engine_s=None))


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", '{"cores": 2}'])
def test_what_is_no_report_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "x.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ApplianceError, match="is not a report of the bench"):
        run(file)


def test_numbers_of_agents_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ApplianceError, match="not a list of numbers"):
        run(report(tmp_path, "speech.json"), "--agents", "ten")
