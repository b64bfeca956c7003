from pathlib import Path

import pytest

from appliance.assistant.actions.learning import split, train
from appliance.assistant.actions.own import Own
from appliance.assistant.actions.shelf import install, versions
from appliance.assistant.examples import ACTIONS
from tests.assistant.actions.calls import made_up, stored


@pytest.fixture(scope="module")
def data() -> bytes:
    return stored(train(split(made_up(150))))


def test_what_is_trained_while_the_box_runs_is_used(tmp_path: Path, data: bytes) -> None:
    own = Own(tmp_path, ACTIONS)
    install(tmp_path, data)
    own.read_again()
    first = own.classifier
    assert first is not None
    own.read_again()
    assert own.classifier is first  # not read for nothing
    install(tmp_path, data)
    own.read_again()
    assert own.classifier is not first


def test_a_damaged_one_changes_nothing_and_says_so(tmp_path: Path, data: bytes) -> None:
    install(tmp_path, data)
    own = Own(tmp_path, ACTIONS)
    used = own.classifier
    install(tmp_path, data[:100])
    own.read_again()
    assert own.classifier is used
    assert "action classifier" in str(own.problem)
    versions(tmp_path)[-1].unlink()
    own.read_again()
    assert own.problem is None
    assert own.classifier is not used


def test_one_with_actions_that_the_site_does_not_have_is_not_used(
    tmp_path: Path, data: bytes
) -> None:
    install(tmp_path, data)
    own = Own(tmp_path, ("look_up", "close"))
    assert own.classifier is None
    assert own.problem is not None
    assert "offer_refund" in own.problem.problem


def test_taking_the_last_one_away_leaves_it_to_the_language_model(
    tmp_path: Path, data: bytes
) -> None:
    own = Own(tmp_path, ACTIONS)
    install(tmp_path, data).unlink()
    own.read_again()
    assert own.classifier is None
    install(tmp_path, data)
    own.read_again()
    versions(tmp_path)[-1].unlink()
    own.read_again()
    assert own.classifier is None
    assert own.problem is None
