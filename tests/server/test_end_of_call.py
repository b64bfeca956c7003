"""How a call ends while somebody is still speaking."""

from pathlib import Path

import anyio
import pytest
from msgspec.structs import replace
from websockets.exceptions import ConnectionClosed

from appliance.received import Hangup
from appliance.workers.pool import Pool
from appliance.workers.supervisor import Spec, Worker
from tests.server.live import FRAME_MS, Talker, fake_models, serving, tone, two_people

pytestmark = pytest.mark.anyio


async def speak_without_end(person: Talker) -> None:
    try:
        while True:
            for frame in person.frames(tone(1)):
                await person.socket.send(frame)
                await anyio.sleep(FRAME_MS / 1000)
    except ConnectionClosed:
        return


async def test_after_a_hang_up_nobody_can_talk_the_call_longer(tmp_path: Path) -> None:
    # What is said while the last words are decoded opens a new utterance, again and again.
    slow = Spec(
        name="speech", target="tests.server.slow_engine:build", config=b"", stall_s=30
    )
    models = replace(fake_models(), speech=Pool([Worker(slow)]))
    async with (
        serving(tmp_path, models=models) as (url, _),
        two_people(url) as (agent, customer),
        anyio.create_task_group() as talking,
    ):
        talking.start_soon(speak_without_end, customer)
        await agent.until("transcript", speaker="customer")
        await agent.send(Hangup())
        with anyio.fail_after(10):
            assert await agent.final("customer")
            await agent.until("status", part="call", state="ended")
        talking.cancel_scope.cancel()
