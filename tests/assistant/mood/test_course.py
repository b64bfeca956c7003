import pytest

from appliance.assistant.mood.course import Course, Reading, call_score, quarters, trend
from appliance.messages import Alert, MoodLabel, Sentiment

# "~" is negative rather than anything else, and no more than that.
WORDS: dict[str, MoodLabel] = {
    "-": "negative",
    "~": "negative",
    "0": "neutral",
    "+": "positive",
}
SCORES: dict[MoodLabel, float] = {"negative": -0.8, "neutral": 0.0, "positive": 0.6}


def reading(number: int, sign: str) -> Reading:
    label = WORDS[sign]
    return Reading(
        line=f"c{number}",
        start_ms=number * 10_000,
        end_ms=number * 10_000 + 5_000,
        label=label,
        score=SCORES[label],
        confidence=0.4 if sign == "~" else 0.9,
        source="model",
    )


def course(signs: str) -> list[Sentiment | Alert]:
    whole = Course()
    return [
        shown
        for number, sign in enumerate(signs)
        for shown in whole.add(reading(number, sign))
    ]


def alerts(signs: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (shown.id, shown.state, shown.lines)
        for shown in course(signs)
        if isinstance(shown, Alert)
    ]


def last(signs: str) -> Sentiment:
    return [shown for shown in course(signs) if isinstance(shown, Sentiment)][-1]


def test_genesys_own_example_comes_out() -> None:
    # Positive at half of the call and at nine tenths of it: 0.50 + 0.90 gives 78.
    assert call_score([0, 0, 0, 0, 1, 0, 0, 0, 1, 0]) == 78


@pytest.mark.parametrize(
    ("polarities", "score"),
    [([], 0), ([0, 0], 0), ([1], 64), ([-1], -64), ([-1] * 100, -100)],
)
def test_a_call_score_stays_within_bounds(polarities: list[int], score: int) -> None:
    assert call_score(polarities) == score


def test_the_end_of_a_call_weighs_more_than_its_beginning() -> None:
    assert call_score([-1, 0, 0, 1]) == -call_score([1, 0, 0, -1]) > 0


def test_quarters_are_of_time_and_neutral_lines_have_no_score() -> None:
    readings = [reading(number, sign) for number, sign in enumerate("-0+-00++")]
    assert quarters(readings) == [
        pytest.approx(-0.8),
        pytest.approx(-0.1),
        None,
        pytest.approx(0.6),
    ]


def test_a_single_line_is_a_quarter_and_no_trend() -> None:
    assert last("-").quarters == (-0.8, None, None, None)
    assert last("-").trend == "flat"
    assert quarters([]) == [None] * 4


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([None, None, None, None], "flat"),
        ([None, 0.5, None, None], "flat"),
        ([-0.5, -0.5, None, 0.5], "up"),
        ([0.5, None, 0.4, -0.3], "down"),
        ([0.5, 0.3, None, None], "down"),
        ([0.5, 0.5, 0.5, 0.45], "flat"),
    ],
)
def test_the_trend_is_the_last_known_quarter_against_those_before(
    parts: list[float | None], expected: str
) -> None:
    assert trend(parts) == expected


def test_one_sharp_word_raises_no_alert() -> None:
    assert alerts("0-0+0-00") == []


def test_two_negative_lines_of_three_raise_one_alert_that_names_them() -> None:
    assert alerts("+-0---") == [("mood-1", "raised", ("c1", "c3"))]


def test_lines_that_may_well_not_be_negative_raise_and_keep_no_alert() -> None:
    assert alerts("~~~-~~") == []
    assert alerts("--~~") == [("mood-1", "raised", ("c0", "c1")), ("mood-1", "over", ())]


def test_an_alert_ends_after_two_calm_lines_and_may_come_again() -> None:
    assert alerts("--0-0+--") == [
        ("mood-1", "raised", ("c0", "c1")),
        ("mood-1", "over", ()),
        ("mood-2", "raised", ("c6", "c7")),
    ]


def test_every_reading_names_its_line() -> None:
    shown = last("+-")
    assert (shown.id, shown.label, shown.score, shown.source) == (
        "c1",
        "negative",
        -0.8,
        "model",
    )
