"""A call is recorded once the customer has agreed, and played beside its words."""

from pathlib import Path

import anyio
import msgspec
import pytest
from playwright.async_api import expect

from appliance.server.pages import Pages
from appliance.settings import RecordingSettings
from tests.browser.conftest import person
from tests.browser.people import Person
from tests.browser.photographer import Photographer
from tests.server.live import SETTINGS, get, serving

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]

# The page makes its player itself; nothing of it is in the document.
KEEP_SOUNDS = """
const Real = window.Audio;
window.sounds = [];
window.Audio = function (source) {
  const made = new Real(source);
  window.sounds.push(made);
  return made;
};
"""
NOW = """() => {
  const sound = window.sounds.at(-1);
  return {
    soundMs: sound.currentTime * 1000,
    pageMs: Number(document.querySelector('.player__slider').value),
    paused: sound.paused,
  };
}"""

# The page draws sixty times a second, and a slider has steps of a tenth.
IN_STEP_MS = 200


async def test_a_customer_agrees_and_the_call_is_played_in_step_with_its_words(
    tmp_path: Path, pages: Pages, voices: dict[str, Path], axe: str
) -> None:
    pictures = Photographer(axe)
    wish = RecordingSettings(keep_free_gb=0)
    settings = msgspec.structs.replace(SETTINGS, recording=wish)
    async with (
        serving(tmp_path, settings, pages=pages) as (url, _),
        person(url, voices["agent"]) as agent,
        person(url, voices["customer"], width=390, height=844) as customer,
    ):
        await agent.start_shift()
        await customer.call_in("Ada", "")
        await agent.answer()
        await expect(agent.says("the customer has not agreed yet")).to_be_visible()
        await customer.page.get_by_role("button", name="You may record it").click()
        await expect(customer.says("This call is recorded.")).to_be_visible()
        await expect(agent.says("Recorded")).to_be_visible()
        # Somebody has said something, whoever it was, and the sound of it is kept.
        await agent.page.locator(".au-line__text").first.wait_for(timeout=40_000)
        await agent.page.wait_for_timeout(3000)
        await pictures.take(agent.page, "recorded-call")
        await agent.end_call()
        call_id = (await get(url, "/api/sessions"))["sessions"][0]["call_id"]

        page = agent.page
        await page.add_init_script(KEEP_SOUNDS)
        await page.goto(f"/calls/history/{call_id}")
        await expect(page.get_by_role("link", name="Save the recording")).to_be_visible(
            timeout=20_000
        )
        await expect(page.locator(".track__stretch--off").first).to_be_attached()
        await page.get_by_role("button", name="Play").click()
        await in_step(agent, after_ms=1000)
        await page.get_by_role("button", name="Pause").click()
        await pictures.take(page, "recorded-replay")
        await page.get_by_role("button", name="Play").click()
        # To where a line was said, by its time.
        await page.locator("button.au-line__time").last.click()
        await in_step(agent, after_ms=0)
        await page.get_by_role("button", name="Pause").click()
        stopped = await page.evaluate(NOW)
        assert stopped["paused"]
    assert pictures.found == []


async def in_step(someone: Person, after_ms: float) -> None:
    """Once the sound has come so far, the page is where the sound is."""
    with anyio.fail_after(20):
        while not at_one(await someone.page.evaluate(NOW), after_ms):
            await someone.page.wait_for_timeout(50)


def at_one(now: dict[str, float], after_ms: float) -> bool:
    if now["paused"] or now["soundMs"] <= after_ms:
        return False
    return abs(now["soundMs"] - now["pageMs"]) <= IN_STEP_MS
