import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.numerals import numerals

_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_GERMAN = "null ein zwei drei vier fünf sechs sieben acht neun"
_GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
TENS, SMALL, GERMAN = _TENS.split(), _SMALL.split(), _GERMAN.split()
GERMAN_TENS = _GERMAN_TENS.split()


def spelled(number: int) -> str:
    """As people say it: the other way round than the code under test."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        unit = f" {SMALL[number % 10]}" if number % 10 else ""
        return TENS[number // 10 - 2] + unit
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = f" and {spelled(number % size)}" if number % size else ""
            return f"{spelled(number // size)} {name}{rest}"
    raise AssertionError(number)


def readings(text: str) -> list[frozenset[str]]:
    return [numeral.whole for numeral in numerals(text)]


@given(st.integers(0, 99_999))
def test_a_number_is_the_same_spoken_and_written(number: int) -> None:
    [said] = readings(f"It was {spelled(number)} in all.")
    assert str(number) in said
    [written] = readings(f"It was {number} in all.")
    assert str(number) in written
    [grouped] = readings(f"It was {number:,} in all.")
    assert str(number) in grouped


@given(st.lists(st.integers(0, 9), min_size=2, max_size=15))
def test_digits_read_out_one_by_one_are_one_number(digits: list[int]) -> None:
    [found] = readings(f"my number is {' '.join(SMALL[digit] for digit in digits)}, yes")
    assert "".join(map(str, digits)) in found


@given(st.integers(21, 99).filter(lambda number: number % 10))
def test_german_says_the_unit_first(number: int) -> None:
    word = f"{GERMAN[number % 10]}und{GERMAN_TENS[number // 10 - 2]}"
    assert readings(f"Das macht {word} Euro.") == [frozenset({str(number)})]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("four seven oh double two", "47022"),
        ("in nineteen seventy", "1970"),
        ("seven fifty", "7.5"),
        ("seven point five", "7.5"),
        ("$7.50", "7.5"),
        ("25.00", "25"),
        ("8:00 AM", "8"),
        ("eight thirty", "8:30"),
        ("the twenty-first", "21"),
        ("the 21st", "21"),
        ("877-399-3086", "8773993086"),
        ("0800 123 456", "0800123456"),
        ("M K four seven oh, um, double two one", "mk470221"),
        ("order ML-470295", "ml470295"),
        ("zweihundertfünfzig", "250"),
        ("1.200,50 Euro", "1200.5"),
    ],
)
def test_a_number_in_its_many_forms(text: str, number: str) -> None:
    [found] = readings(text)
    assert number in found


@pytest.mark.parametrize(
    "text", ["Oh dear.", "und sehr wunderbar", "", "I am on the train"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert readings(text) == []


def test_of_digits_read_out_no_single_one_is_a_number() -> None:
    [numeral] = numerals("four seven oh two two")
    assert numeral.parts == {"47022"}


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for numeral in numerals(text):
        assert 0 <= numeral.start < numeral.end <= len(text)
        assert numeral.whole
