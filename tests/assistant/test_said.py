import pytest

from appliance.assistant.said import Fates

ADVICE = "I will request a refund of the second charge for you."


def test_an_agent_who_says_it_in_other_words_has_said_it() -> None:
    fates = Fates()
    fates.shown("a1", ADVICE, 1000)
    said = "so I'm requesting the refund for that second charge okay"
    assert fates.heard("t7", said, 4000) == [("a1", "said", "t7")]
    assert fates.passed() == []


def test_what_is_said_in_two_pieces_counts_together() -> None:
    fates = Fates()
    fates.shown("a1", ADVICE, 1000)
    assert fates.heard("t7", "I will request", 4000) == []
    assert fates.heard("t8", "the refund of this second", 6000) == [("a1", "said", "t8")]


def test_who_says_something_else_has_not_said_it_and_it_expires() -> None:
    fates = Fates()
    fates.shown("a1", ADVICE, 1000)
    assert fates.heard("t7", "Could I have your postcode first?", 4000) == []
    assert fates.passed(31_000) == []
    assert fates.passed(31_001) == [("a1", "expired", "")]


def test_what_is_said_too_late_is_not_because_of_the_advice() -> None:
    fates = Fates()
    fates.shown("a1", ADVICE, 1000)
    assert fates.heard("t9", ADVICE, 40_000) == [("a1", "expired", "")]


def test_advice_that_was_used_by_hand_does_not_expire_but_can_be_said() -> None:
    fates = Fates()
    fates.shown("a1", ADVICE, 0)
    fates.shown("a2", "Goodbye!", 0)
    fates.judged("a1")
    fates.judged("a3")
    assert fates.heard("t1", "Goodbye then.", 100) == [("a2", "said", "t1")]
    assert fates.passed() == []


@pytest.mark.parametrize("suggestion", ["", "  ", "?!"])
def test_a_suggestion_without_words_becomes_nothing_said(suggestion: str) -> None:
    fates = Fates()
    fates.shown("a1", suggestion, 0)
    assert all(fate != "said" for _, fate, _ in fates.heard("t1", "Yes.", 10))
