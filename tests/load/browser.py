"""What the pages cost, and how late a voice is: python -m tests.load.browser

Needs Chromium, the built app and, for the long call, the built stories. Beeps go into one
browser's microphone; both pages note when they pass, by the same clock: the way from the
microphone's node of one page to the loudspeaker's node of the other.
"""

import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import numpy as np
import soundfile
from playwright.async_api import Page

from appliance.pipeline.parts import Models
from appliance.server.pages import Pages
from appliance.settings import Settings
from tests.browser.conftest import browser, person
from tests.browser.test_package import served
from tests.browser.test_stories import STORIES
from tests.server.live import serving

RATE = 48_000
BEEPS = 20
SCROLL_S = 5

# Beeps are no speech: the browser's own processing would remove them.
PLAIN = """
const audio = { input: '', output: '', echoCancellation: false, noiseSuppression: false,
  autoGainControl: false };
localStorage.setItem('appliance.preferences', JSON.stringify({ audio }));
"""

# Notes when a silence ends, at the microphone and at the loudspeaker.
ONSETS = """
window.onsets = { mouth: [], ear: [] };
const connect = AudioNode.prototype.connect;
const listen = (node, name) => {
  const tap = new AnalyserNode(node.context, { fftSize: 256 });
  connect.call(node, tap);
  const samples = new Float32Array(tap.fftSize);
  let quietSince = 0;
  setInterval(() => {
    tap.getFloatTimeDomainData(samples);
    const loud = samples.some((sample) => Math.abs(sample) > 0.05);
    if (!loud) return;
    if (Date.now() - quietSince > 400) window.onsets[name].push(Date.now());
    quietSince = Date.now();
  }, 1);
};
AudioNode.prototype.connect = function (target, ...rest) {
  if (this instanceof MediaStreamAudioSourceNode) listen(this, 'mouth');
  const ear = target instanceof AudioDestinationNode && this instanceof GainNode;
  if (ear) listen(this, 'ear');
  return connect.call(this, target, ...rest);
};
"""

SCROLL = """
(seconds) => new Promise((resolve) => {
  const element = document.querySelector('.au-transcript__scroll');
  const [times, began] = [[], performance.now()];
  const step = (now) => {
    times.push(now);
    element.scrollTop = (element.scrollHeight * (now - began)) / (seconds * 1000);
    if (now - began < seconds * 1000) requestAnimationFrame(step);
    else resolve(times.slice(1).map((time, n) => time - times[n]));
  };
  requestAnimationFrame(step);
})
"""

HEAP = "performance.memory.usedJSHeapSize"

NO_MODELS = Models(vad=None, speech=None, language=None)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        anyio.run(_measure, Path(folder), Pages.read(), _voices(Path(folder)))


def _voices(folder: Path) -> tuple[Path, Path]:
    """A beep of 100 ms each second, and silence."""
    t = np.arange(RATE) / RATE
    beep = np.where(t < 0.1, 0.5 * np.sin(2 * np.pi * 440 * t), 0).astype(np.float32)
    soundfile.write(folder / "beeps.wav", np.tile(beep, BEEPS), RATE)
    soundfile.write(folder / "silence.wav", np.zeros(RATE, np.float32), RATE)
    return folder / "beeps.wav", folder / "silence.wav"


async def _measure(folder: Path, pages: Pages, voices: tuple[Path, Path]) -> None:
    async with serving(folder, Settings(), NO_MODELS, pages) as (url, _):
        await _first_load(url, voices[1])
        await _delay(url, *voices)
    if STORIES.is_dir():
        await _long_call(voices[1])


async def _first_load(url: str, voice: Path) -> None:
    async with person(url, voice) as agent:
        await agent.sign_in()
        await agent.page.goto("/calls")
        await agent.page.get_by_role("button", name="Start shift").wait_for()
        sizes = await agent.page.evaluate(
            "performance.getEntriesByType('resource').filter((r) => r.name.endsWith('.js'))"
            ".map((r) => r.encodedBodySize)"
        )
        ready = await agent.page.evaluate(
            "performance.getEntriesByType('navigation')[0].domInteractive"
        )
        painted = await agent.page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        )
    print(f"first load: {sum(sizes) / 1000:.0f} kB of compressed JavaScript")
    print(f"interactive after {ready:.0f} ms, first content after {painted:.0f} ms")


@asynccontextmanager
async def _talking(url: str, beeps: Path, silence: Path) -> AsyncIterator[list[Page]]:
    async with person(url, beeps) as agent, person(url, silence) as customer:
        for someone in (agent, customer):
            await someone.page.add_init_script(PLAIN + ONSETS)
        await agent.start_shift()
        await customer.call_in("Ada", "")
        await agent.answer()
        yield [agent.page, customer.page]


async def _delay(url: str, beeps: Path, silence: Path) -> None:
    async with _talking(url, beeps, silence) as (agent, customer):
        matched = await customer.evaluate("Date.now()")
        await anyio.sleep(BEEPS)
        mouth = await agent.evaluate("window.onsets.mouth")
        ear = await customer.evaluate("window.onsets.ear")
        began = time.monotonic()
        await agent.reload()
        await agent.get_by_text("Connected").wait_for()
        back = time.monotonic() - began
    spoken = [max((m for m in mouth if m < heard), default=heard) for heard in ear]
    delays = sorted(heard - said for heard, said in zip(ear, spoken, strict=True))
    print(f"sound {(ear[0] - matched) / 1000:.1f} s after the answer (beeps are 1 s apart)")
    print(
        f"mouth to ear: p50 {statistics.median(delays):.0f} ms, "
        f"worst {delays[-1]:.0f} ms, {len(delays)} beeps"
    )
    print(f"reload in mid call: back after {back * 1000:.0f} ms")


async def _long_call(voice: Path) -> None:
    with served(STORIES) as url:
        async with browser(voice) as chromium:
            page = await chromium.new_page()
            await page.goto(f"{url}/iframe.html?id=stories-transcriptview--two-hours")
            await page.get_by_text("3000.").wait_for()
            steps = sorted(await page.evaluate(SCROLL, SCROLL_S))
            heaps = [await page.evaluate(HEAP)]
            for _ in range(3):
                await page.evaluate(SCROLL, SCROLL_S)
                heaps.append(await page.evaluate(HEAP))
    print(
        f"3000 lines: {1000 * len(steps) / sum(steps):.0f} frames/s while scrolling, "
        f"p95 {steps[int(len(steps) * 0.95)]:.0f} ms a frame"
    )
    print(f"heap after each pass: {', '.join(f'{heap / 1e6:.0f} MB' for heap in heaps)}")


if __name__ == "__main__":
    main()
