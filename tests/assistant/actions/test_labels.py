import pytest

from appliance.assistant.actions.labels import action_labels
from appliance.assistant.examples import ACTIONS
from appliance.errors import SettingsError
from appliance.settings import AdviceSettings


def test_the_default_is_what_the_examples_know() -> None:
    assert action_labels(AdviceSettings().actions) == ACTIONS


def test_saying_nothing_is_always_possible() -> None:
    assert action_labels("sell, call_back,sell") == ("sell", "call_back", "none")


@pytest.mark.parametrize("wrong", ["", "Sell", 'a"b', "look up", "a,,b", "x" * 41])
def test_a_name_that_a_form_could_not_hold_is_refused(wrong: str) -> None:
    with pytest.raises(SettingsError, match="actions has"):
        action_labels(wrong)
