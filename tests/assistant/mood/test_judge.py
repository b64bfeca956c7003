import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.assistant.mood.judge import by_lexicon, by_model, log_shares

EVEN = log_shares((0.0, 0.0, 0.0))
LOGITS = st.lists(st.floats(-50, 50), min_size=3, max_size=3)


@given(text=st.text(max_size=300), logits=LOGITS)
def test_a_verdict_is_always_within_its_bounds(text: str, logits: list[float]) -> None:
    for verdict in (by_model(text, logits, EVEN), by_lexicon(text)):
        assert 1 / 3 - 1e-9 <= verdict.confidence <= 1
        assert -1 <= verdict.score <= 1


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I hate this, it is terrible.", "negative"),
        ("It is under my name, Arthur.", "neutral"),
        ("Great, thank you so much, that is wonderful!", "positive"),
        ("I am not happy with this at all.", "negative"),
    ],
)
def test_the_word_list_reads_plain_cases(text: str, label: str) -> None:
    assert by_lexicon(text).label == label


@pytest.mark.parametrize(
    ("logits", "label"),
    [((9, 0, 0), "negative"), ((0, 0, 9), "positive"), ((-3, 6, -3), "neutral")],
)
def test_what_the_model_is_sure_of_is_the_label(
    logits: tuple[float, ...], label: str
) -> None:
    verdict = by_model("So that is how it is.", logits, EVEN)
    assert verdict.label == label


def test_what_the_model_says_to_nothing_at_all_is_taken_out() -> None:
    gloomy = log_shares((5.0, 0.0, 0.0))
    plain = by_model("It is on the table.", (0.0, 0.0, 0.0), EVEN)
    assert by_model("It is on the table.", (5.0, 0.0, 0.0), gloomy) == plain


def test_a_hundred_exclamation_marks_are_three() -> None:
    assert by_model("No" + "!" * 100, (1, 0, 0), EVEN) == by_model("No!!!", (1, 0, 0), EVEN)
