import pytest

from appliance.eval.rouge import mean_rouge_1, rouge_1


@pytest.mark.parametrize(
    ("text", "reference", "score"),
    [
        ("the cat sat", "the cat sat", 1.0),
        ("The cat, sat!", "the cat sat", 1.0),
        ("the cat", "the cat sat down", 2 / 3),  # precision 1, recall .5
        ("the the the", "the cat", 2 / 5),  # a word counts as often as both have it
        ("dog", "cat", 0.0),
        ("", "cat", 0.0),
        ("", "", 0.0),
    ],
)
def test_rouge_1_is_the_f1_of_words(text: str, reference: str, score: float) -> None:
    assert rouge_1(text, reference) == pytest.approx(score)
    assert rouge_1(reference, text) == pytest.approx(score)


def test_of_several_references_the_mean_counts() -> None:
    assert mean_rouge_1("the cat", ["the cat", "dog"]) == pytest.approx(0.5)
