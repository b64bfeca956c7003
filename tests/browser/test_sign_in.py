"""Signing in and out in a real browser: the first time, in mid work, in two tabs."""

from pathlib import Path

import anyio
import anyio.to_thread
import pytest
from playwright.async_api import Locator, Page, expect

from appliance.access.access import Access
from appliance.access.commands import AddPeople, NewPerson, SignOut
from appliance.access.lockout import Key
from appliance.access.office import Office
from appliance.access.people import folded
from appliance.access.rules import PACES
from appliance.access.secret import digest
from appliance.server.pages import Pages
from tests.access.site import PASSWORD, hire
from tests.browser.axe import violations
from tests.browser.conftest import elsewhere, keeper_of, open_tab, person, trusting
from tests.server.live import SITES, serving

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

NEW = "seven slow trains to Lisbon"

# Names that the rules of accounts let through, and that are more than they seem.
BEAUTIES = [
    "<img src=x onerror=alert(1)>",
    "x" * 64,
    "אנה ← $name",
    "O'Neil\"; DROP TABLE person;--",
]


async def one_time(access: Access, name: str) -> str:
    wish = AddPeople(people=(NewPerson(name=name, roles=("agent",)),))
    return (await Office(access).add(wish, "the tests")).new[0].password


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


async def test_the_first_sign_in_over_https_asks_for_a_password_of_ones_own(
    tmp_path: Path, pages: Pages, voices: dict[str, Path], axe: str
) -> None:
    keeper = await anyio.to_thread.run_sync(keeper_of, tmp_path / "tls")
    home = await trusting(tmp_path / "home", keeper.authority_pem)
    async with (
        serving(tmp_path, pages=pages, keeper=keeper) as (url, _),
        person(elsewhere(url), voices["agent"], home=home) as ann,
    ):
        password = await one_time(SITES[url].access, "Ann")
        page = ann.page
        await page.goto("/")
        await expect(page.get_by_label("Name", exact=True)).to_be_focused()
        assert await violations(page, axe) == []
        await ann.type_sign_in("ann", password)
        await expect(page.get_by_role("heading", name="your own password")).to_be_visible()
        assert await violations(page, axe) == []

        fresh = page.get_by_label("New password")
        await fresh.fill("Ann 2026 short")
        await button(page, "Set the password").click()
        await expect(page.get_by_role("alert")).to_contain_text("name of the account")
        await fresh.fill(NEW)
        await fresh.press("Enter")
        await expect(page.get_by_role("heading", name="Start your shift")).to_be_visible()
        assert page.url.endswith("/calls")
        links = page.get_by_role("navigation").get_by_role("link")
        await expect(links).to_have_text(["Calls", "History"])
        await page.get_by_role("button", name="Start shift").click()
        await expect(page.get_by_role("heading", name="Waiting customers")).to_be_visible()
        ann.errors.clear()  # that a password was refused, says the network


def _guess(access: Access, name: str) -> None:
    """Somebody has tried so often that the next try has to wait for 4 s."""
    for _ in range(PACES["account"].free + 2):
        key = Key("account", digest(folded(name)))
        access.lockout.begin([key], access.clock.monotonic_s())


async def test_a_wrong_password_says_so_and_too_many_say_how_long_to_wait(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, voices["agent"]) as helen,
    ):
        page = helen.page
        await page.goto("/calls/history")
        await helen.type_sign_in("Helen", "wrong")
        await expect(page.get_by_role("alert")).to_contain_text("or the password is wrong")
        _guess(SITES[url].access, "Helen")
        await helen.type_sign_in("Helen", "wrong")
        await expect(page.get_by_role("alert")).to_contain_text("Too many tries.")
        await expect(button(page, "Wait")).to_be_disabled()
        await expect(button(page, "Sign in")).to_be_enabled(timeout=10_000)
        await helen.type_sign_in("Helen", PASSWORD)
        # Where they wanted to go, and not just anywhere.
        await expect(page.get_by_role("heading", name="Calls")).to_be_visible()
        assert page.url.endswith("/calls/history")
        assert len(helen.errors) == 2  # 401 and 429, says the network
        helen.errors.clear()


async def test_a_sign_in_that_ends_in_mid_work_comes_back_over_the_page(
    tmp_path: Path, pages: Pages, voices: dict[str, Path], axe: str
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, voices["agent"]) as boss,
    ):
        access = SITES[url].access
        await hire(access, "Olga", "admin")
        await hire(access, "Peter", "admin")
        page = boss.page
        await boss.sign_in("Olga")
        await page.goto("/admin/people")
        await button(page, "Add a person").click()
        await page.get_by_label("Name").fill("Half a na")
        await Office(access).perform(SignOut(name="Olga"), "the tests")
        await page.get_by_label("Name").press("Enter")

        over = page.get_by_role("dialog", name="Your sign-in has ended")
        await expect(over).to_be_visible()
        await expect(over.get_by_label("Password", exact=True)).to_be_focused()
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
        await expect(over).to_be_visible()
        assert await violations(page, axe) == []
        await over.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.keyboard.press("Enter")
        # What was sent without a sign-in has come after all.
        await expect(
            page.get_by_role("dialog", name="Half a na may sign in")
        ).to_be_visible()
        await button(page, "I have it").click()

        # Somebody else gets a page of their own, and nothing of this one.
        await button(page, "Make a token").or_(button(page, "Add a person")).click()
        await page.get_by_label("Name").fill("not for Peter")
        await Office(access).perform(SignOut(name="Olga"), "the tests")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await over.get_by_label("Name", exact=True).fill("Peter")
        await over.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(button(page, "Account: Peter")).to_be_visible()
        await expect(page.get_by_text("not for Peter")).to_have_count(0)
        await expect(page.get_by_role("dialog")).to_have_count(0)
        boss.errors.clear()  # 401, says the network


async def test_who_signs_out_in_one_tab_is_out_in_all_but_the_customers(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, box),
        person(url, voices["agent"]) as first,
    ):
        await first.start_shift()
        second, customer = await open_tab(first), await open_tab(first)
        await second.page.goto("/calls/history")
        await customer.call_in("Ada", "")
        await expect(customer.says("You are next.")).to_be_visible()
        await expect(button(second.page, "Account: Helen")).to_be_visible()
        await button(first.page, "Account: Helen").click()
        await button(first.page, "Sign out").first.click()
        for tab in (first, second):
            await expect(tab.page.get_by_role("heading", name="Sign in")).to_be_visible()
            await expect(tab.page.get_by_label("Name", exact=True)).to_have_value("")
        await expect(customer.says("You are next.")).to_be_visible()
        assert sum(box.floor.agents.counts().values()) == 0
        await second.type_sign_in("Helen", PASSWORD)
        await expect(button(first.page, "Account: Helen")).to_be_visible()
        assert second.errors == customer.errors == []


async def test_an_agent_is_told_that_the_administration_is_not_for_them(
    tmp_path: Path, pages: Pages, voices: dict[str, Path], axe: str
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, voices["agent"]) as ann,
    ):
        await hire(SITES[url].access, "Ann")
        await ann.sign_in("Ann")
        await ann.page.goto("/admin/people")
        told = ann.page.get_by_role("heading", name="This page is not for you")
        await expect(told).to_be_visible()
        await expect(ann.page.get_by_text("It is for: Administrator.")).to_be_visible()
        assert await violations(ann.page, axe) == []
        await ann.page.get_by_role("link", name="To your first page").click()
        await expect(
            ann.page.get_by_role("heading", name="Start your shift")
        ).to_be_visible()


async def test_an_administrator_adds_somebody_who_then_signs_in(
    tmp_path: Path, pages: Pages, voices: dict[str, Path], axe: str
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, None) as olga,
        person(url, voices["agent"]) as ann,
    ):
        await hire(SITES[url].access, "Olga", "admin")
        await olga.sign_in("Olga")
        page = olga.page
        await page.goto("/")
        await page.get_by_role("link", name="People").click()
        await button(page, "Add a person").click()
        await page.get_by_label("Name").fill("Ann")
        await page.get_by_label("Supervisor").check()
        assert await violations(page, axe) == []
        await page.get_by_label("Name").press("Enter")
        once = page.get_by_role("dialog", name="Ann may sign in")
        password = await once.get_by_label("One-time password").input_value()
        await page.keyboard.press("Escape")
        await expect(once.get_by_text("It is shown this once.")).to_be_visible()
        assert await violations(page, axe) == []
        await button(page, "I have it").click()
        assert password not in await page.content()

        await ann.page.goto("/")
        await ann.type_sign_in("Ann", password)
        await ann.page.get_by_label("New password").fill(NEW)
        await button(ann.page, "Set the password").click()
        await expect(ann.page.get_by_role("link", name="Dashboard")).to_be_visible()

        await page.reload()
        await button(page, "Change Ann").click()
        await page.get_by_label("Supervisor").uncheck()
        await button(page, "Save the roles").click()
        await expect(page.get_by_text("The roles are saved.")).to_be_visible()
        assert await violations(page, axe) == []
        await ann.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await expect(ann.page.get_by_role("link", name="Dashboard")).to_have_count(0)
        await button(page, "Disable").click()
        await (
            page.get_by_role("dialog", name="Disable Ann?")
            .get_by_role("button", name="Disable")
            .click()
        )
        await expect(
            page.get_by_role("row", name="Ann").get_by_text("Disabled")
        ).to_be_visible()
        await ann.page.reload()
        await expect(ann.page.get_by_role("heading", name="Sign in")).to_be_visible()
        await page.get_by_role("link", name="Audit log").click()
        await button(page, "Check that it is whole").click()
        await expect(page.get_by_text("rows are as they were written")).to_be_visible()
        await expect(page.get_by_role("cell", name="Person disabled")).to_be_visible()
        assert await violations(page, axe) == []


async def test_a_name_is_shown_as_the_text_it_is_in_every_place(
    tmp_path: Path, pages: Pages
) -> None:
    async with serving(tmp_path, pages=pages) as (url, _), person(url, None) as olga:
        access = SITES[url].access
        for name in BEAUTIES:
            await hire(access, name, "admin")
        page = olga.page
        await olga.sign_in(BEAUTIES[0])
        await page.goto("/calls")
        await expect(page.get_by_text(f"signed in as {BEAUTIES[0]}")).to_be_visible()
        await button(page, f"Account: {BEAUTIES[0]}").click()
        await expect(page.locator(".account__who strong")).to_have_text(BEAUTIES[0])
        await page.goto("/admin/tokens")
        for name in BEAUTIES:
            await button(page, "Make a token").click()
            await page.get_by_label("Name").and_(page.get_by_role("textbox")).fill(name)
            await page.get_by_label("Read figures").check()
            await button(page, "Make it").click()
            await expect(page.get_by_role("dialog")).to_contain_text(name)
            await button(page, "I have it").click()
        for part, column in (("people", 0), ("tokens", 0), ("audit", 1)):
            await page.goto(f"/admin/{part}")
            for name in BEAUTIES:
                cell = page.locator(f"tbody tr td:nth-child({column + 1})", has_text=name)
                await expect(cell.first).to_be_visible()
            for width in (1440, 390):
                await page.set_viewport_size({"width": width, "height": 900})
                assert await page.evaluate("document.body.scrollWidth <= innerWidth")
            await page.set_viewport_size({"width": 1440, "height": 900})
        await page.goto("/admin/people")
        for name in BEAUTIES[1:]:
            await page.get_by_role("row", name=name).get_by_role("button").click()
            await button(page, "New password").click()
            dialog = page.get_by_role("dialog")
            await expect(dialog).to_contain_text(f"Give {name} a new password?")
            await button(page, "Cancel").click()
            await button(page, "Close").click()
