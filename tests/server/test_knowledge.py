"""The articles over a real server: upload, preview, try, remove, and who may."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from anyio import to_thread

from appliance.knowledge.catalogue import Question, changed
from appliance.knowledge.port import EngineConfig
from appliance.pipeline.parts import Models
from appliance.workers.supervisor import Spec, Worker
from tests.access.site import hire
from tests.knowledge.site import ARTICLES
from tests.server.live import SITES, Keys, client, serving

pytestmark = pytest.mark.anyio


def by_words(folder: Path) -> Models:
    worker = Worker(
        Spec(
            name="knowledge",
            target="appliance.knowledge.engine:build",
            config=msgspec.msgpack.encode(EngineConfig(folder=str(folder))),
            stall_s=30,
        )
    )
    return Models(vad=None, speech=None, language=None, knowledge=worker)


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of an admin, at a box that finds articles by their words."""
    async with serving(folder, models=by_words(folder)) as (url, _):
        ada = Keys.of_person(await hire(SITES[url].access, "Ada", "admin"))
        async with client(url, ada.headers) as http:
            yield http


async def test_an_article_is_uploaded_found_changed_and_taken_out(tmp_path: Path) -> None:
    async with office(tmp_path) as http:
        path = "/api/knowledge"
        for name, text in ARTICLES.items():
            told = await http.post(path, json={"name": f"{name}.md", "text": text})
            assert told.json().get("added") == [name], told.text
        assert len((await http.get(path)).json()["articles"]) == 3
        fresh = "# Overdraft fee\n\n<script>alert(1)</script> It is free.\n"
        assert (await http.post(path, json={"name": "fees.md", "text": fresh})).json()[
            "changed"
        ]
        newest, oldest = (await http.get(f"{path}/fees")).json()["versions"]
        assert (newest["version"], oldest["current"]) == (2, False)
        assert "35 dollars" in oldest["passages"][0]["text"]
        assert (await http.post(f"{path}/fees/remove")).json()["removed"] == ["fees"]
        assert (await http.post(f"{path}/fees/remove")).status_code == 404


async def test_a_change_that_makes_the_golden_set_worse_is_refused(tmp_path: Path) -> None:
    async with office(tmp_path) as http:
        path = "/api/knowledge"
        await http.post(path, json={"name": "fees.md", "text": ARTICLES["fees"]})
        await to_thread.run_sync(keep, tmp_path)
        told = await http.post(f"{path}/fees/remove")
        assert (told.status_code, "golden set" in told.json()["problem"]) == (409, True)
        assert (await http.post(f"{path}/fees/remove", json={"force": True})).json()[
            "removed"
        ] == ["fees"]


def keep(folder: Path) -> None:
    with changed(folder) as library, library.together():
        library.keep([Question("overdraft", "fees"), Question("bicycles", "")], 2)


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"text": "# A"}, 400),
        ({"name": "", "text": "# A"}, 400),
        ({"name": "a.pdf", "text": "%PDF"}, 409),
        ({"name": "a.md", "text": "# Only a title"}, 409),
        ({"name": "a.md", "text": "x" * (3 << 20)}, 413),
    ],
)
async def test_what_is_no_article_is_refused(
    tmp_path: Path, wish: dict[str, str], status: int
) -> None:
    async with office(tmp_path) as http:
        told = await http.post("/api/knowledge", json=wish)
        assert told.status_code == status
        assert told.json()["fix"]


async def test_a_search_can_be_tried(tmp_path: Path) -> None:
    async with office(tmp_path) as http:
        tried = "/api/knowledge/search"
        assert (await http.get(f"{tried}?query=anything")).json() == {"hits": []}
        assert (await http.get(f"{tried}?query=")).status_code == 400
        assert (await http.get("/api/knowledge/nothing")).status_code == 404
