"""The handbook in a browser that is signed in to nothing, and in a terminal."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appliance.cli.app import app
from appliance.handbook.pages import NAMES, every_page
from tests.server.live import OFF, STRANGER, client, serving


@pytest.mark.anyio
async def test_every_page_is_there_for_everybody_and_runs_nothing(tmp_path: Path) -> None:
    box = serving(tmp_path, models=OFF)
    async with box as (url, _), client(url, STRANGER.headers) as http:
        first = await http.get("/handbook")
        seen = {path: await http.get(path) for path in links(first.text)}
        missing = await http.get("/handbook/instal")
    assert set(seen) == {"/trust.css", *(f"/handbook/{name}" for name in NAMES)}
    for answer in (first, *seen.values()):
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "<script" not in answer.text
        assert "<!--" not in answer.text
        assert set(links(answer.text)) <= set(seen)
    assert missing.status_code == 404
    assert missing.json()["fix"] == "Do you mean install?"


def links(page: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', page)


def test_it_is_read_in_a_terminal() -> None:
    listed = CliRunner().invoke(app, ["handbook"]).output.splitlines()
    assert [line.split()[0] for line in listed] == list(NAMES)
    for page in every_page():
        said = CliRunner().invoke(app, ["handbook", page.name]).output
        assert said.startswith(f"# {page.title}\n")
    assert CliRunner().invoke(app, ["handbook", "nothing"]).exception is not None
