"""What hangs on the wall, over a real socket: agents, alerts, how the box keeps up."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.duty import Be
from appliance.received import Chat
from appliance.settings import RuleSettings
from tests.server.live import OFF, SETTINGS, helen, serving, two_people
from tests.server.onlookers import Onlooker, onlooker
from tests.server.test_agent_socket import desk

pytestmark = pytest.mark.anyio


RULES = """
[[rule]]
name = "lawyer"
speaker = "customer"
any = ["lawyer"]
alert = ["supervisor"]
severity = "critical"
text = "The customer speaks of a lawyer."
[[rule]]
name = "tone"
speaker = "customer"
any = ["lawyer"]
alert = ["agent"]
text = "Stay calm."
"""


async def wall_of(floor: Onlooker, *, agents: int) -> dict[str, Any]:
    """The next that tells of so many agents."""
    while True:
        wall = (await floor.until("floor"))["wall"]
        if wall and len(wall["agents"]) == agents:
            return dict(wall)


async def test_an_agent_s_state_is_pushed_with_the_moment_it_began(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, models=OFF) as (url, _),
        onlooker(url, "/ws/floor", helen(url)) as floor,
    ):
        whole = await floor.until("floor", whole=True)
        assert whole["wall"]["agents"] == []
        async with desk(url) as page:
            [helen_s] = (await wall_of(floor, agents=1))["agents"]
            assert (helen_s["name"], helen_s["state"]) == ("Helen", "available")
            await page.send(Be(state="away"))
            news = await floor.until("floor")
            [away] = news["wall"]["agents"]
            assert away["state"] == "away"
            began = [datetime.fromisoformat(one["since"]) for one in (helen_s, away)]
            assert began[0] < began[1] <= datetime.fromisoformat(news["at"])
            # Who opens the wall later is told the same.
            async with onlooker(url, "/ws/floor", helen(url)) as other:
                assert (await other.until("floor"))["wall"]["agents"] == [away]


async def test_what_is_switched_off_is_said_to_be_off_and_not_zero(tmp_path: Path) -> None:
    for name in ("off", "on"):
        (tmp_path / name).mkdir()
    async with (
        serving(tmp_path / "off", models=OFF) as (url, _),
        onlooker(url, "/ws/floor", helen(url)) as floor,
    ):
        wall = (await floor.until("floor"))["wall"]
        assert (wall["speech"], wall["suggestions"]) == ("off", "off")
        assert wall["record"] == "live"
        assert (wall["reading"], wall["room"]) == (None, None)
    async with (
        serving(tmp_path / "on") as (url, _),
        onlooker(url, "/ws/floor", helen(url)) as floor,
    ):
        wall = (await floor.until("floor"))["wall"]
        assert (wall["speech"], wall["reading"], wall["lag_ms"]) == ("live", 0, 0)
        assert wall["room"] >= 1


async def test_a_call_shows_the_alerts_that_are_for_supervisors(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    settings = msgspec.structs.replace(SETTINGS, rules=RuleSettings(file=str(file)))
    async with (
        serving(tmp_path, settings, OFF) as (url, _),
        two_people(url) as (_, customer),
        onlooker(url, "/ws/floor", helen(url)) as floor,
    ):
        [call] = (await floor.until("floor", whole=True))["calls"]
        assert call["alerts"] == []
        await customer.send(Chat(text="I will ask my lawyer, 4711"))
        while not call["alerts"]:
            [call] = (await floor.until("floor"))["calls"] or [call]
        [alert] = call["alerts"]
        assert alert == {
            "kind": "rule",
            "severity": "critical",
            "text": "The customer speaks of a lawyer.",
        }
