"""Word errors against reference turns."""

from appliance.bench.reference import Errors, Turn, count_errors


def turn(text: str, start: float = 0.0, *, uncertain: bool = False) -> Turn:
    return Turn(0, start, start + 1, text, uncertain)


def test_case_punctuation_and_spelled_numbers_are_no_errors() -> None:
    turns = [turn("I have, um, twenty dollars.")]

    assert count_errors(turns, "i have $20").rate == 0


def test_each_kind_of_error_is_counted() -> None:
    turns = [turn("please give me the blue card")]

    errors = count_errors(turns, "please give the green old card")

    wrong = errors.substituted + errors.deleted + errors.inserted
    assert (errors.words, wrong) == (6, 3)
    assert errors.rate == 50


def test_a_turn_nobody_is_sure_of_costs_nothing() -> None:
    turns = [turn("hello"), turn("mumble mumble", 1, uncertain=True), turn("goodbye", 2)]

    assert count_errors(turns, "hello something else goodbye") == Errors(words=2)


def test_words_beside_an_unscored_turn_are_not_insertions() -> None:
    turns = [turn("hello"), turn("", 1), turn("goodbye", 2)]

    assert count_errors(turns, "hello well then goodbye").inserted == 0


def test_silence_loses_every_word() -> None:
    assert count_errors([turn("one lost bank card")], "").deleted == 4


def test_what_is_said_without_a_reference_is_not_counted() -> None:
    assert count_errors([], "hello") == Errors()


def test_errors_add_up() -> None:
    total = Errors(words=10, deleted=1)
    total.add(Errors(words=10, substituted=2, inserted=1))

    assert total == Errors(words=20, substituted=2, deleted=1, inserted=1)
    assert total.rate == 20
