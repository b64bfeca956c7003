"""Every page in both themes and at the size of a telephone, as pictures and for axe.

The pictures go to tests/browser/output, to be looked at by a person.
"""

from pathlib import Path

import pytest
from playwright.async_api import expect

from appliance.cli.building import build_models
from appliance.customers.importing import Given, Order, import_files
from appliance.pipeline.parts import Models
from appliance.replay.samples import CUSTOMERS
from appliance.server.pages import Pages
from appliance.settings import Settings
from tests.browser.conftest import person
from tests.browser.people import Person
from tests.browser.photographer import OUTPUT, Photographer
from tests.server.live import serving

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(400), pytest.mark.model]


@pytest.fixture
def real_models() -> Models:
    return build_models(Settings())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A box that knows the customers of the samples."""
    invented = [Given(path=path) for path in CUSTOMERS]
    import_files(tmp_path, invented, Order(), lambda _: None)
    return tmp_path


async def test_every_page_is_fit_to_be_seen(
    site: Path, pages: Pages, voices: dict[str, Path], axe: str, real_models: Models
) -> None:
    camera = Photographer(axe)
    async with (
        serving(site, Settings(), real_models, pages) as (url, _),
        person(url, voices["agent"]) as agent,
        person(url, voices["customer"]) as customer,
    ):
        await _before_the_call(camera, agent, customer)
        await _in_the_call(camera, agent, customer)
        await _after_the_call(camera, agent, customer)
    assert not camera.found, "\n".join(camera.found)


async def _before_the_call(camera: Photographer, agent: Person, customer: Person) -> None:
    await agent.page.goto("/calls")
    await expect(agent.page.get_by_role("button", name="Sign in")).to_be_visible()
    await camera.take(agent.page, "sign-in")
    await agent.sign_in()
    await agent.page.goto("/calls")
    await camera.take(agent.page, "shift")
    await agent.page.goto("/calls/history")
    await expect(agent.page.get_by_text("No call yet.")).to_be_visible()
    await camera.take(agent.page, "history-empty")
    await agent.start_shift()
    await customer.page.goto("/customer")
    await camera.take_both((agent.page, "idle"), (customer.page, "customer-welcome"))
    await customer.call_in("Arthur Example", "I have lost my bank card")
    await expect(customer.page.get_by_text("You are next.")).to_be_visible()
    await expect(agent.page.get_by_role("button", name="Answer")).to_be_visible()
    await camera.take_both((customer.page, "customer-waiting"), (agent.page, "incoming"))


async def _in_the_call(camera: Photographer, agent: Person, customer: Person) -> None:
    await agent.answer()
    await expect(customer.page.get_by_text("You are talking to Helen")).to_be_visible()
    await agent.page.get_by_label("Write to the customer").fill("I am looking that up.")
    await agent.page.get_by_label("Write to the customer").press("Enter")
    await expect(agent.page.locator(".au-line__text").nth(6)).to_be_visible(timeout=120_000)
    await expect(agent.page.get_by_test_id("advice")).to_be_visible(timeout=60_000)
    await camera.take_both((agent.page, "console"), (customer.page, "customer-call"))
    await agent.page.emulate_media(color_scheme="light")
    await agent.page.set_viewport_size({"width": 390, "height": 844})
    for pane in ("Advice", "Customer"):
        await agent.page.get_by_role("button", name=pane, exact=True).click()
        await agent.page.screenshot(path=OUTPUT / f"console-{pane.lower()}-phone-light.png")
    await agent.page.get_by_role("button", name="Transcript", exact=True).click()
    await agent.page.set_viewport_size({"width": 1440, "height": 900})
    await agent.page.get_by_role("button", name="Quiet mode").click()
    await agent.page.get_by_role("button", name="Hold").click()
    await camera.take_both((agent.page, "console-quiet"), (customer.page, "customer-held"))
    await agent.page.keyboard.press("?")
    await camera.take(agent.page, "shortcuts")
    await agent.page.get_by_role("button", name="Close").click()


async def _after_the_call(camera: Photographer, agent: Person, customer: Person) -> None:
    await agent.page.get_by_role("button", name="End call").click()
    await camera.take(agent.page, "end")
    await agent.page.get_by_role("dialog").get_by_role("button", name="End call").click()
    await expect(customer.page.get_by_text("The call has ended")).to_be_visible(
        timeout=60_000
    )
    await agent.page.get_by_label("Summary").fill("Card blocked, a new one is sent.")
    await camera.take_both((customer.page, "customer-ended"), (agent.page, "wrap-up"))
    await agent.page.get_by_label("Resolved").check()
    await agent.page.get_by_role("button", name="Save and become available").click()
    await expect(agent.page.get_by_text("Nobody is waiting.")).to_be_visible()
    for path, name in (
        ("/calls/history", "history"),
        ("/dashboard", "dashboard"),
        ("/sound-check", "sound-check"),
    ):
        await agent.page.goto(path)
        await agent.page.wait_for_load_state("networkidle")
        await camera.take(agent.page, name)
    await agent.page.goto("/calls/history")
    await agent.page.get_by_label("Search names").fill("CARD blocked")
    await expect(agent.page.locator("mark").first).to_be_visible()
    await camera.take(agent.page, "search")
    await agent.page.locator("tbody a").first.click()
    await agent.page.get_by_label("Position in the call").fill("30000")
    await camera.take(agent.page, "replay")
    await agent.page.get_by_role("button", name="Settings").click()
    await camera.take(agent.page, "settings")
