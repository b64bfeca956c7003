"""A disk that takes nothing more ends no call, is told of, and leaves no hole behind."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import anyio
import httpx
import pytest
from anyio import to_thread
from websockets.exceptions import ConnectionClosed

from appliance.received import Chat, Hangup
from tests.faults.crash import Shown
from tests.faults.disks import Disk, full_disk, read_only_disk
from tests.faults.process import NO_MODELS, Serving, serving
from tests.faults.wrong import missing, replayed
from tests.server.live import Talker, hello, start, talker
from tests.server.onlookers import Onlooker, onlooker

# Two starts of a server each.
pytestmark = pytest.mark.timeout(180)


class Talking:
    """Two people who type to each other, and the supervisor's wall."""

    def __init__(self, agent: Talker, customer: Talker, wall: Onlooker) -> None:
        self.agent, self.customer, self.wall = agent, customer, wall
        self._lines = 0

    async def say(self) -> None:
        """A line of each, which the other sees."""
        for one, other in ((self.agent, self.customer), (self.customer, self.agent)):
            self._lines += 1
            text = f"line {self._lines} " + "word " * 100
            await one.send(Chat(text=text))
            await other.until("chat", text=text)

    async def until_record(self, state: str) -> None:
        """They talk on until the wall says so of the record."""
        async with anyio.create_task_group() as talk:
            talk.start_soon(self._say_on)
            while True:
                floor = await self.wall.until("floor")
                if floor["wall"] and floor["wall"]["record"] == state:
                    break
            talk.cancel_scope.cancel()

    async def _say_on(self) -> None:
        while True:
            await self.say()
            await anyio.sleep(0.2)  # nobody types faster, nor may they


async def call(server: Serving) -> str:
    call_id = str((await start(server.url, "agent", keys=server.keys))["call_id"])
    await start(server.url, "customer", call_id, keys=server.keys)
    return call_id


async def a_call_over_it(server: Serving, disk: Disk, sign_in: dict[str, str]) -> Shown:
    """The disk fails in it, and is mended again before its end."""
    call_id = await call(server)
    url, keys = server.url, server.keys
    async with (
        talker(url, call_id, hello("agent"), keys=keys) as agent,
        talker(url, call_id, hello("customer"), keys=keys) as customer,
        onlooker(url, "/ws/floor", sign_in) as wall,
    ):
        talking = Talking(agent, customer, wall)
        await talking.say()
        await to_thread.run_sync(disk.fail)
        await talking.until_record("failing")
        await talking.say()
        health = await to_thread.run_sync(server.health)
        assert health["ok"] is False
        assert disk.says in health["parts"]["record"]["problem"]
        metrics = await to_thread.run_sync(lambda: told(server, "/metrics"))
        assert "\nappliance_ok 0" in metrics
        await to_thread.run_sync(disk.mend)
        await talking.until_record("live")
        await talking.say()
        await agent.send(Hangup())
        await agent.until("status", part="call", state="ended")
        return Shown(call_id, agent.raw)


async def a_call_cut_off(server: Serving, disk: Disk) -> Shown:
    """The disk fails in it, and then the power does; what was shown before the first."""
    call_id = await call(server)
    url, keys = server.url, server.keys
    shown = list[str]()
    with suppress(ConnectionClosed):
        async with (
            talker(url, call_id, hello("agent"), keys=keys) as agent,
            talker(url, call_id, hello("customer"), keys=keys) as customer,
        ):
            await agent.send(Chat(text="before"))
            await customer.until("chat")
            await agent.until("chat")
            shown = list(agent.raw)
            await to_thread.run_sync(disk.fail)
            await agent.send(Chat(text="meanwhile"))
            await customer.until("chat", text="meanwhile")
            server.process.kill()
            while True:
                await agent.next()
    return Shown(call_id, shown)


def told(server: Serving, path: str) -> str:
    return httpx.get(server.url + path, headers=server.keys, timeout=20).text


@pytest.mark.parametrize("made", [full_disk, read_only_disk])
def test_calls_go_on_those_who_must_know_do_and_the_record_has_it_all_afterwards(
    tmp_path: Path, made: Callable[[Path], AbstractContextManager[Disk]]
) -> None:
    with made(tmp_path) as disk:
        with serving(disk.folder, {**NO_MODELS, **disk.environ}) as server:
            assert server.health()["ok"]
            shown = anyio.run(a_call_over_it, server, disk, server.sign_in())
            live = [text for text in shown.texts if '"seq":0' not in text]
            assert replayed(server, shown.call_id) == live
            cut_off = anyio.run(a_call_cut_off, server, disk)
        disk.mend()
        with serving(disk.folder, NO_MODELS) as server:
            assert replayed(server, shown.call_id) == live
            assert missing(server, cut_off) == []
            assert server.health()["ok"]
