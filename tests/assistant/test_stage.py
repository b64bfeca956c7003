from pathlib import Path

import pytest
from anyio import wait_all_tasks_blocked

from appliance.assistant.actions.learning import split, train
from appliance.assistant.actions.own import Own
from appliance.assistant.actions.shelf import install
from appliance.assistant.examples import ACTIONS
from appliance.assistant.port import (
    Ask,
    Extend,
    Forget,
    Line,
)
from appliance.assistant.turn import NOTHING_KNOWN, PAUSED
from appliance.errors import WorkerError, WorkerLost
from appliance.messages import Grounds, Source
from tests.assistant.actions.calls import made_up, stored
from tests.assistant.stage import running

pytestmark = pytest.mark.anyio


async def test_a_customer_final_brings_advice_word_by_word() -> None:
    async with running() as box:
        await box.says("customer", "Where is my parcel?")
        (asked,) = box.asked
        assert asked.job == Ask(
            call_id="c1", first=0, lines=(Line("customer", "Where is my parcel?"),)
        )
        await asked.writes("Let")
        await asked.writes("Let me look.", done=True)
        assert box.shown == [("a1", "streaming", "Let"), ("a1", "done", "Let me look.")]
        assert asked.closed


async def test_the_agents_partials_and_empty_finals_bring_none() -> None:
    async with running() as box:
        await box.says("agent", "How can", is_final=False)
        await box.says("customer", "  ")
        assert box.asked == []


async def test_a_line_of_the_customer_is_read_while_it_is_said() -> None:
    async with running() as box:
        await box.says("customer", "Where is", is_final=False)
        assert box.asked[0].job == Extend(
            call_id="c1", first=0, lines=(Line("customer", "Where is"),)
        )
        await box.says("customer", "Where is my", is_final=False)
        await box.asked[0].ends()
        assert isinstance(box.asked[1].job, Extend)
        assert box.asked[1].job.lines == (Line("customer", "Where is my"),)
        await box.says("customer", "Where is my parcel?")
        assert [ask.lines for ask in box.asks] == [
            (Line("customer", "Where is my parcel?"),)
        ]
        await box.says("agent", "One moment.")
        await box.asked[1].ends()
        await box.asked[2].writes("Let me look.", done=True)
        assert isinstance(box.asked[3].job, Extend)
        assert [line.speaker for line in box.asked[3].job.lines] == ["customer", "agent"]


async def test_what_is_being_said_when_a_pause_begins_is_not_read_on() -> None:
    async with running() as box:
        await box.says("agent", "Your card number?")
        await box.says("customer", "Four two", is_final=False)
        box.stage.pause("c1", True)
        await box.asked[0].ends()
        assert isinstance(box.asked[1].job, Extend)
        assert box.asked[1].job.lines == (Line("agent", "Your card number?"),)


async def test_the_agents_words_are_read_ahead() -> None:
    async with running() as box:
        await box.says("agent", "Hello.")
        (asked,) = box.asked
        assert asked.job == Extend(call_id="c1", first=0, lines=(Line("agent", "Hello."),))


async def test_what_is_said_while_the_worker_reads_is_read_at_once_afterwards() -> None:
    async with running() as box:
        for text in ("Hello.", "This is Dana.", "How can I help?"):
            await box.says("agent", text)
        assert len(box.asked) == 1
        await box.asked[0].ends()
        assert len(box.asked) == 2
        assert isinstance(box.asked[1].job, Extend)
        assert len(box.asked[1].job.lines) == 3
        await box.asked[1].ends()
        assert len(box.asked) == 2


async def test_what_the_agent_says_while_advice_is_written_is_read_afterwards() -> None:
    async with running() as box:
        await box.says("customer", "Where is my parcel?")
        await box.says("agent", "One moment.")
        assert len(box.asked) == 1
        await box.asked[0].writes("Let me look.", done=True)
        assert isinstance(box.asked[1].job, Extend)
        assert box.asked[1].job.lines[-1] == Line("agent", "One moment.")


async def test_a_newer_turn_cancels_the_older_job() -> None:
    async with running() as box:
        await box.says("customer", "Where is my parcel?")
        await box.asked[0].writes("Let")
        await box.says("customer", "And when does it come?")
        assert box.asked[0].closed
        assert not box.asked[1].closed
        await box.asked[1].writes("Soon.", done=True)
        assert box.shown == [
            ("a1", "streaming", "Let"),
            ("a1", "superseded", "Let"),
            ("a2", "done", "Soon."),
        ]


async def test_stop_ends_the_job_and_keeps_the_text() -> None:
    async with running() as box:
        await box.says("customer", "Where is my parcel?")
        await box.asked[0].writes("Let")
        box.stage.stop("c1", "a1")
        await wait_all_tasks_blocked()
        assert box.asked[0].closed
        assert box.shown[-1] == ("a1", "stopped", "Let")


async def test_the_agent_can_ask_by_hand() -> None:
    async with running() as box:
        await box.says("agent", "Hello.")
        box.stage.ask("c1", "what about customs?")
        await wait_all_tasks_blocked()
        assert box.asks[0].question == "what about customs?"


async def test_while_paused_nothing_is_kept_or_asked() -> None:
    async with running() as box:
        await box.says("customer", "Where is my parcel?")
        box.stage.pause("c1", True)
        await box.says("customer", "My card number is secret.")
        box.stage.ask("c1", "")
        assert box.shown == [("a1", "stopped", "")]
        box.stage.pause("c1", False)
        await box.says("customer", "Done.")
        assert [line.text for line in box.asks[-1].lines] == [
            "Where is my parcel?",
            "Done.",
        ]


async def test_the_end_of_a_call_ends_its_jobs_and_is_told_to_the_worker() -> None:
    async with running() as box:
        await box.says("agent", "Hello.")
        await box.says("customer", "Where is my parcel?")
        box.stage.end("c1")
        box.stage.end("c1")
        await wait_all_tasks_blocked()
        assert [asked.closed for asked in box.asked] == [True, True, False]
        assert box.asked[-1].job == Forget(call_id="c1")
        assert box.shown == [("a1", "stopped", "")]


async def test_an_outage_is_told_once_and_the_newest_turn_is_asked_when_it_ends() -> None:
    async with running() as box:
        box.stage.set_available(False)
        await box.says("customer", "Hello?")
        await box.says("customer", "Where is my parcel?")
        assert box.shown == [("a1", "unavailable", PAUSED)]
        assert box.asked == []
        box.stage.set_available(True)
        await wait_all_tasks_blocked()
        assert box.asks[0].lines[-1].text == "Where is my parcel?"
        await box.asked[0].writes("Let me look.", done=True)
        assert box.seen[-1].answers == "t2"


async def test_an_advice_whose_worker_died_is_written_again_under_its_id() -> None:
    async with running() as box:
        await box.says("customer", "Where is my parcel?")
        await box.asked[0].writes("Let me")
        await box.asked[0].ends(WorkerLost("It died.", fix="Wait."))
        assert box.asks[1] == box.asks[0]
        await box.asked[1].writes("I will look.", done=True)
        assert box.shown[-1] == ("a1", "done", "I will look.")


async def test_an_advice_lost_in_an_outage_is_asked_for_once_when_it_ends() -> None:
    async with running() as box:
        await box.says("customer", "Where is my parcel?")
        box.stage.set_available(False)
        await box.asked[0].ends(WorkerLost("It died.", fix="Wait."))
        assert len(box.asked) == 1
        box.stage.set_available(True)
        await wait_all_tasks_blocked()
        assert len(box.asked) == 2


async def test_a_job_that_waits_in_the_port_is_not_asked_for_twice() -> None:
    async with running() as box:
        await box.says("customer", "Where is my parcel?")
        box.stage.set_available(False)
        box.stage.set_available(True)
        await wait_all_tasks_blocked()
        assert len(box.asked) == 1


async def test_a_refused_job_is_told_and_the_next_turn_is_asked() -> None:
    async with running() as box:
        await box.says("customer", "Where is my parcel?")
        await box.asked[0].ends(WorkerError("Too long.", fix="Shorten."))
        assert box.shown[-1][:2] == ("a1", "unavailable")
        await box.says("customer", "Hello?")
        assert len(box.asks) == 2


async def test_the_lines_of_a_long_call_are_bounded_and_stay_numbered() -> None:
    async with running(context_tokens=256) as box:
        for number in range(300):
            box.hears("agent", f"This is line number {number}.")
        await box.says("customer", "Is that all?")
        last = box.asks[0]
        assert sum(len(line.text) for line in last.lines) <= 256 * 8
        assert last.first + len(last.lines) == 301
        assert last.lines[0].text == f"This is line number {last.first}."


async def test_what_is_known_of_the_customer_goes_with_every_job() -> None:
    async with running() as box:
        box.stage.know("c1", "Gold member")
        await box.says("customer", "Hello?")
        assert box.asks[0].card == "Gold member"


async def test_after_run_nothing_is_asked_any_more() -> None:
    async with running() as box:
        pass
    await box.says("customer", "Hello?")
    box.stage.end("c1")
    assert box.asked == []


CARD = Source(article="card", version=1, title="Lost card", section="", text="Block it.")


async def test_advice_carries_what_it_rests_on_and_the_language_model_reads_it() -> None:
    async with running(grounds=Grounds(sources=(CARD,), trigger="t1")) as box:
        await box.says("customer", "I lost my card.")
        assert box.asks[0].passages == ("Block it.",)
        await box.asked[0].writes("Let me block it.", done=True)
        assert {(shown.sources, shown.trigger) for shown in box.seen} == {((CARD,), "t1")}


async def test_where_nothing_is_known_nothing_is_asked_and_nothing_shown() -> None:
    async with running(grounds=Grounds(silent=True)) as box:
        await box.says("customer", "Do you sell bicycles?")
        assert box.asks == []
        assert box.shown == [("a1", "done", "")]
        assert box.seen[0].action == "none"


async def test_an_agent_who_asks_what_no_article_answers_is_told_so() -> None:
    async with running(grounds=Grounds(silent=True)) as box:
        box.stage.ask("c1", "Do we sell bicycles?")
        await wait_all_tasks_blocked()
        assert box.shown == [("a1", "unavailable", NOTHING_KNOWN)]


@pytest.fixture
def own_actions(tmp_path: Path) -> Own:
    install(tmp_path, stored(train(split(made_up(150)))))
    return Own(tmp_path, ACTIONS)


async def test_a_classifier_of_the_site_chooses_the_action(own_actions: Own) -> None:
    async with running(own_actions=own_actions) as box:
        await box.says("agent", "Hello, how can I help?")
        await box.says("customer", "Well, I want my money back.")
        (ask,) = box.asks
        assert ask.action is not None
        assert ask.action.label == "offer_refund"
        assert ask.action.confidence > 0.8


async def test_an_agent_who_answers_first_gets_no_late_advice() -> None:
    async with running() as box:
        await box.says("customer", "Can I move the visit to Thursday?")
        await box.says("agent", "Yes of course, I have moved it to Thursday for you.")
        assert box.shown == [("a1", "superseded", "")]
        assert box.asked[0].closed
