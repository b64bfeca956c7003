"""The evaluation of drafts: on made-up dialogues, and on a few of the set."""

import gzip
import json
import re
from pathlib import Path

import pytest

from appliance.assistant.summary.draft import Draft
from appliance.assistant.summary.lines import Said
from appliance.errors import ApplianceError
from appliance.eval.rouge import mean_rouge_1
from appliance.eval.tweetsumm import (
    Dialogue,
    ModelWriter,
    Turn,
    drawn,
    lead,
    read_set,
    said_in,
    text_of,
)
from appliance.models.resolve import resolve
from appliance.settings import read_settings
from tests.conftest import SHARED

TEXT = SHARED / "data" / "text"

# A capital letter may only stand at one of these, or at a word that was said.
OPENERS = frozenset({"Customer", "Agent", "They", "He", "She", "It", "The", "This", "And"})


def strange(summary: str, said: list[Said]) -> list[str]:
    """What cannot be found in the call letter by letter: stricter than the checker under
    test, and by another way. No spelled number stands for digits here."""
    whole = " ".join(line.text for line in said).lower()
    words = set(re.findall(r"\w+", whole))
    numbers = re.findall(r"\d[\d.,:/-]*\d|\d", summary)
    names = re.findall(r"\b\w*[A-Z]\w*", summary)
    return [number for number in numbers if number not in whole] + [
        name for name in names if name.lower() not in words and name not in OPENERS
    ]


def dialogue(*turns: tuple[str, str]) -> Dialogue:
    made = [Turn(speaker=who, text=text) for who, text in turns]  # type: ignore[arg-type]
    return Dialogue(id="d", split="dev", turns=made, references=["x"])


def test_the_part_that_is_kept_for_scoring_is_read(tmp_path: Path) -> None:
    (tmp_path / "tweetsumm").mkdir()
    with gzip.open(tmp_path / "tweetsumm" / "all.jsonl.gz", "wt") as out:
        for split in ("train", "dev"):
            row = {"id": split, "split": split, "turns": [], "references": ["x"]}
            out.write(json.dumps(row) + "\n")
    assert [row.id for row in read_set(tmp_path)] == ["dev"]


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(ApplianceError, match="no tweetsumm set"):
        read_set(tmp_path)


def test_handles_links_and_initials_are_no_speech() -> None:
    said = said_in(
        dialogue(
            ("customer", "@Shop my lamp is broken &amp; dark https://t.co/x"),
            ("agent", "@12 Sorry! ^AB"),
            ("agent", "@12 https://t.co/y"),
        )
    )
    assert [line.text for line in said] == ["my lamp is broken dark", "Sorry!"]
    assert lead(said) == "my lamp is broken dark Sorry!"


@pytest.mark.data
@pytest.mark.model
@pytest.mark.timeout(240)
@pytest.mark.skipif(not TEXT.is_dir(), reason="needs the sets in ../shared")
def test_a_few_drafts_say_more_than_quotes_and_nothing_that_was_not_said() -> None:
    settings = read_settings(None)
    folder = Path(settings.models.dir).expanduser()
    writer = ModelWriter(resolve(folder, settings.advice.model, "language").path, threads=0)
    scores, baseline = [], []
    for row in drawn(read_set(TEXT), 3, seed=3):
        said = said_in(row)
        summary = Draft("d", "wrap_up", said, "model").written(writer.write(said))
        assert strange(text_of(summary), said) == []
        scores.append(mean_rouge_1(text_of(summary), row.references))
        baseline.append(mean_rouge_1(lead(said), row.references))
    # Too few for the target; see `appliance eval tweetsumm`.
    assert sum(scores) > sum(baseline)
