from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from appliance.assistant.actions import shelf
from appliance.assistant.actions.classifier import Classifier, Talk, read
from appliance.assistant.actions.features import Said
from appliance.assistant.actions.learning import (
    Parts,
    as_heard,
    measure,
    split,
    train,
)
from appliance.errors import ApplianceError, ModelError
from tests.assistant.actions.calls import made_up, stored


@pytest.fixture(scope="module")
def parts() -> Parts:
    return split(made_up(150))


@pytest.fixture(scope="module")
def classifier(parts: Parts) -> Classifier:
    return train(parts)


def test_what_the_customer_says_decides_on_calls_it_has_not_seen(
    parts: Parts, classifier: Classifier
) -> None:
    found = measure(classifier, parts)
    assert found.accuracy > 0.95
    assert found.accuracy > found.by_last_action
    assert found.calibration_error < 0.05


def test_the_same_calls_are_held_out_however_many_there_are() -> None:
    few, many = split(made_up(50)), split(made_up(100))
    assert few.held_out
    assert {call.id for call in few.held_out} <= {call.id for call in many.held_out}


def test_what_the_agent_did_is_told_from_what_the_agent_said(
    classifier: Classifier,
) -> None:
    talk = Talk(classifier.line)
    talk.heard("customer", "where is my")
    talk.heard("customer", "parcel")
    talk.heard("agent", "One moment, I will look that up.")
    talk.heard("customer", "well")
    assert [(t.speaker, t.text, t.action) for t in talk.turns] == [
        ("customer", "where is my parcel", ""),
        ("agent", "One moment, I will look that up.", "look_up"),
        ("customer", "well", ""),
    ]


def test_a_call_that_goes_on_and_on_is_remembered_at_its_end_only(
    classifier: Classifier,
) -> None:
    talk = Talk(classifier.line)
    for _ in range(200):
        talk.heard("customer", "so " * 500)
        talk.heard("agent", "Yes.")
    assert len(talk.turns) <= 60
    assert max(len(turn.text) for turn in talk.turns) <= 600


def test_screens_are_not_seen_because_a_live_call_has_none(classifier: Classifier) -> None:
    call = made_up(1)[0]
    screen = Said(speaker="system", text="3 parcels", action="look_up")
    mixed = msgspec.structs.replace(call, turns=(*call.turns[:2], screen, *call.turns[2:]))
    decisions = as_heard(mixed, classifier.line)
    assert decisions[0].action == "look_up"
    assert all(t.speaker != "system" for d in decisions for t in d.before)


def test_calls_without_actions_are_refused_with_what_is_missing() -> None:
    calls = [
        msgspec.structs.replace(
            call, turns=tuple(msgspec.structs.replace(t, action="") for t in call.turns)
        )
        for call in made_up(20)
    ]
    with pytest.raises(ApplianceError, match="0 actions"):
        train(split(calls))


# ---------------------------------------------------------------- the file


def test_a_stored_classifier_says_the_same(classifier: Classifier) -> None:
    again = read(stored(classifier))[1]
    for call in made_up(5, seed=9):
        for decision in as_heard(call, classifier.line):
            told, before = again.next(decision.before), classifier.next(decision.before)
            assert told.label == before.label
            assert told.confidence == pytest.approx(before.confidence, abs=0.01)


def test_the_file_holds_nobodys_words(classifier: Classifier) -> None:
    assert b"parcel" not in stored(classifier)
    assert b"money" not in stored(classifier)


def test_nothing_but_a_classifier_is_read() -> None:
    for data in (b"", b"cos\nsystem\n(S'true'\ntR.", b"\x80\x04K\x01."):
        with pytest.raises(ModelError):
            read(data)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": ("a",)},
        {"rows": b"\x00"},
        {"temperature": 0.0},
        {"keys": b"\x02\x00\x00\x00" * 2},
    ],
)
def test_weights_that_do_not_belong_together_are_refused(
    classifier: Classifier, change: dict[str, Any]
) -> None:
    file = read(stored(classifier))[0]
    broken = msgspec.structs.replace(
        file, next_action=msgspec.structs.replace(file.next_action, **change)
    )
    with pytest.raises(ModelError, match="belong together"):
        read(msgspec.msgpack.encode(broken))


def test_the_newest_version_is_used_and_three_are_kept(
    tmp_path: Path, classifier: Classifier
) -> None:
    data = stored(classifier)
    assert shelf.newest(tmp_path) is None
    for number in range(1, 12):
        assert shelf.install(tmp_path, data).name == f"{number:04}.model"
    assert [file.name for file in shelf.versions(tmp_path)] == [
        "0009.model",
        "0010.model",
        "0011.model",
    ]
    assert {file.name for file in tmp_path.iterdir()} == {
        file.name for file in shelf.versions(tmp_path)
    }
    assert shelf.newest(tmp_path) is not None


def test_a_decision_sums_to_one_over_what_is_allowed(classifier: Classifier) -> None:
    keys = np.array([1, 2, 3], dtype=np.uint32)
    shares = classifier.next_action.probabilities(keys, ("close", "look_up"))
    assert shares.sum() == pytest.approx(1)
    assert shares[classifier.labels.index("offer_refund")] == 0
