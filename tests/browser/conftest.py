"""Real browsers at a real server, each with a voice of its own."""

import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import numpy as np
import pytest
import soundfile
from playwright.async_api import Browser, async_playwright, expect

from appliance.replay.recording import read_recording
from appliance.replay.samples import find_sample
from appliance.server.pages import BUILT, Pages
from appliance.tls.keeper import Keeper
from appliance.tls.names import LOOPBACK, Names
from tests.access.site import hire
from tests.browser.axe import AXE
from tests.browser.people import Person
from tests.server.live import SITES
from tests.tls.made_up import keyring

# A machine that others use too is slow at times.
expect.set_options(timeout=15_000)

SAMPLE = "lost-bank-card"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

ELSEWHERE = "appliance.test"

# Without the network flags each start asks for addresses far away.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name that is not this machine's own: for browsers, a page that is not secure.
    f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
]


@pytest.fixture(scope="session")
def pages() -> Pages:
    """The browser app as it is built; the test is skipped where it is not."""
    if not (BUILT / "index.html").is_file():
        pytest.skip("needs the browser app: ./scripts/setup")
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    return Pages.read()


@pytest.fixture(scope="session")
def voices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What each side of a sample call says, as their microphones would hear it."""
    folder = tmp_path_factory.mktemp("voices")
    call = read_recording(find_sample(SAMPLE).path)
    made = {}
    for role in ("agent", "customer"):
        heard = call.cut("agent" if role == "agent" else "customer", 0, call.length)
        made[role] = folder / f"{role}.wav"
        soundfile.write(made[role], np.asarray(heard), call.rate)
    return made


@pytest.fixture(scope="session")
def axe() -> str:
    return AXE.read_text()


@asynccontextmanager
async def browser(
    voice: Path | None, *, allowed: bool = True, home: Path | None = None
) -> AsyncIterator[Browser]:
    """Chromium with a microphone that hears `voice`; None: on a machine without one. Not
    `allowed`: whoever sits there refuses it. `home` is of somebody who trusts a box."""
    device = "--use-fake-device-for-media-stream"
    heard = [device, f"--use-file-for-fake-audio-capture={voice}"] if voice else []
    if allowed:
        heard.append("--use-fake-ui-for-media-stream")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*FLAGS, *heard],
            env={**os.environ, "HOME": str(home)} if home else None,
        )
        try:
            yield chromium
        finally:
            await chromium.close()


@asynccontextmanager
async def person(
    url: str,
    voice: Path | None,
    *,
    width: int = 1440,
    height: int = 900,
    locale: str = "en-GB",
    allowed: bool = True,
    home: Path | None = None,
) -> AsyncIterator[Person]:
    """Somebody with a browser and a microphone. Errors of the page fail the test."""
    async with browser(voice, allowed=allowed, home=home) as chromium:
        context = await chromium.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            locale=locale,
        )
        someone = Person(await context.new_page())
        yield someone
        assert someone.errors == []


def keeper_of(folder: Path, host: str = ELSEWHERE) -> Keeper:
    """TLS of a box that calls itself so. Blocks."""
    return Keeper(keyring(folder, host=Names((host,)) | LOOPBACK))


def elsewhere(url: str) -> str:
    """The same server, by the name that is not this machine's own."""
    return url.replace("127.0.0.1", ELSEWHERE)


async def trusting(home: Path, authority: bytes) -> Path:
    """The home of somebody whose browser trusts this authority, given as PEM."""
    file = anyio.Path(home) / "ca.crt"
    await file.parent.mkdir(parents=True, exist_ok=True)
    await file.write_bytes(authority)
    give = [sys.executable, "-m", "tests.browser.nss", str(home), str(file)]
    await anyio.run_process(give)
    return home


async def open_tab(someone: Person) -> Person:
    """The same person at another tab of the same browser."""
    return Person(await someone.page.context.new_page())


@asynccontextmanager
async def a_supervisor(url: str, locale: str = "en-GB") -> AsyncIterator[Person]:
    async with person(url, None, locale=locale) as sam:
        if not SITES[url].access.roster.named("Sam"):
            await hire(SITES[url].access, "Sam", "supervisor")
        await sam.sign_in("Sam")
        yield sam
