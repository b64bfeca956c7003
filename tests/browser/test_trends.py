"""Figures over time in a real browser: compared, drawn, and each with its calls."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from anyio import to_thread
from playwright.async_api import expect

from appliance.pipeline.box import Box
from appliance.server.pages import Pages
from tests.browser.axe import violations
from tests.browser.conftest import a_supervisor
from tests.browser.photographer import Photographer
from tests.reporting.calls import Told
from tests.server.live import OFF, serving

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]

# Five questions to the record, on a machine that may have other work as well.
ASKED_MS = 20_000

DAYS = 14
PER_DAY = (3, 5, 2, 7, 4, 6, 1)
NAMES = ("Ann", "Ben")


async def two_weeks(box: Box) -> int:
    """Calls of each day until yesterday; how many were in the last six of them."""
    today = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    for day in range(1, DAYS):
        for n in range(PER_DAY[day % 7]):
            came = today - timedelta(days=day) + timedelta(minutes=20 * n)
            told = Told(f"c{day}-{n}", came).come(queue="sales" if n % 2 else "help")
            if n == 6:
                told.leave(40).end(40)
            else:
                told.answer(5 + 6 * n, f"id-{NAMES[n % 2]}", NAMES[n % 2])
                told.say("customer", 1000, 4000).say("agent", 4500, 9000, lag_ms=700)
                told.feel(40 - 12 * n, "down" if n > 3 else "up")
                told.end(120 + 30 * day).wrap_up(150 + 30 * day, "resolved", 25)
            for event in told.events:
                box.store.append(event)
    await box.store.flush()
    return sum(PER_DAY[day % 7] for day in range(1, 7))


async def test_a_number_leads_to_its_calls_and_can_be_taken_along(
    tmp_path: Path, pages: Pages, axe: str
) -> None:
    async with serving(tmp_path, models=OFF, pages=pages) as (url, box):
        calls = await two_weeks(box)
        async with a_supervisor(url) as sam:
            page = sam.page
            await page.goto("/dashboard")
            await page.get_by_role("link", name="Trends").click()
            link = page.get_by_role("link", name=f"{calls}: the calls behind Calls")
            await expect(link).to_be_visible(timeout=ASKED_MS)
            await expect(page.locator(".chart canvas")).to_be_visible(timeout=ASKED_MS)
            await page.get_by_text("As a table").click()
            rows = page.get_by_role("region", name="Calls", exact=True).locator("tbody tr")
            await expect(rows).to_have_count(7)
            assert await violations(page, axe) == []

            async with page.expect_download() as started:
                await page.locator("summary", has_text="Save").click()
                await page.get_by_role("link", name="CSV").click()
            saved = await (await started.value).path()
            text = await to_thread.run_sync(saved.read_text, "utf-8-sig")
            figures = {row["measure"]: row for row in csv.DictReader(text.splitlines())}
            assert figures["calls"]["value"] == str(calls)

            # One agent alone, and then their calls.
            await page.get_by_label("Compare").select_option("agent")
            await page.get_by_role("button", name="Ben").click()
            await expect(page.get_by_role("button", name="Agent: Ben")).to_be_visible()
            await expect(link).to_have_count(0, timeout=ASKED_MS)
            behind = page.get_by_role("link", name=": the calls behind Handled")
            bens = (await behind.inner_text()).strip()
            assert 0 < int(bens) < calls
            await behind.click()
            found = page.get_by_text(f"{bens} calls", exact=True)
            await expect(found).to_be_visible(timeout=ASKED_MS)
            await expect(
                page.locator("summary", has_text="Save these calls")
            ).to_be_visible()
            assert await violations(page, axe) == []


async def test_trends_are_fit_to_be_seen(tmp_path: Path, pages: Pages, axe: str) -> None:
    camera = Photographer(axe)
    async with serving(tmp_path, models=OFF, pages=pages) as (url, box):
        await two_weeks(box)
        for locale in ("en-GB", "de-DE"):
            async with a_supervisor(url, locale) as sam:
                await sam.page.goto("/dashboard/trends?measure=aht")
                chart = sam.page.locator(".chart canvas")
                await expect(chart).to_be_visible(timeout=ASKED_MS)
                await camera.take(sam.page, f"trends-{locale[:2]}")
    assert not camera.found, "\n".join(camera.found)
