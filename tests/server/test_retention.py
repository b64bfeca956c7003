"""Holds, erasures and exports over REST, on a server that runs."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import anyio
import httpx
import pytest

from tests.retention.box import ZELDA, call_with, import_people, write
from tests.server.cast import Cast, Who, cast
from tests.server.live import OFF, client, serving

pytestmark = pytest.mark.anyio


async def asked(
    people: Cast, who: Who, method: str, path: str, wish: object = None
) -> httpx.Response:
    async with client(people.url, people.headers(who)) as http:
        return await http.request(method, path, json=wish)


async def test_a_customer_is_held_given_their_data_and_erased(tmp_path: Path) -> None:
    await anyio.to_thread.run_sync(import_people, tmp_path, ZELDA)
    async with serving(tmp_path, models=OFF) as (url, box), cast(url) as people:
        await write(box.store, call_with(ZELDA, "call-z"))
        wish = {"kind": "customer", "subject": ZELDA.id, "reason": "claim 7"}
        made = await asked(people, "supervisor", "POST", "/api/holds", wish)
        assert made.status_code == 201, made.text
        [held] = made.json()["holds"]
        assert held["calls"] == 1
        shown = await asked(people, "supervisor", "GET", "/api/sessions/call-z/holds")
        assert [one["reason"] for one in shown.json()["holds"]] == ["claim 7"]

        path = f"/api/exports/customers/{ZELDA.id}"
        given = await asked(people, "supervisor", "GET", path)
        assert given.headers["content-type"] == "application/zip"
        assert ZELDA.name not in given.headers["content-disposition"]
        with ZipFile(BytesIO(given.content)) as archive:
            assert ZELDA.words[0] in archive.read("data.json").decode()

        erase = {"kind": "customer", "subject": ZELDA.id}
        refused = await asked(people, "admin", "POST", "/api/retention/erase", erase)
        assert refused.status_code == 409
        assert "claim 7" in refused.text
        release = f"/api/holds/{held['hold']['id']}/release"
        released = await asked(people, "admin", "POST", release)
        assert released.json()["holds"] == []
        assert (await asked(people, "admin", "POST", release)).status_code == 409
        due = (await asked(people, "admin", "GET", "/api/retention")).json()
        assert (due["dry"], due["calls"]) == (True, 0)

        done = await asked(people, "admin", "POST", "/api/retention/erase", erase)
        assert (done.json()["calls"], done.json()["waiting"]) == (1, [])
        found = await asked(people, "supervisor", "GET", "/api/sessions?q=xylofonknarzer")
        assert found.json()["sessions"] == []
        gone = await asked(people, "supervisor", "GET", path)
        assert gone.status_code == 409
        told = await asked(people, "supervisor", "GET", "/api/sessions/call-z")
        assert not [trace for trace in ZELDA.traces if trace in told.text]


async def test_a_hold_that_is_over_already_is_not_placed(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), cast(url) as people:
        wish = {
            "kind": "call",
            "subject": "c1",
            "reason": "claim",
            "until": "2020-01-01T00:00:00Z",
        }
        made = await asked(people, "admin", "POST", "/api/holds", wish)
        assert (made.status_code, "later day" in made.text) == (409, True)
