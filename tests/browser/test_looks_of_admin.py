"""The door and the administration in both themes and sizes, for a person and for axe."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from appliance.access.commands import AddPeople, NewPerson, SetDisabled, SignOut
from appliance.access.office import Office
from appliance.server.pages import Pages
from tests.access.site import PASSWORD, hire
from tests.browser.conftest import person
from tests.browser.photographer import Photographer
from tests.server.live import SITES, serving

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(200)]


async def test_the_door_and_the_administration_are_fit_to_be_seen(
    tmp_path: Path, pages: Pages, axe: str
) -> None:
    camera = Photographer(axe)
    async with serving(tmp_path, pages=pages) as (url, _), person(url, None) as olga:
        access = SITES[url].access
        office = Office(access)
        await hire(access, "Olga", "admin", "agent", "supervisor")
        new = [NewPerson(name=name, roles=("agent",)) for name in ("Ann Example", "Bob")]
        once = (await office.add(AddPeople(people=tuple(new)), "Olga")).new
        await office.perform(SetDisabled(name="Bob", disabled=True), "Olga")

        page = olga.page
        await page.goto("/")
        await olga.type_sign_in("Ann Example", once[0].password)
        await expect(page.get_by_label("New password")).to_be_visible()
        await camera.take(page, "new-password")
        await olga.sign_in("Olga")
        await page.goto("/calls")
        await page.get_by_role("button", name="Account: Olga").click()
        await camera.take(page, "account")
        for part in ("", "/people", "/tokens", "/audit"):
            await page.goto(f"/admin{part}")
            await page.wait_for_load_state("networkidle")
            await camera.take(page, f"admin{part.replace('/', '-')}")
        await page.goto("/admin")
        await page.get_by_role("button", name="Examine it").click()
        await expect(page.get_by_role("button", name="Examine it again")).to_be_enabled(
            timeout=60_000
        )
        await expect(
            page.get_by_role("button", name="Copy: systemctl").first
        ).to_be_visible()
        await camera.take(page, "admin-examined")
        await page.get_by_role("link", name="Handbook").click()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await camera.take(page, "handbook")
        await page.get_by_role("link", name="When something fails").first.click()
        await expect(page.get_by_role("table")).to_be_visible()
        await camera.take(page, "handbook-faults")
        await page.goto("/admin/audit")
        await page.get_by_role("button", name="Check that it is whole").click()
        await expect(page.get_by_text("as they were written")).to_be_visible()
        await camera.take(page, "admin-audit-checked")
        await page.goto("/admin/people")
        await page.get_by_role("button", name="Change Ann Example").click()
        await camera.take(page, "admin-person")
        await page.get_by_role("button", name="New password").click()
        await camera.take(page, "admin-sure")
        await page.get_by_role("button", name="Give a new password").click()
        await camera.take(page, "admin-once")
        await page.get_by_role("button", name="I have it").click()
        await office.perform(SignOut(name="Olga"), "the tests")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await olga.page.get_by_label("Password", exact=True).fill(PASSWORD[:-1])
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        await camera.take(page, "lapsed")
        olga.errors.clear()  # 401, says the network
    assert not camera.found, "\n".join(camera.found)
