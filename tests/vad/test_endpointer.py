"""The endpointer: probabilities in, boundaries out."""

from appliance.messages import Ended, Paused, Resumed, SpeechEvent, Started
from appliance.settings import VadSettings
from appliance.vad.endpointer import Endpointer
from appliance.vad.port import WINDOW_MS

QUIET, SOFT, VOICED = 0.0, 0.4, 0.9
SETTINGS = VadSettings(
    start_ms=96, hangover_ms=160, speculate_ms=64, max_utterance_ms=3200, pre_roll_ms=0
)


def events(*windows: float) -> list[SpeechEvent]:
    endpointer = Endpointer(SETTINGS)
    told = [event for p in windows for event in endpointer.push(p)]
    return told + endpointer.finish()


def test_a_click_shorter_than_start_ms_is_not_speech() -> None:
    assert events(QUIET, VOICED, VOICED, *[QUIET] * 6) == []


def test_a_lone_yes_of_a_tenth_of_a_second_survives() -> None:
    told = events(QUIET, VOICED, SOFT, VOICED, *[QUIET] * 5)
    assert told == [Started(32), Paused(128), Ended(128)]


def test_soft_speech_keeps_an_utterance_open_but_does_not_open_one() -> None:
    assert events(*[SOFT] * 10) == []
    told = events(*[VOICED] * 3, *[SOFT] * 10)
    assert told == [Started(0), Ended(13 * WINDOW_MS)]


def test_a_breath_pauses_and_resumes_without_ending() -> None:
    told = events(*[VOICED] * 3, QUIET, QUIET, VOICED, *[QUIET] * 5)
    assert told == [Started(0), Paused(96), Resumed(), Paused(192), Ended(192)]


def test_the_end_is_dated_to_the_last_voiced_window() -> None:
    assert events(*[VOICED] * 4, *[QUIET] * 5)[-1] == Ended(4 * WINDOW_MS)


def after_a_sentence() -> Endpointer:
    """In the pause behind what turned out to be a whole sentence."""
    settings = VadSettings(
        start_ms=96,
        hangover_ms=320,
        finished_ms=160,
        speculate_ms=64,
        max_utterance_ms=3200,
    )
    endpointer = Endpointer(settings)
    for p in [*[VOICED] * 4, QUIET, QUIET]:
        endpointer.push(p)
    endpointer.sounds_finished()
    return endpointer


def test_after_a_whole_sentence_the_pause_is_shorter() -> None:
    endpointer = after_a_sentence()
    assert [endpointer.push(QUIET) for _ in range(3)] == [[], [], [Ended(128)]]


def test_a_sentence_that_goes_on_is_not_cut_short_at_its_next_pause() -> None:
    endpointer = after_a_sentence()
    told = [event for p in [VOICED, *[QUIET] * 9] for event in endpointer.push(p)]
    assert told == [Resumed(), Paused(224)]


def test_hanging_up_in_mid_word_still_ends_the_utterance() -> None:
    assert events(*[VOICED] * 4) == [Started(0), Ended(128)]


def test_hanging_up_in_a_pause_ends_where_the_speech_ended() -> None:
    assert events(*[VOICED] * 4, QUIET, QUIET)[-1] == Ended(128)


def test_speech_without_end_is_cut_at_its_quietest_window_and_goes_on() -> None:
    windows = [VOICED] * 110
    windows[80] = SOFT
    told = events(*windows)
    middle = 80 * WINDOW_MS + WINDOW_MS // 2
    assert told == [Started(0), Ended(middle, cut=True), Started(middle), Ended(3520)]


def test_no_utterance_is_ever_longer_than_the_limit() -> None:
    started = 0
    for event in events(*[VOICED] * 2000):
        if isinstance(event, Started):
            started = event.at_ms
        elif isinstance(event, Ended):
            assert event.at_ms - started <= SETTINGS.max_utterance_ms
