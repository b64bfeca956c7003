"""Words near each other, found the clever way and found the slow way."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.rules.book import Book, Rule
from appliance.rules.pattern import (
    FARTHEST,
    Either,
    InRow,
    Near,
    Pattern,
    PatternFault,
    Phrase,
    parse,
)
from appliance.rules.rulebook import Rulebook
from appliance.rules.stretch import Span, Stretch, Vocabulary
from appliance.rules.words import alike, words_of

# Short, so that none of them counts as another.
LETTERS = ("a", "b", "c", "d")
lines = st.lists(st.sampled_from(LETTERS), max_size=20)
phrases = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=2).map(
    lambda words: Phrase(tuple(words))
)
patterns: st.SearchStrategy[Pattern] = st.recursive(
    phrases,
    lambda inner: st.one_of(
        st.builds(Near, inner, inner, st.integers(0, 4)),
        st.lists(inner, min_size=1, max_size=3).map(lambda found: Either(tuple(found))),
        st.lists(inner, min_size=1, max_size=3).map(lambda found: InRow(tuple(found))),
    ),
    max_leaves=4,
)


def slowly(pattern: Pattern, words: Sequence[str]) -> set[Span]:
    """Every place of the pattern, as its definition says."""
    match pattern:
        case Phrase(wanted):
            length = len(wanted)
            return {
                (n, n + length - 1)
                for n in range(len(words) - length + 1)
                if tuple(words[n : n + length]) == wanted
            }
        case Either(choices):
            return set().union(*(slowly(choice, words) for choice in choices))
        case InRow(parts):
            found = slowly(parts[0], words)
            for part in parts[1:]:
                after = slowly(part, words)
                found = {(a, d) for a, b in found for c, d in after if c == b + 1}
            return found
        case Near(one, other, between):
            return set(_near(slowly(one, words), slowly(other, words), between))


def _near(ones: set[Span], others: set[Span], between: int) -> Iterator[Span]:
    for one in ones:
        for other in others:
            left, right = sorted((one, other))
            if 0 <= right[0] - left[1] - 1 <= between:
                yield left[0], right[1]


@given(patterns, lines)
def test_a_pattern_is_found_where_its_definition_says(
    pattern: Pattern, words: list[str]
) -> None:
    stretch = Stretch(Vocabulary(LETTERS), words)
    expected = slowly(pattern, words)
    # Below the number of places that are looked at.
    if len(expected) <= 20:
        assert stretch.spans(pattern) == sorted(expected)


@given(st.text(max_size=60))
def test_any_text_is_a_pattern_or_is_refused_with_advice(text: str) -> None:
    with suppress(PatternFault):
        parse(text)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("this call is recorded", Phrase(("this", "call", "is", "recorded"))),
        ('"this call"', Phrase(("this", "call"))),
        ("recording NEAR/5 call", Near(Phrase(("recording",)), Phrase(("call",)), 5)),
        ("nearby", Phrase(("nearby",))),
        ("don't", Phrase(("dont",))),
        ("Kündigung", Phrase(("kundigung",))),
        ("record*", Phrase(("record*",))),
        (
            "(14 | fourteen) days",
            InRow((Either((Phrase(("14",)), Phrase(("fourteen",)))), Phrase(("days",)))),
        ),
    ],
)
def test_a_pattern_is_read_as_it_is_meant(text: str, pattern: Pattern) -> None:
    assert parse(text) == pattern


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("call NEAR", "Write NEAR/5"),
        ("call NEAR/x recording", "Write NEAR/5"),
        ("call near/5 recording", "Write NEAR/5"),
        (f"a NEAR/{FARTHEST + 1} b", f"at most NEAR/{FARTHEST}"),
        ('"this call', "Close it"),
        ("(call | line", "Close it"),
        ("call )", "Open the bracket"),
        ("NEAR/3 call", "Write such as"),
        ("...", "Write words"),
        ("", "Write such as"),
    ],
)
def test_a_pattern_that_cannot_be_read_says_what_to_write(text: str, fix: str) -> None:
    with pytest.raises(PatternFault) as caught:
        parse(text)
    assert fix in caught.value.fix


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("record", "recording"),
        ("recorded", "recordings"),
        ("cancel", "cancelled"),
        ("policy", "policies"),
        ("recording", "recoding"),  # misheard
        ("beschwerde", "beschwerden"),
        ("kundigen", "kundigung"),
        ("grabar", "grabando"),
    ],
)
def test_inflected_and_misheard_words_count(one: str, other: str) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("cancel", "cancer"), ("policy", "police"), ("plan", "plant"), ("card", "care")],
)
def test_words_that_only_look_alike_do_not(one: str, other: str) -> None:
    assert not alike(one, other)


words = st.text("abcdeginrstuz", min_size=1, max_size=14)


@given(st.lists(words, min_size=1, max_size=10), words)
def test_the_index_knows_what_a_look_at_each_word_would_tell(
    wanted: list[str], spoken: str
) -> None:
    found = Vocabulary(wanted).matches(spoken)
    assert set(found) == {w for w in wanted if alike(w, spoken)}


@given(words, words)
def test_alike_is_the_same_both_ways(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)


def test_what_must_be_exact_is_not_inflected() -> None:
    pattern = parse("record", exact=True)
    stretch = Stretch(Vocabulary(["=record"]), words_of("They record. Recorded!"))
    assert stretch.spans(pattern) == [(1, 1)]


def test_what_people_say_while_they_think_is_passed_over() -> None:
    assert words_of("This, uh, call is um recorded") == ["this", "call", "is", "recorded"]


@given(lines, patterns, patterns, patterns)
def test_only_rules_that_cannot_apply_are_left_out(
    words: list[str], one: Pattern, other: Pattern, unwanted: Pattern
) -> None:
    rules = (
        Rule(name="any", any=(written(one), written(other))),
        Rule(name="all", all=(written(one), written(other))),
        Rule(name="not", any=(written(one),), none=(written(unwanted),)),
    )
    book = Rulebook(Book(rules=rules))
    stretch = Stretch(book.vocabulary, words)
    looked_at = {ready.rule.name for ready in book.listening(stretch)}
    applies = {ready.rule.name for ready in book.rules if ready.found(stretch)}
    assert applies <= looked_at


def written(pattern: Pattern) -> str:
    match pattern:
        case Phrase(words):
            return f'"{" ".join(words)}"'
        case Either(choices):
            return f"({' | '.join(map(written, choices))})"
        case InRow(parts):
            return f"({' '.join(map(written, parts))})"
        case Near(one, other, between):
            return f"({written(one)} NEAR/{between} {written(other)})"
