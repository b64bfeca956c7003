"""The sentence model itself, and what the product finds with it."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from appliance.cli.building import sentence_model
from appliance.errors import ModelError
from appliance.eval.citations import evaluate
from appliance.knowledge.bert import FORM, Bert
from appliance.models.resolve import Model
from appliance.settings import KnowledgeSettings, read_settings

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def model() -> Model:
    found = sentence_model(read_settings(None))
    assert found is not None
    return found


def test_sentences_that_mean_the_same_are_near_and_others_far(model: Model) -> None:
    card, lost, rain = Bert(model.path).vectors(
        ["My card was stolen.", "Somebody took my bank card.", "It rains in Wales."]
    )
    assert np.linalg.norm(card) == pytest.approx(1, abs=1e-4)
    assert card @ lost > 0.6 > 0.3 > card @ rain


def test_weights_as_they_are_fetched_are_laid_out_once(
    model: Model, tmp_path: Path
) -> None:
    copy = tmp_path / "model"
    shutil.copytree(model.path, copy, ignore=shutil.ignore_patterns(FORM))
    (first,) = Bert(copy).vectors(["a card"])
    made = (copy / FORM / "model.bin").stat()
    (again,) = Bert(copy).vectors(["a card"])
    assert (copy / FORM / "model.bin").stat().st_mtime_ns == made.st_mtime_ns
    assert first @ again == pytest.approx(1, abs=1e-4)


def test_what_is_no_sentence_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as refused:
        Bert(tmp_path)
    assert "knowledge" in refused.value.fix


@pytest.mark.data
def test_advice_rests_on_the_right_article_at_the_right_turn(
    model: Model, shared_calls: Path
) -> None:
    cited = evaluate(shared_calls, model, KnowledgeSettings())
    right = [one for one in cited if one.shown == one.wanted]
    assert len(right) >= 0.9 * len(cited)
    assert all(one.shown == "" for one in cited if one.wanted == "")
    opened = {(c.call, c.trigger) for c in right if c.wanted == "order-checks"}
    assert opened == {("hv_order-checks_02e41649e7c441fd", 4)}
