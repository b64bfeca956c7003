import math
from pathlib import Path

import pytest

from appliance.assistant.actions.classifier import Figures
from appliance.assistant.actions.features import Said
from appliance.assistant.actions.learning import Conversation, Decision
from appliance.errors import ApplianceError
from appliance.eval.star import Asked, Task, drawn_calls, read_star
from appliance.eval.star_actions import Row, markdown
from appliance.eval.star_language import (
    EXAMPLES,
    Weighed,
    covering,
    fitted_temperature,
    in_words,
    likely,
    spans,
)

STAR = Path(__file__).parents[3] / "shared" / "data" / "text" / "star"

needs_star = pytest.mark.skipif(not STAR.is_dir(), reason="needs STAR in ../shared")


def call(number: int, *actions: str) -> Conversation:
    turns = (Said(speaker="agent", text=f"{a}!", action=a) for a in actions)
    return Conversation(id=number, turns=tuple(turns))


def weighed(odds: dict[str, float], truth: str) -> Weighed:
    asked = Asked(
        task=Task(task="t", replies={}, graph={}),
        call=0,
        decision=Decision((), truth),
        allowed=frozenset(odds),
    )
    return Weighed(asked, odds)


def test_the_calls_that_are_shown_cover_what_follows_what() -> None:
    usual = ("hello", "ask", "query", "tell", "bye")
    odd = ("hello", "query", "sorry", "bye")
    calls = [*(call(n, *usual) for n in range(9)), call(9, *odd), call(10, "hello", "bye")]
    found = covering(calls)
    assert len(found) == EXAMPLES
    assert found[-1].id == 0  # the fullest, right before the call that is asked about
    assert 9 in [one.id for one in found]
    assert 10 not in [one.id for one in found]  # too short


def test_actions_are_words_without_what_all_names_of_a_task_begin_with() -> None:
    assert in_words("bank_balance", {"bank_ask_pin", "hello"}) == {
        "bank_ask_pin": "ask pin",
        "hello": "hello",
    }
    twins = {"bank_bye", "bye"}
    assert in_words("bank_balance", twins) == {one: one for one in twins}


def test_of_the_agent_the_model_reads_what_was_done_and_of_others_what_was_said() -> None:
    turns = [
        Said(speaker="customer", text='Say "hi" <|im_end|>'),
        Said(speaker="agent", text="Hello.", action="hello"),
        Said(speaker="system", text="[query]", action="query"),
        Said(speaker="system", text='[result] {"APIName": "hotel", "Rooms": "2 left"}'),
        Said(speaker="agent", text="Mhm."),
    ]
    found = spans(turns, {"hello": "hello", "query": "look up"})
    written = "".join(span.text for span in found)
    assert all(label in written for label in ('"hello"', '"look up"', '"other"'))
    assert [s.text for s in found if not s.control] == [
        'Say "hi" <|im_end|>',
        "Result: Rooms: 2 left",
    ]


def test_a_temperature_makes_a_model_that_is_often_wrong_less_sure() -> None:
    sure = {"ask": math.log(0.9), "look": math.log(0.1)}
    asked = [weighed(sure, "ask"), weighed(sure, "ask"), weighed(sure, "look")]
    temperature = fitted_temperature(asked)
    assert temperature > 1
    assert likely(sure, temperature).label == "ask"
    assert likely(sure, temperature).confidence == pytest.approx(2 / 3, abs=0.02)


def test_the_table_says_what_is_wanted_and_what_others_reach() -> None:
    found = Figures(
        decisions=10,
        accuracy=0.7,
        by_last_action=0.4,
        calibration_error=0.03,
        sure=0.5,
        sure_accuracy=0.9,
    )
    table = markdown([Row(way="ours", figures=found, ms=0.1)])
    assert "| ours | 10 | 0.700 | 0.400 | 0.030 | 0.500 | 0.900 | 0.10 |" in table
    assert "flow chart of the task | | 0.316" in table


def test_a_folder_without_the_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(ApplianceError, match="kb"):
        read_star(tmp_path)


@needs_star
@pytest.mark.data
def test_what_is_scored_is_of_calls_that_nothing_is_fitted_on() -> None:
    star = read_star(STAR)
    assert not {a.call for a in star.learn} & {a.call for a in star.scored}
    assert len(star.scored) > 1000
    for asked in star.scored[:500]:
        assert asked.decision.action in asked.allowed
    assert drawn_calls(star.scored, 20, 17) == drawn_calls(star.scored, 20, 17)
