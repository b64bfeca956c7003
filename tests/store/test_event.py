from appliance.messages import AiSuggestion, Gap, Transcript
from appliance.received import Feedback
from appliance.store.event import Event
from tests.store.events import said, wall


def suggestion(is_final: bool) -> AiSuggestion:
    return AiSuggestion(
        seq=4,
        id="s1",
        answers="t1",
        action="offer",
        suggestion="Offer",
        reasoning="",
        confidence=0.5,
        is_final=is_final,
        status="done" if is_final else "streaming",
    )


def test_a_message_brings_its_own_seq_kind_and_json() -> None:
    gap = Gap(seq=7, speaker="agent", start_ms=0, end_ms=20, reason="lost")
    event = Event.of(gap, call_id="c1", at_ms=20, wall=wall())
    assert (event.seq, event.kind) == (7, "gap")
    assert event.payload.startswith(b'{"type":"gap","seq":7,')


def test_a_partial_transcript_may_be_shed_and_a_final_may_not() -> None:
    assert said(1, is_final=False).partial
    assert not said(2, is_final=True).partial


def test_advice_may_be_shed_while_it_is_being_written() -> None:
    for is_final in (False, True):
        event = Event.of(suggestion(is_final), call_id="c1", at_ms=0, wall=wall())
        assert event.partial is not is_final


def test_a_failed_utterance_may_not_be_shed() -> None:
    failed = Transcript(
        id="t1", speaker="agent", text="", is_final=True, start_ms=0, end_ms=1, failed=True
    )
    assert not Event.of(failed, call_id="c1", at_ms=0, wall=wall()).partial


def test_what_a_person_sent_is_noted_under_its_type() -> None:
    feedback = Feedback(id="s1", verdict="used")
    event = Event.note(feedback, call_id="c1", seq=9, at_ms=5, wall=wall())
    assert (event.kind, event.seq) == ("feedback", 9)
    assert event.payload == b'{"type":"feedback","id":"s1","verdict":"used","reason":""}'
