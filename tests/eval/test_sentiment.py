import gzip
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appliance.cli.app import app
from appliance.errors import ApplianceError
from appliance.eval.sentiment import Figures, Labelled, drawn, markdown, read_set

TEXT = Path(__file__).parents[3] / "shared" / "data" / "text"

needs_sets = pytest.mark.skipif(not TEXT.is_dir(), reason="needs the sets in ../shared")


def write(folder: Path, name: str, file: str, rows: list[dict[str, object]]) -> None:
    (folder / name).mkdir(exist_ok=True)
    with gzip.open(folder / name / file, "wt") as out:
        out.writelines(json.dumps(row | {"label": "neutral"}) + "\n" for row in rows)


def ids(rows: list[Labelled]) -> list[str | int]:
    return [row.id for row in rows]


def test_a_set_that_says_which_part_a_line_is_of_is_believed(tmp_path: Path) -> None:
    rows = [
        {"id": n, "text": "x", "split": s} for n, s in enumerate(["train", "dev", "test"])
    ]
    write(tmp_path, "airline", "airline.jsonl.gz", [dict(row) for row in rows])
    fit, kept = read_set(tmp_path, "airline")
    assert (ids(fit), ids(kept)) == ([0], [1, 2])


def test_the_last_of_parts_that_follow_one_another_is_kept_for_scoring(
    tmp_path: Path,
) -> None:
    names = ["0_0", "0_1", "1_0", "0_0", "0_1"]
    write(tmp_path, "meld", "both.jsonl.gz", [{"id": n, "text": "x"} for n in names])
    fit, kept = read_set(tmp_path, "meld")
    assert (ids(fit), ids(kept)) == (names[:3], names[3:])


def test_a_part_that_stands_alone_is_scored(tmp_path: Path) -> None:
    write(
        tmp_path, "meld", "test.jsonl.gz", [{"id": n, "text": "x"} for n in ("0_0", "1_0")]
    )
    assert len(read_set(tmp_path, "meld")[1]) == 2


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(ApplianceError, match="no airline set"):
        read_set(tmp_path, "airline")


def test_the_same_seed_draws_the_same_lines() -> None:
    rows = [Labelled(id=n, text="x", label="neutral") for n in range(100)]
    assert drawn(rows, 10, 1) == drawn(rows, 10, 1) != drawn(rows, 10, 2)
    assert len(drawn(rows, 1000, 1)) == 100


def test_the_table_has_the_baselines_beside_the_figures() -> None:
    own = Figures(
        way="word list",
        name="meld",
        lines=2,
        macro_f1=0.5,
        accuracy=0.5,
        negative_recall=1.0,
        calibration_error=0.1,
    )
    table = markdown([own])
    assert "| word list | meld | 2 | 0.500 | 0.500 | 1.000 | 0.100 |" in table
    assert "| TextBlob, as first specified | airline | | 0.374 |" in table


@pytest.mark.data
@pytest.mark.model
@needs_sets
def test_a_few_lines_are_read_far_better_than_by_chance() -> None:
    # Sixty lines each take half a minute; the sample is far too small for the targets.
    done = CliRunner().invoke(
        app, ["eval", "sentiment", str(TEXT), "--lines", "60"], env=dict(os.environ)
    )
    assert done.exit_code == 0, done.output
    scores = [
        float(line.split("|")[4])
        for line in done.output.splitlines()
        if line.startswith("| qwen")
    ]
    assert len(scores) == 2
    assert min(scores) > 0.4
