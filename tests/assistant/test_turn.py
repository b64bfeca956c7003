import pytest

from appliance.assistant.examples import NONE
from appliance.assistant.port import AdviceDelta, Likely
from appliance.assistant.turn import FAILED, PAUSED, Told, Turns, Wish, is_acknowledgement

HALF = AdviceDelta(action="look_up", confidence=0.6, suggestion="Let me")
WHOLE = AdviceDelta(
    action="look_up",
    confidence=0.6,
    suggestion="Let me look.",
    reasoning="asked",
    done=True,
)


def statuses(told: Told) -> list[tuple[str, str, str]]:
    return [(m.id, m.status, m.suggestion) for m in told.messages]


def asking() -> Turns:
    """A call in which advice on t1 is half written."""
    turns = Turns()
    turns.customer_said("t1", "Where is my parcel?")
    turns.wrote("a1", HALF)
    return turns


def test_a_customer_final_is_asked_about() -> None:
    assert Turns().customer_said("t1", "Hi, I lost my card.") == Told([], Wish("a1", ""))


def test_advice_names_the_turn_it_answers_and_carries_the_whole_text() -> None:
    turns = Turns()
    turns.customer_said("t1", "Where is my parcel?")
    (message,) = turns.wrote("a1", HALF).messages
    assert (message.id, message.answers, message.action) == ("a1", "t1", "look_up")
    assert (message.suggestion, message.confidence, message.is_final) == (
        "Let me",
        0.6,
        False,
    )


def test_the_last_delta_makes_it_final() -> None:
    turns = asking()
    (message,) = turns.wrote("a1", WHOLE).messages
    assert (message.status, message.is_final) == ("done", True)
    assert turns.live is None


def test_a_newer_turn_supersedes_advice_and_keeps_what_is_written() -> None:
    told = asking().customer_said("t2", "And it was a present.")
    assert statuses(told) == [("a1", "superseded", "Let me")]
    assert told.wish == Wish("a2", "")


def test_what_is_written_for_a_stale_turn_is_dropped() -> None:
    turns = asking()
    turns.customer_said("t2", "And it was a present.")
    assert turns.wrote("a1", WHOLE) == Told([])


@pytest.mark.parametrize(
    "text", ["Okay.", "uh-huh", "Mm-hm, right.", "Thank you very much!"]
)
def test_a_nod_while_advice_is_written_does_not_throw_it_away(text: str) -> None:
    turns = asking()
    assert turns.customer_said("t2", text) == Told([])
    assert statuses(turns.wrote("a1", WHOLE)) == [("a1", "done", "Let me look.")]


def test_a_nod_with_no_advice_under_way_is_advised_on() -> None:
    assert Turns().customer_said("t1", "Okay.").wish == Wish("a1", "")


@pytest.mark.parametrize(
    "text", ["Yes.", "No.", "Okay, but when?", "Thank you, and now the bill", "", "42"]
)
def test_answers_and_more_than_nods_are_no_acknowledgement(text: str) -> None:
    assert not is_acknowledgement(text)


def test_the_agent_can_stop_it_and_keeps_the_text() -> None:
    turns = asking()
    assert statuses(turns.stop("a1")) == [("a1", "stopped", "Let me")]
    assert turns.wrote("a1", WHOLE) == Told([])


def test_stopping_what_is_not_live_changes_nothing() -> None:
    assert asking().stop("a7") == Told([])
    assert Turns().stop() == Told([])


def test_asking_by_hand_supersedes_and_answers_no_turn() -> None:
    turns = asking()
    told = turns.asked("  what about\n customs? ")
    assert statuses(told) == [("a1", "superseded", "Let me")]
    assert told.wish == Wish("a2", "what about customs?")
    assert turns.wrote("a2", HALF).messages[0].answers == ""


# ------------------------------------------------------------------ the model is down


def test_an_outage_is_told_once_and_not_at_every_turn() -> None:
    turns = Turns(available=False)
    first = turns.customer_said("t1", "Hello?")
    assert statuses(first) == [("a1", "unavailable", PAUSED)]
    assert (first.messages[0].answers, first.messages[0].is_final) == ("t1", True)
    assert turns.customer_said("t2", "Are you there?") == Told([])


def test_an_agent_who_asks_by_hand_is_told_again() -> None:
    turns = Turns(available=False)
    turns.customer_said("t1", "Hello?")
    assert statuses(turns.asked("")) == [("a2", "unavailable", PAUSED)]


def test_when_it_is_back_the_newest_turn_is_asked_about() -> None:
    turns = Turns(available=False)
    turns.customer_said("t1", "Hello?")
    turns.customer_said("t2", "Where is my parcel?")
    assert turns.set_available(True).wish == Wish("a2", "")
    assert turns.wrote("a2", HALF).messages[0].answers == "t2"


def test_when_it_is_back_a_turn_the_agent_has_answered_is_left_alone() -> None:
    turns = Turns(available=False)
    turns.customer_said("t1", "Where is my parcel?")
    turns.agent_said()
    assert turns.set_available(True) == Told([])


def test_the_next_outage_is_told_again() -> None:
    turns = Turns(available=False)
    turns.customer_said("t1", "Hello?")
    turns.agent_said()
    turns.set_available(True)
    turns.set_available(False)
    assert statuses(turns.customer_said("t2", "Hm?")) == [("a2", "unavailable", PAUSED)]


def test_a_lost_advice_is_asked_for_again_with_the_same_id() -> None:
    assert asking().lost("a1") == Told([], Wish("a1", ""))


def test_advice_that_is_lost_twice_is_given_up() -> None:
    turns = asking()
    turns.lost("a1")
    assert statuses(turns.lost("a1")) == [("a1", "unavailable", "Let me")]
    assert turns.customer_said("t2", "Hello?").wish == Wish("a2", "")


def test_lost_advice_waits_for_the_process_to_come_back() -> None:
    turns = asking()
    turns.set_available(False)
    assert turns.lost("a1") == Told([])
    assert turns.set_available(True) == Told([], Wish("a1", ""))


def test_lost_advice_is_let_go_if_the_agent_went_on_without_it() -> None:
    turns = asking()
    turns.agent_said()
    assert statuses(turns.lost("a1")) == [("a1", "unavailable", "Let me")]


def test_a_refused_advice_says_so() -> None:
    turns = Turns()
    turns.customer_said("t1", "Hello?")
    assert statuses(turns.failed("a1")) == [("a1", "unavailable", FAILED)]


def test_news_of_a_stale_advice_changes_nothing() -> None:
    turns = asking()
    turns.customer_said("t2", "And when?")
    assert turns.lost("a1") == turns.failed("a1") == Told([])


def test_advice_that_the_agent_was_quicker_than_is_dropped_before_it_is_written() -> None:
    turns = Turns()
    turns.customer_said("t1", "Can I move the visit to Thursday?")
    assert turns.agent_said("One moment, please.", answers=True).messages == []
    assert turns.live is not None
    long = "Yes of course, I have moved the visit to Thursday for you."
    assert turns.agent_said(long, answers=False).messages == []  # spoken at the same time
    (last,) = turns.agent_said(long, answers=True).messages
    assert (last.id, last.status, last.suggestion) == ("a1", "superseded", "")
    assert turns.live is None


def test_advice_that_is_being_written_goes_on_while_the_agent_speaks() -> None:
    turns = Turns()
    turns.customer_said("t1", "Can I move the visit to Thursday?")
    turns.wrote("a1", AdviceDelta(action="look_up", suggestion="Let"))
    long = "Well, let me see what I can do about Thursday for you."
    assert turns.agent_said(long, answers=True).messages == []
    assert turns.live is not None


def test_a_classifier_that_is_sure_of_nothing_to_say_keeps_the_model_from_being_asked() -> (
    None
):
    turns = Turns()
    messages, wish = turns.customer_said(
        "t1", "Okay, I am waiting.", Likely(label=NONE, confidence=0.93)
    )
    assert wish is None
    assert [(m.action, m.suggestion, m.confidence, m.is_final) for m in messages] == [
        (NONE, "", 0.93, True)
    ]


def test_what_the_classifier_says_goes_with_the_wish_and_with_its_repetition() -> None:
    turns = Turns()
    likely = Likely(label="look_up", confidence=0.7)
    wish = turns.customer_said("t1", "Where is my parcel?", likely).wish
    assert wish == Wish("a1", "", likely)
    assert turns.lost("a1").wish == wish
    unsure = turns.customer_said("t2", "Hm, well.", Likely(label=NONE, confidence=0.6))
    assert unsure.wish is not None
