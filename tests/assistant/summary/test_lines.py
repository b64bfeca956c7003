"""Which lines of a long call a model is to read."""

from hypothesis import given
from hypothesis import strategies as st

from appliance.assistant.port import Line
from appliance.assistant.summary.lines import KEPT, KEPT_FIRST, PIECE, Lines, Said
from appliance.messages import ROLES


def said(number: int, text: str) -> Said:
    return Said(id=f"u{number}", speaker=ROLES[number % 2], text=text)


def talk(count: int) -> Lines:
    lines = Lines()
    for number in range(count):
        lines.add(
            said(number, f"Okay. This is about parcel {number} of the order. Thanks.")
        )
    return lines


def size(lines: tuple[Line, ...]) -> int:
    return sum(len(line.text) for line in lines)


def test_a_short_call_is_read_whole() -> None:
    assert len(talk(10).to_read()) == 10


def test_of_a_long_call_the_beginning_and_the_end_are_read_most() -> None:
    read = talk(200).to_read()
    assert "parcel 0" in read[0].text
    assert read[-1].text == "Okay. This is about parcel 199 of the order. Thanks."
    assert all("Okay" not in line.text for line in read[: len(read) // 2])


def test_an_hour_is_read_at_little_more_than_a_minute_for_each_ten() -> None:
    whole = size(tuple(Line(s.speaker, s.text) for s in talk(1000).all))
    assert size(talk(1000).to_read()) < whole * KEPT / PIECE + KEPT_FIRST + PIECE


@given(st.lists(st.integers(1, 300), min_size=1, max_size=60))
def test_what_was_read_stays_unless_a_piece_becomes_complete(sizes: list[int]) -> None:
    lines = Lines()
    changes = 0
    before: tuple[Line, ...] = ()
    for number, length in enumerate(sizes):
        lines.add(said(number, "word " * (length // 5) + "end."))
        now = lines.to_read()
        changes += now[: len(before)] != before
        before = now
    assert changes <= sum(sizes) // PIECE + 1
