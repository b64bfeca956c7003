import pytest

from appliance.customers.spoken import Clue, clues, ends_in_number, numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sure. It's four seven zero, two nine five.", ["470295"]),
        ("It's 470-295.", ["470295"]),
        ("4, 7, 0, 2, 9, 5", ["470295"]),
        ("double two oh triple seven nine", ["2207779"]),
        ("M K four seven oh, um, double two one", ["MK470221"]),
        ("order ML470295 please", ["ML470295"]),
        ("my order is ORD-470295, thanks", ["ORD470295"]),
        ("plus four nine, three oh, one two three four five six seven", ["49301234567"]),
        ("null drei null eins zwo drei vier fünf sechs sieben", ["0301234567"]),
        ("first 470295 and then 111222", ["470295", "111222"]),
        ("three eight one six", []),
        ("It's normally forty-two dollars, and this month it's ninety-four.", []),
        ("four one one one, one one one one, one one one one, one one one one", []),
        ("378282246310005", []),
        ("1" * 500, []),
        ("", []),
    ],
)
def test_numbers_as_people_say_and_write_them(text: str, found: list[str]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My name is Arthur Example, and I've lost my card.", "Arthur Example"),
        ("Hi, this is Arthur Example.", "Arthur Example"),
        ("Guten Tag, mein Name ist Jürgen Müller.", "Jürgen Müller"),
        ("my name's Siobhán O'Brien", "Siobhán O'Brien"),
        ("My name is Arthur Example and I have a problem", "Arthur Example and I"),
    ],
)
def test_a_name_that_is_introduced_is_a_clue(text: str, name: str) -> None:
    assert clues(text) == [Clue("name", name)]


@pytest.mark.parametrize(
    "text",
    [
        "I spoke to Arthur Example yesterday.",
        "Arthur Example sent me this letter.",
        "My name is Arthur.",
        "Yes, it's Arthur Example.",
        "It is raining.",
        "",
    ],
)
def test_a_name_that_is_only_mentioned_is_none(text: str) -> None:
    assert clues(text) == []


def test_what_was_asked_for_may_come_without_an_introduction() -> None:
    asked = "Can I take your full name, please?"
    for text in ("Yes, it's Arthur Example.", "Arthur Example.", "Sure, Arthur Example"):
        assert clues(text, asked) == [Clue("name", "Arthur Example")]
    assert clues("Yes.", asked) == []


@pytest.mark.parametrize(
    "text",
    [
        "arthur@example.test",
        "it is arthur at example dot test",
        "Arthur@Example.test, please",
    ],
)
def test_an_address_written_or_spelt(text: str) -> None:
    [clue] = clues(text)
    assert (clue.kind, clue.text.lower()) == ("email", "arthur@example.test")


def test_a_number_goes_on_where_it_was_left() -> None:
    first = "four seven zero"
    assert clues(first) == []
    assert ends_in_number(first)
    assert clues("two nine five", before=first) == [Clue("number", "470295")]
    assert not ends_in_number("that is all")
