"""Holds, erasing and what is kept, in a real browser at a real record."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest
from anyio import to_thread
from playwright.async_api import Page, expect

from appliance.server.pages import Pages
from tests.access.site import hire
from tests.browser.axe import violations
from tests.browser.conftest import person
from tests.browser.people import Person
from tests.browser.photographer import Photographer
from tests.retention.box import OTTO, ZELDA, call_with, import_people, write
from tests.server.live import OFF, SITES, serving

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]


@asynccontextmanager
async def administrator(folder: Path, pages: Pages) -> AsyncIterator[Person]:
    """Olga, who may do all of it, at a box with a call of each of two customers."""
    await to_thread.run_sync(import_people, folder, ZELDA, OTTO)
    async with (
        serving(folder, models=OFF, pages=pages) as (url, box),
        person(url, None) as olga,
    ):
        await write(box.store, call_with(ZELDA, "call-z"), call_with(OTTO, "call-o"))
        await hire(SITES[url].access, "Olga", "admin", "supervisor")
        await olga.sign_in("Olga")
        yield olga


async def place_hold(page: Page, reason: str) -> None:
    form = page.locator("section", has=page.get_by_role("heading", name="Place a hold"))
    await form.get_by_label("Number").fill(ZELDA.id)
    await form.get_by_label("Reason").fill(reason)
    await form.get_by_label("Until").fill("2099-01-31")
    await form.get_by_role("button", name="Place a hold").click()


async def erase(page: Page) -> None:
    form = page.locator("section", has=page.get_by_role("heading", name="Erase somebody"))
    await form.get_by_label("Number").fill(ZELDA.id)
    await form.get_by_role("button", name="Erase somebody").click()
    sure = page.get_by_role("dialog", name=f"Erase customer {ZELDA.id} for good?")
    await sure.get_by_role("button", name="Erase somebody").click()


async def test_a_hold_keeps_somebody_until_it_is_released_and_then_they_are_erased(
    tmp_path: Path, pages: Pages, axe: str
) -> None:
    camera = Photographer(axe)
    async with administrator(tmp_path, pages) as olga:
        page = olga.page
        await page.goto("/admin")
        await page.get_by_role("link", name="Retention").click()
        await expect(page.get_by_text("Nothing is held.")).to_be_visible()
        await expect(page.get_by_text("The next night takes")).to_be_visible()

        await place_hold(page, "claim 7")
        row = page.get_by_role("row").filter(has_text=ZELDA.id)
        await expect(row).to_contain_text("claim 7")
        await expect(row).to_contain_text("Olga")
        await expect(page.get_by_label("Reason")).to_have_value("")
        await camera.take(page, "retention-held")
        await erase(page)
        await expect(page.get_by_role("alert")).to_contain_text("claim 7")
        await camera.take(page, "retention-refused")
        olga.errors.clear()  # 409, says the network

        await page.goto("/calls/history/call-z")
        await expect(page.get_by_text("Kept by a hold")).to_be_visible()
        async with page.expect_download() as started:
            await page.get_by_role("link", name="All that is kept of this").click()
        file = await (await started.value).path()
        names = await to_thread.run_sync(lambda: ZipFile(file).namelist())
        assert {"index.html", "data.json"} <= set(names)

        await page.goto("/admin/keeping")
        await page.get_by_role("button", name=f"Release the hold on {ZELDA.id}").click()
        sure = page.get_by_role("dialog", name=f"Release the hold on {ZELDA.id}?")
        await sure.get_by_role("button", name="Release").click()
        await expect(page.get_by_text("Nothing is held.")).to_be_visible()
        await erase(page)
        await expect(page.get_by_text("Erased: 1 call and 1 card.")).to_be_visible()
        await camera.take(page, "retention-erased")

        await page.goto("/calls/history/call-z")
        await expect(page.get_by_text("This person has been erased.")).to_be_visible()
        assert ZELDA.name not in await page.content()
        assert await violations(page, axe) == []
        await page.goto(f"/calls/history?q={ZELDA.words[0]}")
        await expect(page.get_by_text("No call fits the search.")).to_be_visible()
        await page.goto(f"/calls/history?q={OTTO.words[0]}")
        await expect(page.get_by_text("1 call", exact=True)).to_be_visible()
    assert not camera.found, "\n".join(camera.found)


async def test_whoever_does_not_administer_has_no_such_page(
    tmp_path: Path, pages: Pages
) -> None:
    async with administrator(tmp_path, pages) as olga:
        await hire(SITES[olga.page.url.split("/assets")[0]].access, "Sam", "supervisor")
        await olga.sign_in("Sam")
        await olga.page.goto("/admin/keeping")
        await expect(olga.page.get_by_role("button", name="Erase somebody")).to_have_count(
            0
        )
        await expect(olga.page.get_by_role("heading", level=1)).to_be_visible()
        olga.errors.clear()  # 403, says the network
