"""How much of a draft its agent changed, against a plain count and by hand."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.assistant.summary.changed import changed


@pytest.mark.parametrize(
    ("draft", "saved", "share"),
    [
        ("", "", 0),
        ("She lost her card.", "she lost her card", 0),
        ("She lost her card.", "", 1),
        ("", "She lost her card.", 1),
        ("She lost her card.", "He found the dog.", 1),
        ("She lost her card.", "She lost her bank card.", 0.2),  # one put in, of 5
        ("She lost her blue bank card.", "She lost her card.", 0.3333),  # two out, of 6
        ("She lost her card.", "She found her card.", 0.25),  # one replaced, of 4
        ("card her lost She", "She lost her card", 1),  # order counts
        ("Kunde: „Straße“", "kunde: strasse", 0),
    ],
)
def test_words_put_in_taken_out_or_replaced_are_counted(
    draft: str, saved: str, share: float
) -> None:
    assert changed(draft, saved) == share


def plain(before: tuple[str, ...], after: tuple[str, ...]) -> int:
    @cache
    def of(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        replaced = of(i - 1, j - 1) + (before[i - 1] != after[j - 1])
        return min(replaced, of(i - 1, j) + 1, of(i, j - 1) + 1)

    return of(len(before), len(after))


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12).map(tuple)


@given(WORDS, WORDS)
def test_whatever_the_texts_it_is_the_distance_of_levenshtein(
    before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    longest = max(len(before), len(after), 1)
    found = changed(" ".join(before), " ".join(after))
    assert found == round(plain(before, after) / longest, 4)
    assert found == changed(" ".join(after), " ".join(before))
