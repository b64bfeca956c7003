"""Every component in every state, in both themes: drawn without an error, fit for all."""

import json
import subprocess
from pathlib import Path

import anyio
import pytest
from playwright.async_api import Page

from tests.browser.axe import settled, violations
from tests.browser.conftest import browser
from tests.browser.test_package import ROOT, UI, served

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(500), pytest.mark.usefixtures("pages")]

STORIES = UI / "build" / "stories"
AT_ONCE = 2  # pages, as many as there are cores
PLAIN = {"theme": "light", "language": "en", "direction": "ltr"}
CHANGE = """(globals) => {
  window.__STORYBOOK_ADDONS_CHANNEL__.emit('updateGlobals', { globals });
}"""
GLOBALS = ("theme:light", "theme:dark;language:de", "theme:light;direction:rtl")


@pytest.fixture(scope="session")
def stories() -> list[str]:
    """Their ids, newly built."""
    if not (UI / "node_modules").is_dir():
        pytest.skip("needs the browser libraries: ./scripts/setup")
    done = subprocess.run(
        [ROOT / "scripts" / "npm", "run", "--silent", "stories"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    entries = json.loads((STORIES / "index.json").read_text())["entries"].values()
    return [entry["id"] for entry in entries if entry["type"] == "story"]


async def test_no_story_breaks_or_keeps_anybody_out(
    stories: list[str], voices: dict[str, Path], axe: str
) -> None:
    found: list[str] = []
    with served(STORIES) as url:
        async with (
            browser(voices["agent"]) as chromium,
            anyio.create_task_group() as looking,
        ):
            for n in range(AT_ONCE):
                # Half way between two themes a colour belongs to neither.
                page = await chromium.new_page(reduced_motion="reduce")
                page.on("pageerror", lambda error: found.append(str(error)))
                looking.start_soon(_look_at, page, url, stories[n::AT_ONCE], axe, found)
    assert not found, "\n".join(found)


async def _look_at(
    page: Page, url: str, stories: list[str], axe: str, found: list[str]
) -> None:
    for story in stories:
        await page.goto(f"{url}/iframe.html?id={story}&globals={GLOBALS[0]}")
        await page.locator("#storybook-root > *").first.wait_for()
        found += [f"{story} {GLOBALS[0]}: {v}" for v in await _look(page, axe)]
        # Drawn anew in the same page: loading it takes three times as long.
        for settings in GLOBALS[1:]:
            wanted = dict(pair.split(":") for pair in settings.split(";"))
            await page.evaluate(CHANGE, {**PLAIN, **wanted})
            await page.locator(f"html{_marks({**PLAIN, **wanted})}").wait_for()
            await settled(page)
            found += [f"{story} {settings}: {v}" for v in await _look(page, axe)]


def _marks(wanted: dict[str, str]) -> str:
    theme, language, direction = wanted["theme"], wanted["language"], wanted["direction"]
    return f'[data-theme="{theme}"][lang="{language}"][dir="{direction}"]'


async def _look(page: Page, axe: str) -> list[str]:
    # A component alone is no page: it has neither a title nor a landmark.
    return [v for v in await violations(page, axe) if "document-title" not in v]


async def test_of_a_call_of_two_hours_only_what_is_seen_is_drawn(
    stories: list[str], voices: dict[str, Path]
) -> None:
    story = next(name for name in stories if name.endswith("two-hours"))
    with served(STORIES) as url:
        async with browser(voices["agent"]) as chromium:
            page = await chromium.new_page()
            await page.goto(f"{url}/iframe.html?id={story}")
            rows = page.locator(".au-transcript__row")
            await page.get_by_text("3000.").wait_for()
            assert await rows.count() < 80
            await page.locator(".au-transcript__scroll").evaluate(
                "(element) => { element.scrollTop = element.scrollHeight / 2; }"
            )
            await page.get_by_role("button", name="New words below").click()
            await page.get_by_text("3000.").wait_for()
