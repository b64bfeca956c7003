"""The browser app as far as it needs no browser: its own tests, and its weight."""

import gzip
import re
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from appliance.access.audit import Action
from appliance.server.pages import BUILT

ROOT = Path(__file__).parents[2]
NPM = ROOT / "scripts" / "npm"

FIRST_LOAD_KB = 250  # compressed JavaScript


@pytest.mark.timeout(300)
def test_the_tests_of_the_browser_code_pass() -> None:
    if not (ROOT / "appliance" / "ui" / "node_modules").is_dir():
        pytest.skip("needs the browser libraries: ./scripts/setup")
    done = subprocess.run(
        [NPM, "run", "--silent", "test"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_first_load_is_light() -> None:
    index = BUILT / "index.html"
    if not index.is_file():
        pytest.skip("needs the browser app: ./scripts/setup")
    scripts = re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', index.read_text())
    assert scripts
    packed = sum(len(gzip.compress((BUILT / name).read_bytes())) for name in scripts)
    assert packed <= FIRST_LOAD_KB * 1000


def test_nothing_is_asked_of_another_host() -> None:
    if not BUILT.is_dir():
        pytest.skip("needs the browser app: ./scripts/setup")
    loads = re.compile(r"""(?:src|href)="(?:https?:)?//|url\(["']?(?:https?:)?//|@import""")
    for file in (*BUILT.glob("*.html"), *BUILT.glob("assets/*.css")):
        assert not loads.search(file.read_text()), file.name


@pytest.mark.parametrize("language", ["en", "de"])
def test_everything_that_the_audit_log_tells_has_words_on_the_page(language: str) -> None:
    app = ROOT / "appliance" / "ui" / "app" / "src" / "texts" / f"access.{language}.ts"
    listed = app.read_text().rpartition("actions: {")[2]
    missing = [
        action
        for action in get_args(Action)
        if not re.search(rf"^ +'?{action}'?: ", listed, re.MULTILINE)
    ]
    assert missing == []
