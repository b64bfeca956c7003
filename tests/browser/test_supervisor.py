"""A supervisor follows two people who talk: reads along, hears them, and is seen to."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from appliance.server.pages import Pages
from tests.access.site import hire
from tests.browser.axe import violations
from tests.browser.conftest import person
from tests.browser.people import EAR
from tests.server.live import SITES, serving

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]


async def test_a_supervisor_hears_both_and_both_are_told(
    tmp_path: Path, pages: Pages, voices: dict[str, Path], axe: str
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, voices["agent"]) as agent,
        person(url, voices["customer"]) as customer,
        # On a machine without a microphone: none is asked for.
        person(url, None, allowed=False) as sam,
    ):
        await agent.start_shift()
        await customer.call_in("Ada", "My card is lost")
        await agent.answer()

        await hire(SITES[url].access, "Sam", "supervisor")
        await sam.sign_in("Sam")
        await sam.page.add_init_script(EAR)
        await sam.page.goto("/dashboard")
        row = sam.page.get_by_role("row", name="Follow the call with Ada")
        await expect(row).to_contain_text("Helen")
        assert await violations(sam.page, axe) == []
        await row.get_by_role("link", name="Follow the call with Ada").press("Enter")

        # Words at once, and no sound before it is asked for.
        await expect(sam.page.get_by_text("You read along.")).to_be_visible()
        await expect(sam.page.locator(".au-line__text").first).to_be_visible()
        await expect(
            customer.page.get_by_text("A supervisor is reading along.")
        ).to_be_visible()
        assert await sam.page.evaluate("window.ears") is None
        await sam.page.keyboard.press("l")
        await sam.hears_something()
        await expect(
            sam.page.get_by_text("You are listening. Nobody hears you.")
        ).to_be_visible()
        assert await violations(sam.page, axe) == []
        sign = "A supervisor is listening"
        await expect(agent.page.get_by_text(f"{sign}: Sam.")).to_be_visible()
        await expect(customer.page.get_by_text(f"{sign}.")).to_be_visible()
        await expect(customer.page.get_by_text("Sam")).to_have_count(0)
        assert await violations(customer.page, axe) == []

        # However much has been said, the button stays within reach.
        for n in range(12):
            await agent.write("Write to the customer", f"Line {n}.")
        await expect(sam.page.get_by_text("Line 11.").first).to_be_visible()
        await sam.page.set_viewport_size({"width": 1280, "height": 560})
        await sam.page.get_by_role("button", name="Stop listening").click()
        await expect(agent.page.get_by_text(sign)).to_have_count(0)
        await sam.page.get_by_role("link", name="Dashboard").first.click()
        await expect(agent.page.get_by_text("reading along")).to_have_count(0)

        await row.get_by_role("link", name="Follow the call with Ada").click()
        await sam.page.get_by_role("button", name="Listen").click()
        await sam.hears_something()
        await agent.end_call()
        await expect(sam.page.get_by_text("The call has ended.")).to_be_visible()
        await sam.page.get_by_role("link", name="Open its record").click()
        await expect(sam.page.get_by_role("heading", name="Call with Ada")).to_be_visible()
