"""Looking for a call, and watching it, in a real browser at a real record."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from appliance.messages import Gap, Partner
from appliance.pipeline.box import Box
from appliance.server.pages import Pages
from appliance.store.event import CallEnded, Event, WrapUp
from tests.browser.conftest import person
from tests.browser.people import Person
from tests.server.live import serving
from tests.store.events import joined, said, started, wall

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

CALLS = 60  # more than a page
LENGTH_MS = 120_000


def recorded(n: int) -> list[Event]:
    call_id = f"c{n}"
    lost = "Ich habe meine Straßenkarte verloren" if n == 7 else "Good morning"
    held = [
        Event.of(message, call_id=call_id, at_ms=at_ms, wall=wall(n))
        for at_ms, message in (
            (40_000, Partner(seq=50, role="agent", event="holding")),
            (60_000, Partner(seq=51, role="agent", event="unholding")),
            (70_000, Gap(seq=52, speaker="customer", start_ms=65_000, end_ms=70_000,
                         reason="paused")),
        )
    ]  # fmt: skip
    outcome = WrapUp(outcome="resolved" if n % 2 else "follow_up", summary=f"Note {n}")
    facts = (CallEnded(reason="hangup"), outcome)
    return [
        started(call_id, minutes=n),
        joined("agent", "Ann" if n % 3 else "Ben", call_id, 2),
        joined("customer", f"Customer {n}", call_id, 3),
        said(4, lost, call_id=call_id),
        said(2000, "That is all", call_id=call_id, speaker="agent"),
        *held,
        *(
            Event.note(
                fact, call_id=call_id, seq=9000 + k, at_ms=LENGTH_MS, wall=wall(n + 2)
            )
            for k, fact in enumerate(facts)
        ),
    ]


@asynccontextmanager
async def reader(
    folder: Path, pages: Pages, voice: Path
) -> AsyncIterator[tuple[Person, Box]]:
    async with serving(folder, pages=pages) as (url, box), person(url, voice) as someone:
        for n in range(CALLS):
            for event in recorded(n):
                box.store.append(event)
        await box.store.flush()
        await someone.sign_in()
        yield someone, box


async def lists(page: Page, calls: int) -> None:
    await expect(page.locator("tbody.session")).to_have_count(calls)


async def test_a_call_is_found_by_a_word_and_opened_where_it_was_said(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with reader(tmp_path, pages, voices["agent"]) as (someone, _):
        page = someone.page
        await page.goto("/calls/history")
        await lists(page, 50)
        await page.get_by_role("button", name="Show older calls").click()
        await lists(page, CALLS)

        await page.keyboard.press("/")
        await page.keyboard.type("STRASSEN")
        await lists(page, 1)
        await expect(page.locator("mark")).to_have_text("Straßen")
        await expect(page.get_by_role("status")).to_have_text("1 call")
        assert page.url.endswith("?q=STRASSEN")
        await page.reload()
        await lists(page, 1)

        await page.locator(".match").click()
        await expect(
            page.get_by_role("heading", name="Call with Customer 7")
        ).to_be_visible()
        await expect(page.get_by_text("Straßenkarte")).to_be_visible()
        await page.get_by_role("link", name="All calls").click()
        await lists(page, 1)


async def test_filters_are_in_the_address_and_can_all_be_dropped(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with reader(tmp_path, pages, voices["agent"]) as (someone, _):
        page = someone.page
        await page.goto("/calls/history")
        await page.get_by_label("Agent").select_option("Ben")
        await lists(page, CALLS // 3)
        await page.get_by_label("Outcome").select_option("Resolved")
        await lists(page, CALLS // 6)
        await page.get_by_label("From").fill("2025-03-02")
        await expect(page.get_by_text("No call fits the search.")).to_be_visible()
        assert page.url.endswith("?agent=Ben&outcome=resolved&from=2025-03-02")
        await page.get_by_role("button", name="Reset the search").first.click()
        await lists(page, 50)
        assert page.url.endswith("/calls/history")


async def test_a_search_the_box_refuses_says_so_and_can_be_tried_again(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with reader(tmp_path, pages, voices["agent"]) as (someone, _):
        page = someone.page
        await page.route("**/api/sessions?*", lambda route: route.abort())
        await page.goto("/calls/history")
        await expect(page.get_by_role("alert")).to_contain_text("The box does not answer.")
        await page.unroute("**/api/sessions?*")
        await page.get_by_role("button", name="Try again").click()
        await lists(page, 50)


async def test_without_a_network_the_box_is_asked_all_the_same(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with reader(tmp_path, pages, voices["agent"]) as (someone, _):
        page = someone.page
        await page.goto("/sound-check")
        # A browser says so when the last cable is out, also where the box is this machine.
        await page.evaluate("window.dispatchEvent(new Event('offline'))")
        await page.get_by_role("link", name="History").click()
        await lists(page, 50)


async def test_a_replay_is_worked_by_keys_and_shows_holds_in_step(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with reader(tmp_path, pages, voices["agent"]) as (someone, _):
        page = someone.page
        await page.goto("/calls/history/c7?at=38000")
        slider = page.get_by_label("Position in the call")
        await expect(slider).to_have_value("38000")
        await expect(page.get_by_text("On hold")).to_be_hidden()
        await page.keyboard.press("ArrowRight")
        await expect(slider).to_have_value("43000")
        await expect(page.get_by_text("On hold")).to_be_visible()
        await slider.focus()
        await page.keyboard.press("PageUp")
        await expect(slider).to_have_value("73000")
        await expect(page.get_by_text("On hold")).to_be_hidden()
        await expect(page.get_by_text("were not recorded")).to_be_visible()
        await page.keyboard.press("Home")
        await expect(slider).to_have_value("0")
        await page.keyboard.press(" ")
        await expect(page.get_by_role("button", name="Pause")).to_be_visible()
        await page.keyboard.press(" ")
        await page.keyboard.press("End")
        await expect(slider).to_have_value(str(LENGTH_MS))
        await expect(page.get_by_text("Note 7")).to_be_visible()
