"""Texts that a model writes come back as they were on the screens, state for state."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.json import decode, encode
from msgspec.structs import replace

from appliance.messages import AiSuggestion, Source, Summary, SummaryLine
from appliance.store.event import Written
from appliance.store.growth import Growth, states
from tests.store.events import wall

texts = st.text(max_size=30)
sources = st.builds(
    Source, article=texts, version=st.integers(1, 9), title=texts, section=texts, text=texts
)
advice = st.builds(
    AiSuggestion,
    seq=st.integers(1, 10**6),
    id=st.just("a1"),
    answers=texts,
    action=texts,
    suggestion=texts,
    reasoning=texts,
    confidence=st.one_of(st.floats(0, 1), st.sampled_from([0, 1])),
    is_final=st.just(False),
    status=st.just("streaming"),
    sources=st.lists(sources, max_size=2).map(tuple),
)
lines = st.lists(st.builds(SummaryLine, text=texts), max_size=3).map(tuple)
drafts = st.builds(
    Summary,
    seq=st.integers(1, 10**6),
    id=st.just("s1"),
    purpose=st.sampled_from(["wrap_up", "transfer"]),
    source=texts,
    situation=lines,
    action=lines,
    is_final=st.just(False),
)


def kept(told: Sequence[AiSuggestion | Summary]) -> Written | None:
    """What is in the record once the last of them is finished."""
    growth = Growth()
    for n, one in enumerate(told):
        assert growth.told(one, wall(n)) is None
    return growth.told(replace(told[-1], is_final=True), wall(len(told)))


@given(st.one_of(st.lists(advice, min_size=1), st.lists(drafts, min_size=1)))
def test_every_state_comes_back_byte_for_byte_at_its_moment(told: Any) -> None:
    written = kept(told)
    assert written is not None
    read = decode(encode(written), type=Written)
    assert [(s.seq, s.text) for s in states(read.steps)] == [
        (one.seq, encode(one)) for one in told
    ]
    assert [s.wall for s in states(read.steps)] == [wall(n) for n in range(len(told))]


def test_what_grows_word_by_word_costs_about_as_much_as_it_is_long() -> None:
    passage = Source(article="a", version=1, title="t", section="s", text="x" * 4000)
    words = ["word"] * 100
    told = [
        AiSuggestion(
            seq=n,
            id="a1",
            answers="c1",
            action="ask",
            suggestion=" ".join(words[:n]),
            reasoning="",
            confidence=0.5,
            is_final=False,
            status="streaming",
            sources=(passage,),
        )
        for n in range(1, 101)
    ]
    written = kept(told)
    assert sum(len(encode(one)) for one in told) > 400_000
    assert len(encode(written)) < 15_000


def test_texts_beside_each_other_are_kept_apart_and_what_never_grew_is_not_kept() -> None:
    growth, [one] = Growth(), [advice_of("a1", 1)]
    assert growth.told(one, wall()) is None
    assert growth.told(advice_of("a2", 2), wall()) is None
    first = growth.told(replace(one, seq=3, is_final=True), wall())
    assert first is not None
    assert [state.seq for state in states(first.steps)] == [1]
    assert growth.told(replace(one, seq=4, is_final=True), wall()) is None


def advice_of(id_: str, seq: int) -> AiSuggestion:
    return AiSuggestion(
        seq=seq,
        id=id_,
        answers="",
        action="ask",
        suggestion="Ask.",
        reasoning="",
        confidence=0.5,
        is_final=False,
        status="streaming",
    )
