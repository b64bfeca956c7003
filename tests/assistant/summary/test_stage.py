"""The stage with a port in which the test answers, and what the agent saw."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest
from anyio import wait_all_tasks_blocked

from appliance.assistant.port import DraftDelta, WriteDraft, pack, unpack_job
from appliance.assistant.summary import stage
from appliance.assistant.summary.draft import QUOTES
from appliance.assistant.summary.stage import Summaries
from appliance.errors import WorkerError
from appliance.messages import ChatLine, Role, Summary, Transcript
from appliance.settings import AdviceSettings
from appliance.workers.port import Port

pytestmark = pytest.mark.anyio

WRITTEN = DraftDelta(
    situation="asking about the card lost on the train.",
    action="blocked the card now.",
    resolved="yes",
    resolved_sure=0.9,
    disposition="resolved",
    disposition_sure=0.8,
    done=True,
)


def said(number: int, text: str, speaker: Role, language: str = "en") -> Transcript:
    return Transcript(
        id=f"u{number}",
        speaker=speaker,
        text=text,
        is_final=True,
        start_ms=number * 1000,
        end_ms=number * 1000 + 900,
        language=language,
    )


class Model:
    """Writes when the test says so."""

    def __init__(self) -> None:
        self.jobs: list[WriteDraft] = []
        self.free = anyio.Event()
        self.refuses = False

    async def __call__(self, job: bytes) -> AsyncGenerator[bytes, None]:
        wanted = unpack_job(job)
        if not isinstance(wanted, WriteDraft):
            return
        self.jobs.append(wanted)
        if wanted.ahead:
            return
        yield pack(DraftDelta(situation="asking about"))
        await self.free.wait()
        if self.refuses:
            raise WorkerError("No.", fix="Ask again.")
        yield pack(WRITTEN)


class Screen:
    def __init__(self) -> None:
        self.shown: list[Summary] = []

    def publish(self, call_id: str, message: Summary) -> None:
        assert call_id == "c"
        self.shown.append(message)


@asynccontextmanager
async def running(port: Port | None) -> AsyncIterator[tuple[Summaries, Screen]]:
    screen = Screen()
    summaries = Summaries(port, AdviceSettings(), screen.publish)
    async with anyio.create_task_group() as group:
        await group.start(summaries.run)
        yield summaries, screen
        group.cancel_scope.cancel()


def talk(summaries: Summaries, language: str = "en") -> None:
    summaries.heard("c", said(1, "Hello, how can I help?", "agent", language))
    summaries.heard("c", said(2, "I've lost my card on the train.", "customer", language))
    summaries.heard("c", said(3, "I've blocked the card now.", "agent", language))


async def test_a_call_that_ends_is_written_up_and_kept_for_who_asks() -> None:
    model = Model()
    async with running(model) as (summaries, screen):
        talk(summaries)
        summaries.end("c")
        await wait_all_tasks_blocked()
        growing = summaries.latest("c")
        assert growing is not None
        assert [line.text for line in growing.situation] == ["Customer is asking about"]
        assert summaries.writing("c")
        assert screen.shown == []
        model.free.set()
        await summaries.settled("c")
    [summary] = screen.shown
    assert summary == summaries.latest("c")
    assert summary.is_final
    assert (summary.purpose, summary.source) == ("wrap_up", AdviceSettings().model)
    assert summary.disposition == "resolved"
    assert not summaries.writing("c")


async def test_in_mid_call_the_agent_sees_it_grow_and_the_call_goes_on() -> None:
    model = Model()
    async with running(model) as (summaries, screen):
        talk(summaries)
        summaries.ask("c")
        summaries.ask("c")  # impatient
        await wait_all_tasks_blocked()
        model.free.set()
        await wait_all_tasks_blocked()
        assert [summary.is_final for summary in screen.shown] == [False, False, True]
        assert {summary.purpose for summary in screen.shown} == {"transfer"}
        summaries.end("c")
        await summaries.settled("c")
    assert len({summary.id for summary in screen.shown}) == 2


async def test_without_a_model_the_draft_is_what_was_said() -> None:
    async with running(None) as (summaries, screen):
        talk(summaries)
        summaries.end("c")
        await summaries.settled("c")
    [summary] = screen.shown
    assert summary.source == QUOTES
    assert [line.text for line in summary.situation] == ["I've lost my card on the train."]
    assert [line.text for line in summary.action] == ["I've blocked the card now."]
    assert summary.disposition == ""


async def test_a_model_that_is_too_slow_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stage, "PATIENCE_S", 0.01)
    async with running(Model()) as (summaries, screen):
        talk(summaries)
        summaries.end("c")
        await summaries.settled("c")
    assert [summary.source for summary in screen.shown] == [QUOTES]


async def test_a_model_that_refuses_or_is_paused_leaves_what_was_said() -> None:
    model = Model()
    model.refuses = True
    model.free.set()
    async with running(model) as (summaries, screen):
        talk(summaries)
        summaries.end("c")
        await summaries.settled("c")
        summaries.set_available(False)
        talk(summaries)
        summaries.end("c")
        await summaries.settled("c")
    assert [summary.source for summary in screen.shown] == [QUOTES, QUOTES]
    assert len(model.jobs) == 1


async def test_a_language_that_the_model_does_not_know_is_quoted() -> None:
    model = Model()
    async with running(model) as (summaries, screen):
        talk(summaries, language="de")
        summaries.end("c")
        await summaries.settled("c")
    assert [summary.source for summary in screen.shown] == [QUOTES]
    assert model.jobs == []


async def test_a_long_call_is_read_ahead_and_typed_lines_belong_to_it() -> None:
    model = Model()
    async with running(model) as (summaries, _):
        for number in range(20):
            summaries.heard("c", said(number, "This is about the order. " * 4, "customer"))
            await wait_all_tasks_blocked()
        summaries.heard("c", ChatLine(id="chat-1", speaker="agent", text="Typed.", at_ms=1))
        ahead = len(model.jobs)
        model.free.set()
        summaries.end("c")
        await summaries.settled("c")
    assert ahead > 1
    assert all(job.ahead for job in model.jobs[:ahead])
    assert model.jobs[ahead].said[-1].text == "Typed."


async def test_a_box_that_stops_waits_for_no_model() -> None:
    async with running(Model()) as (summaries, screen):
        talk(summaries)
        summaries.end("c")
        await wait_all_tasks_blocked()
        summaries.hurry()
        await summaries.settled("c")
    assert [summary.source for summary in screen.shown] == [QUOTES]


async def test_a_call_that_is_over_can_be_written_up_again() -> None:
    model = Model()
    model.free.set()
    async with running(model) as (summaries, screen):
        talk(summaries)
        summaries.end("c")
        await summaries.settled("c")
        first = summaries.latest("c")
        assert first is not None
        lines = [stage.said_of(said(2, "I've lost my card.", "customer"))]
        summaries.write_up("c", [line for line in lines if line is not None], drafts=1)
        await summaries.settled("c")
    assert [summary.id for summary in screen.shown] == ["wrap_up-1", "wrap_up-2"]
    assert first.id == "wrap_up-1"


async def test_of_a_call_in_which_nothing_was_said_there_is_no_draft() -> None:
    async with running(Model()) as (summaries, screen):
        summaries.end("c")
        await summaries.settled("c")
    assert screen.shown == []
    assert summaries.latest("c") is None


async def test_of_the_calls_that_are_over_only_the_last_have_their_draft_at_hand() -> None:
    summaries = Summaries(None, AdviceSettings(), lambda _call_id, _summary: None)
    calls = [f"c{number}" for number in range(stage.KEPT + 2)]
    async with anyio.create_task_group() as group:
        await group.start(summaries.run)
        for call_id in calls:
            summaries.heard(call_id, said(1, "I've lost my card.", "customer"))
            summaries.end(call_id)
            await summaries.settled(call_id)
        group.cancel_scope.cancel()

    kept = [call_id for call_id in calls if summaries.latest(call_id) is not None]
    assert kept == calls[2:]
