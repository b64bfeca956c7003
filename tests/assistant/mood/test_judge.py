import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.assistant.mood.judge import by_lexicon, by_model, log_shares
from appliance.assistant.mood.prompt import ASKED, FEELINGS


def logits_of(*labels: float) -> tuple[float, ...]:
    """Where nothing but the labels is likely."""
    return (*labels, *[max(labels) - 8.0] * len(FEELINGS))


EVEN = log_shares(logits_of(0.0, 0.0, 0.0))
LOGITS = st.lists(st.floats(-50, 50), min_size=len(ASKED), max_size=len(ASKED))


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
    verdict = by_model("So that is how it is.", logits_of(*logits), EVEN)
    assert verdict.label == label


def test_what_the_model_says_to_nothing_at_all_is_taken_out() -> None:
    unlikely = [-8.0] * len(FEELINGS)
    gloomy = log_shares((5.0, 0.0, 0.0, *unlikely))
    plain = by_model("It is on the table.", (0.0, 0.0, 0.0, *unlikely), EVEN)
    found = by_model("It is on the table.", (5.0, 0.0, 0.0, *unlikely), gloomy)
    assert found.score == pytest.approx(plain.score)


def test_a_hundred_exclamation_marks_are_three() -> None:
    sharp = logits_of(1, 0, 0)
    assert by_model("No" + "!" * 100, sharp, EVEN) == by_model("No!!!", sharp, EVEN)
