"""The floor as a supervisor sees it: at their desk, and on the wall."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from playwright.async_api import Page, expect

from appliance.duty import Be
from appliance.messages import MoodLabel, Sentiment
from appliance.received import Chat
from appliance.server.pages import Pages
from appliance.settings import RuleSettings
from tests.browser.axe import settled, violations
from tests.browser.conftest import a_supervisor
from tests.browser.line import Line
from tests.browser.photographer import OUTPUT, Photographer
from tests.server.live import SETTINGS, hello, serving, start, talker
from tests.server.onlookers import keys_of
from tests.server.test_agent_socket import desk
from tests.server.test_wall import RULES

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]

AGENTS = {"Ann": "away", "Bo": "available", "Cleo": "available", "Dilek": "available"}
MOODS: tuple[MoodLabel, ...] = ("negative", "positive")


@asynccontextmanager
async def a_busy_floor(folder: Path, pages: Pages) -> AsyncIterator[str]:
    """Four agents on duty, two calls, in one of which there is an alert, and a caller who
    waits."""
    file = folder / "rules.toml"
    file.write_text(RULES)
    settings = msgspec.structs.replace(SETTINGS, rules=RuleSettings(file=str(file)))
    async with AsyncExitStack() as floor:
        url, box = await floor.enter_async_context(serving(folder, settings, pages=pages))
        for name, state in AGENTS.items():
            keys = await keys_of(url, name, "agent")
            page = await floor.enter_async_context(desk(url, keys=keys))
            if state == "away":
                await page.send(Be(state="away"))
        for n, mood in enumerate(MOODS):
            call_id = (await start(url, "customer", name=f"Customer {n}"))["call_id"]
            await start(url, "agent", call_id, name="Helen" if n else "Ann")
            customer = await floor.enter_async_context(
                talker(url, call_id, hello("customer"))
            )
            await customer.send(Chat(text="I shall ask my lawyer" if n else "Hello"))
            await customer.until("chat")
            box._publish(call_id, reading(mood))
        waits = (await start(url, "customer", name="Ada Waiting"))["call_id"]
        await floor.enter_async_context(talker(url, waits, hello("customer")))
        yield url


def reading(label: MoodLabel) -> Sentiment:
    return Sentiment(
        id="1", label=label, score=0.0, confidence=0.9, source="lexicon",
        quarters=(0.0,), trend="flat", call_score=0,
    )  # fmt: skip


async def test_each_number_says_how_it_was_counted(
    tmp_path: Path, pages: Pages, axe: str
) -> None:
    async with a_busy_floor(tmp_path, pages) as url, a_supervisor(url) as sam:
        page = sam.page
        await page.goto("/dashboard")
        for name, number in {
            "Running calls": "2", "Waiting": "1", "Agents available": "3", "Alerts": "1",
        }.items():  # fmt: skip
            tile = page.locator(".tile", has=page.get_by_role("heading", name=name))
            await expect(tile.locator(".tile__value")).to_have_text(number)
        mood = page.locator(".tile", has_text="Mood of the callers")
        await expect(mood).to_contain_text("1 Unhappy")
        # No language model: nothing is said of its advice, not even zero.
        await expect(page.locator(".tile", has_text="Advice")).to_have_count(0)

        how = page.get_by_role("button", name="Waiting: how it is counted")
        tip = page.locator(".tile", has=how).locator("[role=tooltip]")
        await expect(tip).to_be_hidden()
        await how.hover()
        await expect(tip).to_contain_text("Counted: 1.")
        await page.mouse.move(0, 0)
        await expect(tip).to_be_hidden()
        await how.focus()
        await expect(tip).to_be_visible()
        assert await violations(page, axe) == []
        await page.keyboard.press("Escape")
        await expect(tip).to_be_hidden()


async def test_the_wall_says_when_it_is_old_and_comes_back_by_itself(
    tmp_path: Path, pages: Pages, axe: str
) -> None:
    async with a_busy_floor(tmp_path, pages) as url, a_supervisor(url) as sam:
        page, line = sam.page, Line()
        await page.set_viewport_size({"width": 1920, "height": 1080})
        await page.context.route_web_socket("**/ws/floor", line.join)
        await page.goto("/dashboard?wall=1")
        await expect(page.get_by_text("The customer speaks of a lawyer.")).to_be_visible()
        await expect(page.get_by_role("navigation")).to_have_count(0)
        assert await violations(page, axe) == []
        await line.cut()
        await expect(page.get_by_text("No connection to the box.")).to_be_visible()
        # It still shows what was, and that nobody is told otherwise.
        await expect(page.locator(".wall--old .wall__value").first).to_have_text("2")
        line.mend()
        await expect(page.get_by_text("No connection to the box.")).to_have_count(0)
        await page.get_by_role("button", name="Back to the dashboard").press("Enter")
        await expect(page.get_by_role("navigation").first).to_be_visible()


async def test_the_dashboard_is_fit_to_be_seen(
    tmp_path: Path, pages: Pages, axe: str
) -> None:
    camera = Photographer(axe)
    async with a_busy_floor(tmp_path, pages) as url:
        for locale in ("en-GB", "de-DE"):
            async with a_supervisor(url, locale) as sam:
                await sam.page.goto("/dashboard")
                await expect(sam.page.locator(".tile").first).to_be_visible()
                await camera.take(sam.page, f"dashboard-{locale[:2]}")
                await hung(sam.page, locale[:2])
    assert not camera.found, "\n".join(camera.found)


async def hung(page: Page, language: str) -> None:
    """Pictures of the wall."""
    await page.set_viewport_size({"width": 1920, "height": 1080})
    await page.goto("/dashboard?wall=1")
    await expect(page.locator(".wall__value").first).to_be_visible()
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        await page.emulate_media(color_scheme=theme)
        await settled(page)
        await page.screenshot(path=OUTPUT / f"wall-{language}-{theme}.png")
