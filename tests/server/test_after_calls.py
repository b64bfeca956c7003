"""What calls leave behind in the server's memory: nothing that grows with their number."""

import gc
from collections import Counter
from pathlib import Path

import anyio
import pytest
from msgspec.structs import replace

from appliance.pipeline.box import Box
from appliance.received import Chat, Hangup
from appliance.settings import RecordingSettings
from tests.server.live import (
    SETTINGS,
    Talker,
    a_call,
    client,
    serving,
    silence,
    telephone,
    tone,
)

pytestmark = pytest.mark.anyio

# Of the last calls the box knows for a while how they ended, and what was drafted of them,
# each with a bound that has its own test.
BOUNDED = {"Call", "Person", "Summary", "SummaryLine"}

RECORDED = replace(
    SETTINGS, recording=RecordingSettings(enabled="always", keep_free_gb=0.0)
)


def ours() -> Counter[str]:
    """How many objects there are of each class of the appliance."""
    gc.collect()
    kinds = (type(one) for one in gc.get_objects())
    found = Counter(
        f"{kind.__module__}.{kind.__qualname__}"
        for kind in kinds
        if str(kind.__module__).startswith("appliance.")  # of some a descriptor
    )
    return Counter({name: n for name, n in found.items() if _last(name) not in BOUNDED})


def _last(name: str) -> str:
    return name.rpartition(".")[2]


async def talk(agent: Talker, customer: Talker) -> None:
    await agent.send(Chat(text="may I have your number", ref="1"))
    await customer.send(Chat(text="it is 4711 0815", ref="1"))
    await agent.speak(silence(10))
    await customer.speak(tone(4) + silence(6))
    await agent.final("customer")


async def hung_up(url: str) -> None:
    async with a_call(url) as (_, agent, customer):
        await talk(agent, customer)
        await agent.send(Hangup())
        await agent.until("status", part="call", state="ended")
        await customer.until("status", part="call", state="ended")


async def ended_from_outside(url: str) -> None:
    """In mid sentence, with one of the two gone."""
    async with a_call(url) as (call_id, agent, customer):
        await talk(agent, customer)
        await customer.speak(tone(4))
        await customer.socket.close()
        async with client(url, telephone(url)) as system:
            await system.post(f"/api/calls/end/{call_id}")
        await agent.until("status", part="call", state="ended")


async def two_calls(url: str, box: Box) -> None:
    kept = box.archive.verdicts.total()
    await hung_up(url)
    await ended_from_outside(url)
    with anyio.fail_after(20):
        while box.archive.verdicts.total() < kept + 2:  # noqa: ASYNC110
            await anyio.sleep(0.02)


async def test_ended_calls_leave_nothing_that_grows(tmp_path: Path) -> None:
    async with serving(tmp_path, RECORDED) as (url, box):
        await two_calls(url, box)
        before = ours()
        await two_calls(url, box)
        with anyio.move_on_after(20):
            while more := ours() - before:  # noqa: ASYNC110
                await anyio.sleep(0.1)

        assert not more
