"""Every page by the keyboard alone, without motion, and as an app of its own."""

from pathlib import Path
from typing import Any

import pytest

from appliance.server.pages import Pages
from appliance.store.event import CallEnded, Event
from tests.access.site import hire
from tests.browser.conftest import person
from tests.browser.people import Person
from tests.server.live import SITES, serving
from tests.store.events import joined, said, started, wall

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

PAGES = [
    "/calls",
    "/calls/history",
    "/calls/history/c1",
    "/dashboard",
    "/dashboard/calls/c1",
    "/admin",
    "/admin/people",
    "/admin/knowledge",
    "/admin/tokens",
    "/admin/audit",
    "/sound-check",
    "/customer",
]

# WCAG 2.2: focus that is seen (2.4.7) and not covered (2.4.11), targets of 24 px (2.5.8;
# what stands in a sentence or a table's line is excepted).
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const target = (element.closest('label') ?? element).getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2];
  const there = document.elementFromPoint(x, y);
  const name = element.outerHTML.slice(0, 120);
  const faults = [];
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2)
    faults.push('its focus cannot be seen');
  if (there === null || !(element.contains(there) || there.contains(element)))
    faults.push('something covers it');
  if (element.tagName !== 'A' && (target.width < 24 || target.height < 24))
    faults.push(`it is ${target.width} x ${target.height} px`);
  // A date is one stop for each of its parts.
  const again = 'stop' in element.dataset && element !== window.stop;
  element.dataset.stop = '';
  window.stop = element;
  return { name, faults, again };
}"""

# All that a mouse can work, less radio buttons of a group but one.
WORKABLE = """() => [...document.querySelectorAll('a[href], button, input, select')]
  .filter((e) => !e.disabled && e.checkVisibility() && !e.closest('dialog:not([open])'))
  .filter((e) => e.type !== 'radio' || e.checked)
  .filter((e) => !('stop' in e.dataset)).map((e) => e.outerHTML.slice(0, 120))"""

MOVING = "document.getAnimations().filter((a) => a.playState === 'running').length"


async def _a_call(box: Any) -> None:
    ended = CallEnded(reason="hangup")
    for event in (
        started(),
        joined("agent", "Ann"),
        joined("customer", "Bo", seq=3),
        said(4),
        Event.note(ended, call_id="c1", seq=5, at_ms=60_000, wall=wall(1)),
    ):
        box.store.append(event)
    await box.store.flush()


@pytest.mark.parametrize("width", [1440, 390])
async def test_all_that_a_mouse_can_do_the_tab_key_reaches_and_shows(
    tmp_path: Path, pages: Pages, voices: dict[str, Path], width: int
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, box),
        person(url, voices["agent"], width=width) as someone,
    ):
        await _a_call(box)
        await hire(SITES[url].access, "Olga", "admin", "agent", "supervisor")
        await someone.sign_in("Olga")
        found: list[str] = []
        for path in PAGES:
            await someone.page.goto(path)
            await someone.page.wait_for_load_state("networkidle")
            found += [f"{path} {fault}" for fault in await _walk(someone)]
        assert not found, "\n".join(found)


async def _walk(someone: Person) -> list[str]:
    found: list[str] = []
    page = someone.page
    await page.keyboard.press("Tab")
    while (stop := await page.evaluate(FOCUSED)) is not None and not stop["again"]:
        found += [f"{stop['name']}: {fault}" for fault in stop["faults"]]
        await page.keyboard.press("Tab")
    return found + [f"{name}: no key reaches it" for name in await page.evaluate(WORKABLE)]


async def test_nothing_moves_for_those_who_asked_for_that(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, voices["customer"]) as customer,
    ):
        await customer.page.emulate_media(reduced_motion="reduce")
        await customer.call_in("Ada", "")
        await customer.page.get_by_text("You are next.").wait_for()
        assert await customer.page.evaluate(MOVING) == 0


@pytest.mark.parametrize(("path", "start"), [("/calls", "/"), ("/customer", "/customer")])
async def test_a_telephone_can_install_the_page_as_an_app(
    tmp_path: Path, pages: Pages, voices: dict[str, Path], path: str, start: str
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, voices["customer"], width=390, height=844) as someone,
    ):
        await someone.page.goto(path)
        await someone.page.wait_for_load_state("networkidle")
        cdp = await someone.page.context.new_cdp_session(someone.page)
        manifest = await cdp.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert f'"start_url": "{start}"' in manifest["data"]
        refused = await cdp.send("Page.getInstallabilityErrors")
        # A test's window is a private one, in which nothing is installed.
        reasons = {error["errorId"] for error in refused["installabilityErrors"]}
        assert reasons <= {"in-incognito"}
