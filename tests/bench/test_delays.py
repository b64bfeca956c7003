"""How late words and advice came."""

import pytest

from appliance.bench.delays import Advice, final_delays, live_text, partial_delays
from appliance.bench.reference import Turn
from tests.bench.told import advised, spoken

TURN = Turn(1, 0.0, 1.0, "where is my card", False)


def test_a_final_is_as_late_as_it_comes_after_the_end_of_the_turn() -> None:
    told = [spoken("where is my card", at_ms=1400)]

    assert final_delays(told, "customer", [TURN]) == [pytest.approx(0.4)]


def test_a_turn_in_two_finals_is_there_with_the_last() -> None:
    told = [
        spoken("where is", at_ms=900, end_ms=500),
        spoken("my card", at_ms=1700, start_ms=500, id="c-2"),
    ]

    assert final_delays(told, "customer", [TURN]) == [pytest.approx(0.7)]


def test_a_final_that_hardly_touches_the_turn_is_not_its_own() -> None:
    told = [spoken("no", at_ms=1200, start_ms=900, end_ms=1500)]

    assert final_delays(told, "customer", [TURN]) == [None]


@pytest.mark.parametrize("id", ["partial", "empty", "other person"])
def test_a_turn_is_lost_without_a_final_of_that_person(id: str) -> None:
    told = [
        spoken(
            "" if id == "empty" else "where is my card",
            at_ms=1400,
            final=id != "partial",
            speaker="agent" if id == "other person" else "customer",
        )
    ]

    assert final_delays(told, "customer", [TURN]) == [None]


def test_a_turn_that_is_not_scored_is_left_out() -> None:
    assert final_delays([], "customer", [TURN._replace(uncertain=True)]) == []


def test_finals_are_read_in_the_order_they_were_spoken() -> None:
    told = [
        spoken("card", at_ms=2000, start_ms=500, id="c-2"),
        spoken("my", at_ms=2100, end_ms=400),
        spoken("hello", at_ms=2200, speaker="agent", id="a-1"),
    ]

    assert live_text(told, "customer") == "my card"


def test_a_word_is_there_with_the_first_text_that_has_it_in_its_place() -> None:
    told = [
        spoken("where", at_ms=600, final=False),
        spoken("where is my card", at_ms=1500),
    ]

    assert partial_delays(told, 0, 2000) == pytest.approx([0.35, 1.0, 0.75, 0.5])


def test_words_outside_the_window_are_not_measured() -> None:
    told = [spoken("where is my card", at_ms=1500)]

    assert partial_delays(told, 400, 800) == pytest.approx([1.0, 0.75])


def test_advice_is_measured_from_the_final_it_answers() -> None:
    advice = Advice()

    advice.hear(
        [
            spoken("where is my card", at_ms=1000),
            advised("", at_ms=1200),
            advised("Let", at_ms=1300),
            advised("Let me look.", at_ms=2000, status="done"),
        ],
        0,
        5000,
    )

    assert advice.first_s == pytest.approx([0.3])
    assert advice.whole_s == pytest.approx([1.0])
    assert (advice.by_end, advice.unanswered, advice.unparsed) == ({"done": 1}, 0, 0)


def test_advice_that_never_ends_leaves_its_final_unanswered() -> None:
    advice = Advice()

    advice.hear([spoken("hello", at_ms=1000), advised("Good", at_ms=1500)], 0, 5000)

    assert advice.unanswered == 1


def test_finals_before_the_window_are_not_asked_about() -> None:
    advice = Advice()

    advice.hear([spoken("hello", at_ms=1000), advised("Good", at_ms=1500)], 1200, 5000)

    assert (advice.first_s, advice.unanswered) == ([], 0)


def test_advice_of_two_runs_adds_up() -> None:
    one = Advice(first_s=[0.1], by_end={"done": 1})
    one.add(Advice(first_s=[0.2], whole_s=[1.0], by_end={"done": 1, "stopped": 2}))

    assert one == Advice(
        first_s=[0.1, 0.2], whole_s=[1.0], by_end={"done": 2, "stopped": 2}
    )
