"""The browser app as it is served."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from appliance.errors import ApplianceError
from appliance.server.answers import refuse
from appliance.server.pages import Pages

pytestmark = pytest.mark.anyio

SCRIPT = "export const words = 'words';\n" * 100


def client(pages: Pages) -> httpx.AsyncClient:
    app = Starlette(
        routes=[Route("/", pages.page), Route("/assets/{name}", pages.asset)],
        exception_handlers={ApplianceError: lambda _, error: refuse(error)},
    )
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1"
    )


@pytest.fixture
def built(tmp_path: Path) -> Pages:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Appliance</title>")
    (tmp_path / "assets" / "index-BWPggjDJ.js").write_text(SCRIPT)
    (tmp_path / "assets" / "app.webmanifest").write_text("{}")
    return Pages.read(tmp_path)


async def test_the_page_comes_with_a_policy_that_lets_nothing_in_from_outside(
    built: Pages,
) -> None:
    async with client(built) as http:
        answer = await http.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy


async def test_what_carries_its_hash_is_kept_for_ever_and_sent_packed(built: Pages) -> None:
    async with client(built) as http:
        answer = await http.get("/assets/index-BWPggjDJ.js")
        plain = await http.get(
            "/assets/index-BWPggjDJ.js", headers={"accept-encoding": "identity"}
        )
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == plain.text == SCRIPT
    assert "content-encoding" not in plain.headers


async def test_what_has_no_hash_is_asked_for_again(built: Pages) -> None:
    async with client(built) as http:
        answer = await http.get("/assets/app.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["gone-12345678.js", "..%2Findex.html", "%2e%2e"])
async def test_a_file_that_is_not_there_is_said_to_be_missing(
    built: Pages, name: str
) -> None:
    async with client(built) as http:
        answer = await http.get(f"/assets/{name}")
    assert answer.status_code == 404


@pytest.fixture
def not_built(tmp_path: Path) -> Pages:
    return Pages.read(tmp_path)


async def test_an_app_that_is_not_built_names_the_command(not_built: Pages) -> None:
    async with client(not_built) as http:
        answer = await http.get("/")
    assert answer.status_code == 503
    assert "./scripts/setup" in answer.text
