"""The machine's clock jumps while the box serves: nothing ends, and it is told."""

from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx
import pytest

from appliance.received import Chat
from tests.faults.process import NO_MODELS, Serving, serving
from tests.faults.test_first_sign_in import command
from tests.server.live import hello, start, talker

# Debian's libfaketime, which answers in place of the system's clock and of no other.
FAKE = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not FAKE.exists(), reason="needs libfaketime (apt-get)"),
]


class Hands:
    """Of the clock of a server that is started with `environ`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.turn("+0")

    def turn(self, by: str) -> None:
        """From the real time, as libfaketime writes it: -5h, +3d."""
        new = self._file.with_suffix(".new")
        new.write_text(by)
        new.replace(self._file)

    @property
    def environ(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(FAKE),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            # A clock that is set does not change how long something takes.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


async def chat(speaker: Any, hearer: Any, text: str) -> None:
    await speaker.send(Chat(text=text, ref=text))
    await hearer.until("chat", text=text)


def me(server: Serving, keys: dict[str, str]) -> str:
    return str(httpx.get(f"{server.url}/auth/me", headers=keys).json()["name"])


@pytest.mark.fault("clock set back")
@pytest.mark.fault("clock set forward")
async def test_a_clock_that_is_set_five_hours_off_ends_no_call(tmp_path: Path) -> None:
    hands = Hands(tmp_path)
    with serving(tmp_path, NO_MODELS | hands.environ) as server:
        signed_in = await anyio.to_thread.run_sync(server.sign_in)
        keys = await anyio.to_thread.run_sync(lambda: server.keys)
        call_id = (await start(server.url, "agent", keys=keys))["call_id"]
        await start(server.url, "customer", call_id, keys=keys)
        async with (
            talker(server.url, call_id, hello("agent"), keys=keys) as agent,
            talker(server.url, call_id, hello("customer"), keys=keys) as customer,
        ):
            await agent.until("partner", role="customer", event="joined")
            await chat(customer, agent, "before")
            hands.turn("-5h")
            await chat(customer, agent, "five hours earlier")
            assert me(server, signed_in) == "admin"
            hands.turn("+5h")
            await chat(agent, customer, "five hours later")
            # Nobody has moved for five hours, as far as the box can tell.
            assert me(server, signed_in) == ""
            hands.turn("+0")
            await chat(agent, customer, "and now")
        assert server.get("/healthz")["ok"]
        status = await anyio.to_thread.run_sync(server.stop)
        assert status == 0
        assert "Traceback" not in server.log.read_text()
    assert "rows" in await anyio.to_thread.run_sync(
        lambda: command(tmp_path, "audit", "verify")
    )
