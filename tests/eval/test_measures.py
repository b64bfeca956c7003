import pytest

from appliance.assistant.calibration import calibration_error
from appliance.eval.measures import accuracy, macro_f1, recall

TRUE = ["a", "a", "a", "b", "c"]


def test_who_is_always_right_has_full_marks() -> None:
    assert macro_f1(TRUE, TRUE, "abc") == 1
    assert accuracy(TRUE, TRUE) == 1
    assert recall(TRUE, TRUE, "c") == 1


def test_who_always_says_the_commonest_label_scores_for_that_label_only() -> None:
    told = ["a"] * 5
    assert accuracy(TRUE, told) == 0.6
    assert macro_f1(TRUE, told, "abc") == pytest.approx((2 * 3 / 8) / 3)
    assert recall(TRUE, told, "b") == 0


def test_a_label_that_never_occurs_is_no_error() -> None:
    assert recall(TRUE, TRUE, "d") == 0
    assert macro_f1(TRUE, TRUE, "d") == 0


def test_calibration_is_how_far_confidence_is_from_being_right() -> None:
    assert calibration_error([True] * 7 + [False] * 3, [0.7] * 10) == pytest.approx(0)
    assert calibration_error([False] * 10, [1.0] * 10) == pytest.approx(1)
    assert calibration_error([True, False], [0.95, 0.35]) == pytest.approx(0.2)
