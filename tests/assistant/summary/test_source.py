"""What may be written about a call, however it was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.assistant.summary.source import Source
from tests.test_numerals import spelled

CALL = Source(
    [
        "Yes, it's Arthur Example. My bill is twenty five dollars, on the first of "
        "January.",
        "I see, 877-399-3086, order ML470295, ten working days, and 8:30 on Monday.",
        "four seven oh double two. Visit acme.com, it has iOS 11.1.",
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "The bill is $25.",
        "The bill is $25.00.",
        "The bill is twenty five dollars.",
        "They have order ML470295, on Monday at 8:30.",
        "They can call 8773993086.",
        "It is done in ten days.",
        "The number is 47022.",
        "This is for Arthur Example.",
        "This is Arthur's bill.",
        "They can visit acme.com.",
        "It has iOS 11.1.",
        "On the first of January.",
    ],
)
def test_what_was_said_may_be_written_in_another_form(text: str) -> None:
    assert CALL.unsupported(text) == []


@pytest.mark.parametrize(
    ("text", "invented"),
    [
        ("The bill is 25 euros.", "25"),
        ("The bill is £25.", "25"),
        ("It is done in 25 days.", "25"),
        ("The bill is $25.50.", "25.50"),
        ("The bill is $2.", "2"),
        ("The number is 4702.", "4702"),
        ("The number is 470222.", "470222"),
        ("It is done on Tuesday.", "Tuesday"),
        ("It is done tomorrow.", "tomorrow"),
        ("It is done in eleven days.", "eleven"),
        ("The third of January.", "third"),
        ("This is for Arthur Sample.", "Sample"),
        ("They can visit evil.com.", "evil.com"),
        ("It has iOS 11.", "11"),
    ],
)
def test_what_was_not_said_is_found(text: str, invented: str) -> None:
    assert CALL.unsupported(text) == [invented]


def test_a_sentence_with_something_invented_goes_and_the_others_stay() -> None:
    kept, removed = CALL.supported(
        "The bill is $25. It is due on Tuesday. It has iOS 11.1."
    )
    assert kept == ["The bill is $25.", "It has iOS 11.1."]
    assert removed == 1


@given(said=st.integers(0, 9999), told=st.integers(0, 9999), spoken=st.booleans())
def test_one_number_does_not_support_another(said: int, told: int, spoken: bool) -> None:
    source = Source([f"It was {spelled(said) if spoken else said} in all."])
    assert bool(source.unsupported(f"It was {told} in all.")) == (said != told)


@given(number=st.integers(21, 99))
def test_a_supported_text_may_grow_letter_by_letter(number: int) -> None:
    source = Source([f"I paid {spelled(number)} dollars to Arthur Example on Monday."])
    for whole in (
        f"paid {number} dollars to Arthur Example on Monday.",
        f"paid {spelled(number)} dollars on Monday.",
        f"paid ${number} on Monday.",
    ):
        assert all(source.allow(whole[:end]) for end in range(1, len(whole) + 1)), whole


@pytest.mark.parametrize(
    "text",
    ["They paid $3", "They paid $26", "for Sam", "on Tu", "the booking ref", "2 days"],
)
def test_nothing_else_may_begin(text: str) -> None:
    assert not CALL.allow(text)


@given(st.text(max_size=80))
def test_any_text_can_be_looked_at(text: str) -> None:
    Source([text]).allow(text)
    CALL.unsupported(text)
