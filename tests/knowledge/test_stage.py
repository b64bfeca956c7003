from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from anyio import to_thread

from appliance.errors import WorkerError
from appliance.knowledge.articles import Article
from appliance.knowledge.engine import KnowledgeEngine
from appliance.knowledge.port import EngineConfig
from appliance.knowledge.stage import Knowledge
from appliance.knowledge.updating import Sentences, update
from appliance.messages import Grounds, Role, Transcript
from appliance.settings import KnowledgeSettings
from appliance.workers.port import Refusal
from tests.knowledge.site import article, articles

pytestmark = pytest.mark.anyio

Ungrounded: TypeAlias = Literal["auto", "always", "never"]

LIKELY = 0.25  # by the words of three short articles alone


class Site:
    """The stage on the real engine, by words alone."""

    def __init__(self, engine: KnowledgeEngine, settings: KnowledgeSettings) -> None:
        self.engine = engine
        self.stage = Knowledge(self.port, settings)
        self.down = False
        self._said = 0

    async def port(self, job: bytes) -> AsyncGenerator[bytes, None]:
        if self.down:
            raise WorkerError("It is down.", fix="Wait.")
        self.engine.submit(1, job)
        for reply in await to_thread.run_sync(self.engine.step):
            assert not isinstance(reply, Refusal)
            yield reply.payload

    def says(self, speaker: Role, text: str) -> None:
        self._said += 1
        said = Transcript(
            id=f"t{self._said}",
            speaker=speaker,
            text=text,
            is_final=True,
            start_ms=0,
            end_ms=0,
        )
        self.stage.heard("c1", said)

    async def grounds(self, question: str = "") -> Grounds:
        return await self.stage.grounds("c1", question)


async def site(folder: Path, ungrounded: Ungrounded = "auto") -> Site:
    config = EngineConfig(folder=str(folder))
    engine = await to_thread.run_sync(KnowledgeEngine, config)
    return Site(engine, KnowledgeSettings(threshold=LIKELY, ungrounded=ungrounded))


async def put(folder: Path, given: list[Article]) -> None:
    await to_thread.run_sync(lambda: update(folder, given, Sentences(), threshold=LIKELY))


@pytest.fixture
async def stocked(tmp_path: Path) -> Path:
    await put(tmp_path, articles())
    return tmp_path


async def test_advice_rests_on_the_passage_and_names_the_line_that_led_there(
    stocked: Path,
) -> None:
    box = await site(stocked)
    box.says("agent", "How can I help?")
    box.says("customer", "What does an overdraft cost?")
    grounds = await box.grounds()
    (source,) = grounds.sources
    assert (source.article, source.version, source.title) == ("fees", 1, "Overdraft fee")
    assert (grounds.trigger, grounds.silent) == ("t2", False)
    box.says("agent", "And your name?")
    box.says("customer", "Springfield")
    assert (await box.grounds()).trigger == "t2"


async def test_where_nothing_is_known_nothing_is_said(stocked: Path) -> None:
    box = await site(stocked)
    box.says("customer", "Do you sell bicycles?")
    assert await box.grounds() == Grounds(silent=True)
    assert await box.grounds("and rollerskates") == Grounds(silent=True)


async def test_a_question_of_the_agent_is_looked_up_by_itself(stocked: Path) -> None:
    box = await site(stocked)
    box.says("customer", "Do you sell bicycles?")
    (source,) = (await box.grounds("overdraft fee")).sources
    assert source.article == "fees"


@pytest.mark.parametrize(("ungrounded", "silent"), [("always", False), ("never", True)])
async def test_the_site_may_decide_otherwise(
    stocked: Path, ungrounded: Ungrounded, silent: bool
) -> None:
    box = await site(stocked, ungrounded)
    box.says("customer", "Do you sell bicycles?")
    assert (await box.grounds()).silent is silent


async def test_a_box_without_articles_advises_as_if_there_was_no_such_thing(
    tmp_path: Path,
) -> None:
    box = await site(tmp_path)
    box.says("customer", "What does an overdraft cost?")
    assert await box.grounds() == Grounds()


async def test_while_nothing_can_be_looked_up_nothing_is_claimed(stocked: Path) -> None:
    box = await site(stocked)
    box.says("customer", "What does an overdraft cost?")
    await box.grounds()
    box.down = True
    box.says("customer", "And what is a lost card?")
    assert (await box.grounds()).silent
    box.down = False
    assert (await box.grounds()).sources


async def test_articles_that_change_while_calls_go_on_are_found(stocked: Path) -> None:
    box = await site(stocked)
    fresh = article("fees", "# Overdraft fee\n\nAn overdraft costs nothing.\n")
    await put(stocked, [fresh])
    box.says("customer", "What does an overdraft cost?")
    await box.grounds()  # notices, and is answered from what was there
    await to_thread.run_sync(box.engine.settled)
    (source,) = (await box.grounds("overdraft")).sources
    assert (source.version, source.text) == (2, "An overdraft costs nothing.")
