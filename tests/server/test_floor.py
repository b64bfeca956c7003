"""The floor as it is told to supervisors, over real sockets."""

from pathlib import Path
from typing import Any

import pytest

from appliance.supervision import Listen
from tests.server.live import (
    client,
    start,
    telephone,
)
from tests.server.onlookers import Onlooker, a_site, following, onlooker

pytestmark = pytest.mark.anyio


async def changed(watching: Onlooker) -> list[dict[str, Any]]:
    """The next calls that are told anew; how the box does may be told before."""
    while not (calls := (await watching.until("floor"))["calls"]):
        pass
    return list(calls)


async def test_the_floor_shows_the_calls_and_what_changes(tmp_path: Path) -> None:
    async with a_site(tmp_path) as (url, _, sam):
        first = (await start(url, "customer", name="Ada"))["call_id"]
        async with onlooker(url, "/ws/floor", sam) as watching:
            whole = await watching.until("floor", whole=True)
            assert [call["call_id"] for call in whole["calls"]] == [first]
            await start(url, "agent", first, name="Ann")
            [call] = await changed(watching)
            assert (call["agent"], call["customer"], call["state"]) == (
                "Ann", "Ada", "active"
            )  # fmt: skip
            async with following(url, first, sam) as listener:
                await listener.send(Listen(audio=True))
                while not call["hearing"]:
                    [call] = await changed(watching)
                assert call["following"] == 1
            async with client(url, sam) as http:
                asked = (await http.get("/api/calls/live")).json()["calls"]
                assert [c["call_id"] for c in asked] == [first]
            async with client(url, telephone(url)) as system:
                await system.post(f"/api/calls/end/{first}")
            over: list[str] = []
            while not over:
                over = (await watching.until("floor"))["over"]
            assert over == [first]


async def test_what_is_sent_to_the_floor_is_refused(tmp_path: Path) -> None:
    async with (
        a_site(tmp_path) as (url, _, sam),
        onlooker(url, "/ws/floor", sam) as watching,
    ):
        await watching.send(Listen(audio=True))
        await watching.until("error")
