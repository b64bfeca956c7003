"""In which language a leg is decoded: settled once, and never to and fro."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import SettingsError
from appliance.settings import SpeechSettings
from appliance.transcriber.detected import Heard, heard_in
from appliance.transcriber.language import ENOUGH_S, RECHECK_S, Languages, LegLanguage
from appliance.transcriber.port import Decoded, DecodeItem


def guessed(language: str, probability: float) -> Decoded:
    return Decoded(
        text="x",
        words=(),
        language="en",
        language_probability=1.0,
        avg_logprob=0.0,
        no_speech=0.0,
        capped=False,
        guess=language,
        guess_probability=probability,
    )


def settled_in(language: str) -> LegLanguage:
    leg = LegLanguage("auto")
    leg.heard(guessed(language, 1.0), ENOUGH_S)
    return leg


def test_a_language_is_settled_by_seconds_of_speech_not_by_a_hello() -> None:
    leg = LegLanguage("auto")
    leg.heard(guessed("cy", 0.4), 0.6)
    told = [leg.to_ask]
    leg.heard(guessed("de", 0.95), 4.0)
    assert [*told, leg.to_ask] == ["", "de"]


def test_a_language_that_is_set_is_never_asked_for() -> None:
    leg = LegLanguage("fr")
    leg.heard(guessed("de", 1.0), 1000.0)
    assert (leg.to_ask, leg.doubts) == ("fr", False)


def test_what_is_settled_is_checked_now_and_then() -> None:
    leg = settled_in("de")
    doubts = [leg.doubts]
    for guess in ("", "de"):
        leg.heard(guessed(guess, 0.9), RECHECK_S)
        doubts.append(leg.doubts)
    assert doubts == [False, True, False]


def test_a_caller_who_goes_on_in_another_language_is_followed() -> None:
    leg = settled_in("de")
    for _ in range(2):
        leg.heard(guessed("en", 1.0), ENOUGH_S)
    assert leg.to_ask == "en"


def test_one_utterance_in_another_language_changes_nothing() -> None:
    leg = settled_in("de")
    leg.heard(guessed("en", 1.0), ENOUGH_S)
    assert (leg.to_ask, leg.doubts) == ("de", True)
    leg.heard(guessed("de", 1.0), 1.0)
    leg.heard(guessed("en", 1.0), ENOUGH_S)
    assert leg.to_ask == "de"


guesses = st.lists(
    st.tuples(st.sampled_from(("de", "en", "fr")), st.floats(0, 1), st.floats(0.2, 15)),
    max_size=200,
)


@given(guesses)
def test_changes_become_ever_rarer(said: list[tuple[str, float, float]]) -> None:
    leg, changes = LegLanguage("auto"), -1
    for language, probability, seconds in said:
        before = leg.to_ask
        leg.heard(guessed(language, probability), seconds)
        changes += leg.to_ask != before
    spoken_s = sum(seconds for _, _, seconds in said)
    assert changes <= math.log2(1 + spoken_s / (2 * ENOUGH_S))


def test_a_queue_has_its_language_and_the_others_the_usual_one() -> None:
    settings = SpeechSettings(
        language="en", queue_languages="Sales=de, help = auto", languages="de,en"
    )
    languages = Languages(settings)
    assert [languages.of(queue) for queue in ("sales", "HELP", "")] == ["de", "auto", "en"]
    assert languages.leg("help").choices == ("de", "en")
    assert languages.named == ("de", "en")


def test_a_queue_without_a_language_is_refused() -> None:
    with pytest.raises(SettingsError, match="'sales'"):
        Languages(SpeechSettings(queue_languages="sales"))


GUESS = [("<|nn|>", 0.375), ("<|en|>", 0.25), ("<|de|>", 0.125), ("<|fr|>", 0.125)]


@pytest.mark.parametrize(
    ("item", "heard"),
    [
        (DecodeItem(pcm=b""), Heard("en", 0.25, "en", 0.25)),  # unsure: the fallback
        (DecodeItem(pcm=b"", fallback="xx"), Heard("nn", 0.375, "nn", 0.375)),
        (DecodeItem(pcm=b"", language="fr"), Heard("fr")),
        (DecodeItem(pcm=b"", language="de", guess=True), Heard("de", 1.0, "de", 0.125)),
        (DecodeItem(pcm=b"", choices=("de", "fr")), Heard("de", 0.5, "de", 0.5)),
    ],
)
def test_what_a_detection_comes_to(item: DecodeItem, heard: Heard) -> None:
    assert heard_in(item, GUESS) == heard
