"""`@agent/ui` as somebody else would use it: packed, installed, built, rendered."""

import json
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.async_api import expect

from tests.browser.conftest import browser

ROOT = Path(__file__).parents[2]
UI = ROOT / "appliance" / "ui"

PAGE = """<!doctype html><html lang="en"><title>Scratch</title><div id="root"></div>
<script type="module" src="/main.jsx"></script></html>"""

MAIN = """
import '@agent/ui/styles.css';
import worklet from '@agent/ui/audio.worklet.js?url&no-inline';
import { AudioCall, ConnectionBadge, TranscriptView, newCall, receive } from '@agent/ui';
import { createRoot } from 'react-dom/client';
import { jsx } from 'react/jsx-runtime';

const said = { type: 'transcript', seq: 1, id: 't', speaker: 'customer', is_final: true,
  text: 'Hello there', start_ms: 0, end_ms: 500, language: 'en', confidence: 1, words: [],
  failed: false };
const { lines } = receive(newCall('c', 'agent'), said);
const audio = new AudioCall(worklet);
createRoot(document.getElementById('root')).render([
  jsx(ConnectionBadge, { connection: 'open' }, 'badge'),
  jsx('div', { style: { height: 300, display: 'flex' },
    children: jsx(TranscriptView, { lines, viewer: 'agent' }) }, 'words'),
  jsx('p', { children: `sound ${audio.snapshot().state} ${worklet}` }, 'sound'),
]);
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(command: list[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of its own with the packed package in it, built."""
    if not (UI / "node_modules").is_dir():
        pytest.skip("needs the browser libraries: ./scripts/setup")
    folder = tmp_path_factory.mktemp("scratch")
    run([ROOT / "scripts" / "npm", "run", "--silent", "build:package"], folder)
    run(
        [ROOT / "scripts" / "npm", "pack", "-w", "@agent/ui", "--pack-destination", folder],
        folder,
    )
    [packed] = folder.glob("agent-ui-*.tgz")
    modules = folder / "node_modules"
    (modules / "@agent").mkdir(parents=True)
    with tarfile.open(packed) as archive:
        archive.extractall(modules, filter="data")
    (modules / "package").rename(modules / "@agent" / "ui")
    # What npm would fetch lies in the workspace already, in the locked versions.
    for name in ("react", "react-dom", "scheduler", "vite", "lucide-react", "@tanstack"):
        (modules / name).symlink_to(UI / "node_modules" / name)
    (folder / "package.json").write_text(json.dumps({"name": "scratch", "type": "module"}))
    (folder / "index.html").write_text(PAGE)
    (folder / "main.jsx").write_text(MAIN)
    run(["node", UI / "node_modules" / "vite" / "bin" / "vite.js", "build"], folder)
    return folder


def test_the_package_leaves_react_to_the_page_and_brings_its_types(scratch: Path) -> None:
    package = scratch / "node_modules" / "@agent" / "ui"
    code = (package / "dist" / "index.js").read_text()
    assert 'from "react"' in code
    assert "useSyncExternalStore" in code
    assert len(code) < 200_000
    assert (package / "dist" / "types" / "index.d.ts").is_file()
    assert not list(package.rglob("*.test.*"))


@pytest.mark.anyio
@pytest.mark.timeout(180)
@pytest.mark.usefixtures("pages")
async def test_the_package_renders_in_a_project_of_its_own(
    scratch: Path, voices: dict[str, Path]
) -> None:
    with served(scratch / "dist") as url:
        async with browser(voices["agent"]) as chromium:
            page = await chromium.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            await page.goto(url)
            await expect(page.get_by_text("Hello there")).to_be_visible()
            await expect(page.get_by_text("Connected")).to_be_visible()
            await expect(
                page.get_by_text("sound off /assets/audio.worklet")
            ).to_be_visible()
            assert errors == []
