import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.transcriber.guards import cut_loop, doubtful, judge
from appliance.transcriber.port import Decoded


def decoded(text: str, logprob: float = -0.2, no_speech: float = 0.0) -> Decoded:
    return Decoded(
        text=text,
        words=(),
        language="en",
        language_probability=0.9,
        avg_logprob=logprob,
        no_speech=no_speech,
        capped=False,
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (decoded("Yes."), "Yes."),
        (decoded("Yes.", no_speech=0.9), "Yes."),
        (decoded("Thank you.", -1.4), ""),
        (decoded("you", -0.8, no_speech=0.93), ""),
        (decoded("1,5,5,5,5,5,5,5,5,5", -0.5, no_speech=0.8), ""),
        (decoded("2-3 %, %, %, %, %, %, %, %", -0.5, no_speech=0.8), ""),
        (decoded("0 0 0 0 0 0 0 0 0 0"), "0 0 0 0 0 0 0 0 0 0"),
        (decoded("No, no, no, no, no!", no_speech=0.8), "No, no, no, no, no!"),
        (decoded("..."), ""),
        (decoded(""), ""),
        (decoded("♪ ♪"), ""),
    ],
)
def test_what_nobody_said_is_not_shown(said: Decoded, shown: str) -> None:
    assert judge(said) == shown


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("no no no, I said no", "no no no, I said no"),
        ("I mean I mean I mean I mean I mean", "I mean"),
        ("well thank you thank you thank you thank you", "well thank you"),
        ("it is 0 0 0 0 7", "it is 0 0 0 0 7"),
    ],
)
def test_a_phrase_that_never_ends_is_said_once(text: str, cut: str) -> None:
    assert cut_loop(text) == cut


@given(st.text(alphabet="ab c", max_size=60))
def test_cutting_a_loop_never_adds_words(text: str) -> None:
    cut = cut_loop(text).split()
    assert cut == text.split()[: len(cut)]


def test_a_final_that_is_a_guess_or_a_loop_is_doubtful() -> None:
    assert doubtful(decoded("And what answer, where do we do it?", -0.7), 2700)
    assert doubtful(decoded("the same words " * 12), 2700)
    assert not doubtful(
        decoded("My name is David Wilson, I would like to pay a bill."), 2700
    )


def test_a_short_final_is_doubtful_only_if_it_would_be_refused() -> None:
    assert not doubtful(decoded("Okay.", -0.9), 1100)
    assert doubtful(decoded("Zero.", -1.1), 1400)
