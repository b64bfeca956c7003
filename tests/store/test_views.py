"""The views over the events, as SQL sees them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.messages import AiSuggestion, ChatLine, Gap, Sent
from appliance.received import Feedback
from appliance.store.event import CallEnded, CallStarted, Event
from appliance.store.log import SessionLog
from tests.store.events import joined, said, started, wall

ADVICE = AiSuggestion(
    seq=9,
    id="s1",
    answers="t4",
    action="offer",
    suggestion="Off",
    reasoning="because",
    confidence=0.75,
    is_final=False,
    status="streaming",
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SessionLog]:
    log = SessionLog(tmp_path / "record.duckdb")
    yield log
    log.close()


def sent(message: Sent) -> Event:
    return Event.of(message, call_id="c1", at_ms=0, wall=wall())


def ended(seq: int) -> Event:
    reason = CallEnded(reason="hangup")
    return Event.note(reason, call_id="c1", seq=seq, at_ms=0, wall=wall(9))


def test_a_final_replaces_its_partials(log: SessionLog) -> None:
    log.write([said(4, "hel", is_final=False, turn="t4"), said(5, "hello", turn="t4")])
    assert log.ask("SELECT id, seq, text FROM transcript") == [("t4", 5, "hello")]


def test_a_corrected_final_replaces_the_first(log: SessionLog) -> None:
    log.write([said(5, "hello", turn="t4"), said(6, "hallo", turn="t4")])
    assert log.ask("SELECT id, text FROM transcript") == [("t4", "hallo")]


def test_the_same_id_in_another_call_is_another_turn(log: SessionLog) -> None:
    log.write([said(5, turn="t4"), said(5, turn="t4", call_id="c2")])
    assert log.ask("SELECT count(*) FROM transcript") == [(2,)]


def test_a_withdrawn_utterance_is_no_turn(log: SessionLog) -> None:
    log.write([said(6, "noise", is_final=False, turn="t6"), said(7, "", turn="t6")])
    assert log.ask("SELECT * FROM transcript") == []


def test_advice_is_shown_as_it_was_left(log: SessionLog) -> None:
    log.write([sent(ADVICE)])
    latest = "SELECT id, suggestion, status FROM suggestion"
    assert log.ask(latest) == [("s1", "Off", "streaming")]
    log.write([sent(replace(ADVICE, seq=10, suggestion="Offer", status="done"))])
    assert log.ask(latest) == [("s1", "Offer", "done")]


def test_chat_gaps_and_feedback_have_a_row_each(log: SessionLog) -> None:
    verdict = Feedback(id="s1", verdict="used")
    log.write(
        [
            sent(ChatLine(seq=11, id="h1", speaker="agent", text="hi\0", at_ms=5)),
            sent(Gap(seq=12, speaker="agent", start_ms=1, end_ms=2, reason="lost")),
            Event.note(verdict, call_id="c1", seq=13, at_ms=0, wall=wall()),
        ]
    )
    assert log.ask("SELECT speaker, text, at_ms FROM chat") == [("agent", "hi\0", 5)]
    assert log.ask("SELECT speaker, start_ms, end_ms FROM gap") == [("agent", 1, 2)]
    assert log.ask("SELECT id, verdict FROM feedback") == [("s1", "used")]


def test_a_call_waits_until_both_people_are_there_and_then_ends(log: SessionLog) -> None:
    statuses = []
    for event in (started(), joined("agent", "Ann"), joined("customer", "Bo"), ended(4)):
        log.write([event])
        statuses += [status for (status,) in log.ask("SELECT status FROM call")]
    assert statuses == ["waiting", "waiting", "active", "ended"]
    row = "SELECT started, ended, reason, agent, customer FROM call"
    naive = [moment.replace(tzinfo=None) for moment in (wall(), wall(9))]
    assert log.ask(row) == [(*naive, "hangup", "Ann", "Bo")]


def test_a_person_who_comes_back_is_not_a_second_person(log: SessionLog) -> None:
    log.write([started(), joined("agent", "Ann"), joined("agent", "Ann", seq=3)])
    assert log.ask("SELECT status FROM call") == [("waiting",)]


def test_the_language_of_a_call_is_the_customers(log: SessionLog) -> None:
    log.write(
        [Event.note(CallStarted(language="fr"), call_id="c1", seq=1, at_ms=0, wall=wall())]
    )
    language = "SELECT language, turns FROM call"
    assert log.ask(language) == [("fr", 0)]
    log.write([said(2, speaker="agent", language="en")])
    assert log.ask(language) == [("en", 1)]
    log.write([said(3, language="de"), said(4, speaker="agent", language="en")])
    assert log.ask(language) == [("de", 3)]
