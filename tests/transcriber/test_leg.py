"""One leg's utterances: boundaries and results in, requests and transcripts out."""

from collections.abc import Sequence

from appliance.messages import Ended, Paused, Resumed, Started, Transcript, Word
from appliance.settings import VadSettings
from appliance.transcriber.language import LegLanguage
from appliance.transcriber.leg import LegTranscriber
from appliance.transcriber.port import Decoded
from appliance.transcriber.scheduler import SECOND_LOOK, Request

VAD = VadSettings(pre_roll_ms=200, speculate_ms=192)


def leg(offset_ms: int = 0) -> LegTranscriber:
    return LegTranscriber(
        "customer",
        vad=VAD,
        language=LegLanguage("en"),
        floor_frames=1250,
        offset_ms=offset_ms,
    )


def decoded(text: str, logprob: float = -0.1, words: tuple[Word, ...] = ()) -> Decoded:
    return Decoded(
        text=text,
        words=words,
        language="en",
        language_probability=1.0,
        avg_logprob=logprob,
        no_speech=0.0,
        capped=False,
    )


def only_request(actions: Sequence[Request | Transcript]) -> Request:
    (action,) = actions
    assert isinstance(action, Request)
    return action


def only_transcript(actions: Sequence[Request | Transcript]) -> Transcript:
    (action,) = actions
    assert isinstance(action, Transcript)
    return action


def test_the_final_decoded_in_the_pause_is_told_the_moment_the_speaker_has_stopped() -> (
    None
):
    one = leg(offset_ms=5000)
    one.on_event(Started(1000))
    ahead = only_request(one.on_event(Paused(2000)))
    assert (ahead.purpose, ahead.start_ms, ahead.end_ms) == ("speculative", 800, 2192)
    word = Word(text="hello", start_ms=250, end_ms=600, probability=0.9)
    shown = only_transcript(one.on_decoded(ahead, decoded("hello", words=(word,))))
    assert not shown.is_final
    final = only_transcript(one.on_event(Ended(2000)))
    assert final.is_final
    assert final.id == shown.id
    assert (final.start_ms, final.end_ms) == (6000, 7000)
    assert (final.words[0].start_ms, final.words[0].end_ms) == (6050, 6400)
    assert one.unfinished == 0


def test_a_final_that_is_not_decoded_yet_is_told_when_it_is() -> None:
    one = leg()
    one.on_event(Started(1000))
    ahead = only_request(one.on_event(Paused(2000)))
    assert one.on_event(Ended(2000)) == []
    assert ahead.purpose == "final"
    assert only_transcript(one.on_decoded(ahead, decoded("hello"))).is_final


def test_a_breath_turns_the_speculative_final_into_a_partial() -> None:
    one = leg()
    one.on_event(Started(1000))
    ahead = only_request(one.on_event(Paused(2000)))
    one.on_event(Resumed())
    assert ahead.abandoned
    assert not only_transcript(one.on_decoded(ahead, decoded("my card"))).is_final
    later = only_request(one.on_event(Paused(3000)))
    assert (later.start_ms, later.end_ms) == (800, 3192)
    one.on_event(Ended(3000))
    assert only_transcript(one.on_decoded(later, decoded("my card is gone"))).is_final


def test_partials_come_with_new_speech_and_a_waiting_one_is_brought_up_to_date() -> None:
    one = leg()
    one.on_event(Started(1000))
    assert one.partial(1300, 400) is None
    first = one.partial(1400, 400)
    assert first is not None
    assert one.partial(1800, 400) is None
    assert first.end_ms == 1800
    first.taken = True
    assert one.partial(2000, 400) is None
    second = one.partial(2200, 400)
    assert second is not None
    assert second.end_ms == 2200


def test_an_older_partial_that_comes_late_does_not_replace_a_newer_one() -> None:
    one = leg()
    one.on_event(Started(1000))
    old = one.partial(1400, 400)
    assert old is not None
    old.taken = True
    new = one.partial(1900, 400)
    assert new is not None
    assert only_transcript(one.on_decoded(new, decoded("two words"))).text == "two words"
    assert one.on_decoded(old, decoded("two")) == []


def test_an_invented_final_withdraws_the_partials_that_were_shown() -> None:
    one = leg()
    one.on_event(Started(1000))
    partial = one.partial(1400, 400)
    assert partial is not None
    one.on_decoded(partial, decoded("thank you"))
    ahead = only_request(one.on_event(Paused(2000)))
    again = only_request(one.on_decoded(ahead, decoded("thanks for", -1.7)))
    one.on_decoded(again, decoded("thanks for", -1.6))
    final = only_transcript(one.on_event(Ended(2000)))
    assert (final.is_final, final.text) == (True, "")


def test_an_invented_utterance_that_nobody_saw_is_not_mentioned() -> None:
    one = leg()
    one.on_event(Started(1000))
    ahead = only_request(one.on_event(Paused(1200)))
    again = only_request(one.on_decoded(ahead, decoded("you", -1.7)))
    assert one.on_decoded(again, decoded("you", -1.6)) == []
    assert one.on_event(Ended(1200)) == []
    assert one.unfinished == 0


def test_a_doubtful_final_is_read_again_with_more_context_and_the_surer_one_wins() -> None:
    one = leg()
    one.on_event(Started(1000))
    ahead = only_request(one.on_event(Paused(3000)))
    one.on_event(Ended(3000))
    again = only_request(one.on_decoded(ahead, decoded("wreck a nice beach", -0.8)))
    assert (again.context_frames, again.purpose) == (SECOND_LOOK, "final")
    final = only_transcript(one.on_decoded(again, decoded("recognise speech", -0.3)))
    assert final.text == "recognise speech"


def test_the_first_reading_does_not_pass_for_the_final_while_the_second_is_on_its_way() -> (
    None
):
    one = leg()
    one.on_event(Started(1000))
    ahead = only_request(one.on_event(Paused(3000)))
    _, again = one.on_decoded(ahead, decoded("wreck a nice beach", -0.8))
    assert isinstance(again, Request)
    assert one.on_event(Ended(3000)) == []
    assert again.purpose == "final"
    final = only_transcript(one.on_decoded(again, decoded("recognise speech", -0.3)))
    assert (final.text, final.is_final) == ("recognise speech", True)


def test_a_cut_is_decoded_to_the_cut_and_the_next_utterance_begins_there() -> None:
    one = leg()
    one.on_event(Started(1000))
    cut = only_request(one.on_event(Ended(15_000, cut=True)))
    assert (cut.purpose, cut.end_ms) == ("final", 15_000)
    one.on_event(Started(15_000))
    after = only_request(one.on_event(Paused(16_000)))
    assert after.start_ms == 15_000
    assert one.unfinished == 2


def test_hanging_up_in_mid_word_asks_for_the_final_at_once() -> None:
    one = leg()
    one.on_event(Started(1000))
    assert only_request(one.on_event(Ended(1500))).purpose == "final"


def test_an_utterance_that_the_engine_gave_up_is_told_as_failed() -> None:
    one = leg()
    one.on_event(Started(1000))
    request = only_request(one.on_event(Ended(1500)))
    final = only_transcript(one.on_failed(request))
    assert (final.is_final, final.failed, final.text) == (True, True, "")
    assert one.unfinished == 0


def test_audio_is_kept_for_what_is_not_settled_and_no_longer() -> None:
    one = leg()
    assert one.needed_from_ms(10_000) == 10_000 - VAD.pre_roll_ms - VAD.start_ms
    one.on_event(Started(4000))
    assert one.needed_from_ms(10_000) == 3800


def test_a_sure_full_stop_in_a_pause_says_that_the_speaker_has_finished() -> None:
    one = leg()
    one.on_event(Started(1000))
    ahead = only_request(one.on_event(Paused(2000)))
    assert one.ends_sentence(ahead, decoded("That is all."))
    assert not one.ends_sentence(ahead, decoded("That is all.", -0.5))
    assert not one.ends_sentence(ahead, decoded("My number is"))
    assert not one.ends_sentence(ahead, decoded("My number is..."))
    one.on_event(Resumed())
    assert not one.ends_sentence(ahead, decoded("That is all."))


def test_finals_are_told_in_the_order_they_were_said() -> None:
    one = leg()
    one.on_event(Started(1000))
    first = only_request(one.on_event(Ended(2000)))
    one.on_event(Started(3000))
    second = only_request(one.on_event(Ended(4000)))
    assert one.on_decoded(second, decoded("two")) == []
    told = one.on_decoded(first, decoded("one"))
    assert [t.text for t in told if isinstance(t, Transcript)] == ["one", "two"]
    assert one.unfinished == 0


def test_what_was_said_goes_with_what_is_said_next_but_not_what_was_refused() -> None:
    one = leg()
    for start_ms, text, logprob in ((0, "My name is", -0.1), (5000, "Amen.", -1.5)):
        one.on_event(Started(start_ms + 1000))
        ahead = only_request(one.on_event(Paused(start_ms + 2000)))
        one.on_event(Ended(start_ms + 2000))
        one.on_decoded(ahead, decoded(text, logprob), hurried=True)
    assert one.said == "My name is"


def test_in_a_hurry_a_doubtful_final_is_not_read_again() -> None:
    one = leg()
    one.on_event(Started(1000))
    final = only_request(one.on_event(Ended(2000)))
    told = only_transcript(one.on_decoded(final, decoded("maybe", -0.9), hurried=True))
    assert (told.text, told.is_final) == ("maybe", True)


def test_what_is_not_settled_can_be_withdrawn_and_is_then_forgotten() -> None:
    one = leg()
    one.on_event(Started(1000))
    asked = one.partial(2000, 300)
    assert asked is not None
    one.on_decoded(asked, decoded("four two"))
    final = only_request(one.on_event(Ended(2500)))
    one.on_event(Started(3000))
    unseen = one.partial(4000, 300)
    assert unseen is not None

    told = one.withdraw()

    assert [(t.id, t.text, t.is_final, t.failed) for t in told] == [
        ("customer-1", "", True, False)
    ]
    assert not one.unfinished
    assert final.abandoned
    assert unseen.abandoned
    assert not one.wants(final)
    assert list(one.on_decoded(final, decoded("four two four two"))) == []
    assert list(one.on_event(Ended(4500))) == []
    one.on_event(Started(5000))
    assert one.speaking
