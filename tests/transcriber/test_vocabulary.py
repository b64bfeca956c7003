from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import SettingsError
from appliance.messages import Word
from appliance.transcriber.names import read_names
from appliance.transcriber.vocabulary import Vocabulary, distance, sound

NAMES = ("Moss Lantern", "Granite Acorn", "Quilter", "Digium", "Schoeffer")
COMMON = {
    *("is", "the", "at", "this", "quilt", "quiet", "granted", "moss", "lantern"),
    *("velvet", "bank", "called", "i", "am", "with", "a"),
}
SITE = Vocabulary(NAMES, COMMON)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("this is Moss Lantin, I am", "this is Moss Lantern, I am"),
        ("at granit acorn.", "at Granite Acorn."),
        ("Mr. Quiltar's bank", "Mr. Quilter's bank"),
        ("with Dijium", "with Digium"),
        ('the "Mosslantarn"', 'the "Moss Lantern"'),
        ("Schoefer called", "Schoeffer called"),
    ],
)
def test_a_name_that_was_heard_nearly_is_put_right(heard: str, meant: str) -> None:
    assert SITE.corrected(heard) == meant


@pytest.mark.parametrize(
    "text",
    [
        "at Moss Lantern, this is Quilter's",
        "the quilted quilts",  # common words with endings
        "quiet",
        "Zanzibar Guildford Hoover",  # uncommon, and like none of the names
        "",
        "  ",
        "42 ...",
    ],
)
def test_what_is_right_or_common_or_something_else_is_left_alone(text: str) -> None:
    assert SITE.corrected(text) == text


def test_between_two_names_that_are_as_near_none_is_chosen() -> None:
    twins = Vocabulary(("Marlowe", "Harlowe", "Farlowe"), COMMON)
    assert twins.corrected("Garlowe") == "Garlowe"
    assert Vocabulary(("Marlowe",), COMMON).corrected("Marlow") == "Marlowe"


def test_a_short_name_is_like_too_much_to_be_put_right() -> None:
    assert Vocabulary(("Dana",), COMMON).corrected("Dona") == "Dona"


def word(text: str, start_ms: int, probability: float = 0.9) -> Word:
    return Word(text=text, start_ms=start_ms, end_ms=start_ms + 90, probability=probability)


def test_two_words_that_are_one_name_become_one_with_the_time_of_both() -> None:
    heard = [word("at", 0), word("Moss", 100), word("Lantin,", 200, 0.4), word("is", 300)]
    assert [
        (w.text, w.start_ms, w.end_ms, w.probability) for w in SITE.corrected_words(heard)
    ] == [
        ("at", 0, 90, 0.9),
        ("Moss Lantern,", 100, 290, 0.4),
        ("is", 300, 390, 0.9),
    ]


@given(st.lists(st.sampled_from([*COMMON, "12", "...", "Is"]), max_size=30))
def test_common_words_are_never_changed(words: list[str]) -> None:
    text = " ".join(words)
    assert SITE.corrected(text) == text


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    corrected = SITE.corrected(text)
    assert SITE.corrected(corrected) == corrected


def test_what_sounds_alike_sounds_the_same() -> None:
    assert sound("phillips") == sound("filips")
    assert sound("schoeffer") == sound("shofer")
    assert sound("digium") == sound("digum")
    assert distance("lantern", "lantin") == 2


# ---------------------------------------------------------------- the file


def test_names_are_read_once_each_and_notes_left_out(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("# people\nElizabeth  Rodriguez\n\nQuilter\nQuilter\n")
    assert read_names(str(file)) == ("Elizabeth Rodriguez", "Quilter")
    assert read_names("") == ()


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"x" * 61,
        b"n\n" * 1 + b"".join(f"name{n}\n".encode() for n in range(501)),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"names"):
        read_names(str(file))
    with pytest.raises(SettingsError, match="Cannot read"):
        read_names(str(tmp_path / "none.txt"))
