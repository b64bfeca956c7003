"""The stage with a port in which the test answers, and what the agent saw."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import anyio
import msgspec
import pytest
from anyio import wait_all_tasks_blocked

from appliance.assistant.mood.prompt import CONTENT_FREE, FEELINGS
from appliance.assistant.mood.stage import Moods
from appliance.assistant.port import MoodScores, ReadMood, pack, unpack_job
from appliance.errors import WorkerError
from appliance.messages import Alert, ChatLine, Role, Sentiment, Transcript
from appliance.settings import AdviceSettings
from appliance.workers.port import Port

pytestmark = pytest.mark.anyio

# Of the labels, and with nothing else as likely as they are.
UNHAPPY = (9.0, 0.0, 0.0) + (1.0,) * len(FEELINGS)
HAPPY = (0.0, 0.0, 9.0) + (1.0,) * len(FEELINGS)
EVEN = (0.0, 0.0, 0.0) + (-7.0,) * len(FEELINGS)


def said(
    line: str, text: str, speaker: Role = "customer", language: str = "en"
) -> Transcript:
    return Transcript(
        id=line,
        speaker=speaker,
        text=text,
        is_final=True,
        start_ms=int(line[1:]) * 1000,
        end_ms=int(line[1:]) * 1000 + 900,
        language=language,
    )


def partial(line: Transcript) -> Transcript:
    return msgspec.structs.replace(line, is_final=False)


class Model:
    """Answers as the test says; holds its answers back until `free` is set."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.logits = UNHAPPY
        self.free = anyio.Event()
        self.refuses = False

    async def __call__(self, job: bytes) -> AsyncGenerator[bytes, None]:
        wanted = unpack_job(job)
        assert isinstance(wanted, ReadMood)
        self.asked.append(wanted.text)
        await self.free.wait()
        if self.refuses:
            raise WorkerError("No.", fix="Ask again.")
        yield pack(MoodScores(logits=EVEN if wanted.text in CONTENT_FREE else self.logits))


class Screen:
    def __init__(self) -> None:
        self.shown: list[Sentiment | Alert] = []

    def publish(self, call_id: str, message: Sentiment | Alert) -> None:
        assert call_id == "c"
        self.shown.append(message)

    @property
    def readings(self) -> list[tuple[str, str, str]]:
        return [
            (message.id, message.label, message.source)
            for message in self.shown
            if isinstance(message, Sentiment)
        ]

    @property
    def alerts(self) -> list[tuple[str, ...]]:
        return [message.lines for message in self.shown if isinstance(message, Alert)]


@asynccontextmanager
async def running(port: Port | None) -> AsyncIterator[tuple[Moods, Screen]]:
    screen = Screen()
    stage = Moods(port, AdviceSettings(model="small"), screen.publish)
    async with anyio.create_task_group() as group:
        await group.start(stage.run)
        yield stage, screen
        group.cancel_scope.cancel()


async def test_the_model_reads_the_customer_and_nobody_else() -> None:
    model = Model()
    model.free.set()
    async with running(model) as (stage, screen):
        stage.heard("c", said("a1", "How can I help?", "agent"))
        stage.heard("c", partial(said("c2", "I waited")))
        stage.heard("c", said("c2", "I waited all day."))
        await wait_all_tasks_blocked()
    assert screen.readings == [("c2", "negative", "small")]
    assert "How can I help?" not in model.asked


async def test_the_prior_is_measured_once() -> None:
    model = Model()
    model.free.set()
    async with running(model) as (stage, _):
        for number in range(3):
            stage.heard("c", said(f"c{number}", f"line {number}"))
        await wait_all_tasks_blocked()
    assert model.asked == [*CONTENT_FREE, "line 0", "line 1", "line 2"]


async def test_two_unhappy_lines_raise_an_alert_that_names_them() -> None:
    model = Model()
    model.free.set()
    async with running(model) as (stage, screen):
        stage.heard("c", said("c1", "I waited all day."))
        stage.heard("c", said("c2", "Nobody came."))
        await wait_all_tasks_blocked()
    assert screen.alerts == [("c1", "c2")]


async def test_what_is_typed_is_read_like_what_is_spoken() -> None:
    model = Model()
    model.free.set()
    model.logits = HAPPY
    async with running(model) as (stage, screen):
        stage.heard("c", ChatLine(id="chat-1", speaker="customer", text="Great!", at_ms=5))
        await wait_all_tasks_blocked()
    assert screen.readings == [("chat-1", "positive", "small")]


async def test_while_the_model_is_paused_the_word_list_reads() -> None:
    model = Model()
    async with running(model) as (stage, screen):
        stage.set_available(False)
        stage.heard("c", said("c1", "This is terrible, I am angry."))
        stage.heard("c", said("c2", "Great, thank you so much, that is wonderful!"))
        await wait_all_tasks_blocked()
    assert screen.readings == [("c1", "negative", "lexicon"), ("c2", "positive", "lexicon")]
    assert model.asked == []


async def test_a_refused_line_is_read_by_the_word_list() -> None:
    model = Model()
    model.refuses = True
    model.free.set()
    async with running(model) as (stage, screen):
        stage.heard("c", said("c1", "This is terrible, I am angry."))
        await wait_all_tasks_blocked()
    assert screen.readings == [("c1", "negative", "lexicon")]


async def test_a_model_that_is_busy_for_too_long_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("appliance.assistant.mood.stage.PATIENCE_S", 0.0)
    model = Model()
    async with running(model) as (stage, screen):
        stage.heard("c", said("c1", "This is terrible, I am angry."))
        with anyio.fail_after(10):
            while not screen.shown:
                await anyio.lowlevel.checkpoint()
    assert screen.readings == [("c1", "negative", "lexicon")]


async def test_without_a_language_model_everything_is_read_by_the_word_list() -> None:
    async with running(None) as (stage, screen):
        stage.heard("c", said("c1", "This is terrible, I am angry."))
        await wait_all_tasks_blocked()
    assert screen.readings == [("c1", "negative", "lexicon")]


async def test_the_word_list_keeps_silent_about_other_languages() -> None:
    async with running(None) as (stage, screen):
        stage.heard("c", said("c1", "Das ist furchtbar.", language="de"))
        stage.heard("c", said("c2", "Das ist die!", language="de"))
        await wait_all_tasks_blocked()
    assert screen.readings == []


async def test_what_still_waits_when_the_call_ends_is_read_at_once_and_in_order() -> None:
    model = Model()
    async with running(model) as (stage, screen):
        stage.heard("c", said("c1", "This is terrible, I am angry."))
        stage.heard("c", said("c2", "Awful. I hate it."))
        await wait_all_tasks_blocked()
        stage.end("c")
        assert [line for line, _, source in screen.readings] == ["c1", "c2"]
        model.free.set()
        await wait_all_tasks_blocked()
        assert len(screen.readings) == 2
        stage.end("c")
        stage.end("never heard of")
