"""The disk of the recordings fails in mid call, and heals: a marked gap, and no more."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import anyio
import numpy as np
import pytest
from anyio import to_thread

from appliance.received import Chat, Hangup
from tests.faults.crash import Shown, say
from tests.faults.disks import Disk, full_disk, read_only_disk
from tests.faults.process import NO_MODELS, Serving, serving
from tests.faults.voices import Voice, wrong_in_file
from tests.faults.wrong import PER_MS, channels, made
from tests.server.live import Talker, hello, start, talker
from tests.server.onlookers import onlooker

pytestmark = pytest.mark.timeout(180)

FLAC = {
    **NO_MODELS,
    "APPLIANCE_RECORDING_ENABLED": "always",
    "APPLIANCE_RECORDING_FORMAT": "flac",
    "APPLIANCE_RECORDING_KEEP_FREE_GB": "0",
}


async def a_call_over_it(server: Serving, disk: Disk, sign_in: dict[str, str]) -> Shown:
    """Both speak all the time, before it, through it, and after it."""
    url, keys = server.url, server.keys
    call_id = str((await start(url, "agent", keys=keys))["call_id"])
    await start(url, "customer", call_id, keys=keys)
    chance = random.Random(3)
    async with (
        talker(url, call_id, hello("agent"), keys=keys) as agent,
        talker(url, call_id, hello("customer"), keys=keys) as customer,
        onlooker(url, "/ws/floor", sign_in) as wall,
    ):
        people = (agent, customer)
        voices = [Voice(person.role, chance) for person in people]

        async def until(state: str, on_wall: tuple[str, ...]) -> None:
            for person in people:
                await person.until("recording", state=state)
            while True:
                told = (await wall.until("floor"))["wall"]
                if told and told["recordings"] in on_wall:
                    break

        async with anyio.create_task_group() as talk:
            for person, voice in zip(people, voices, strict=True):
                talk.start_soon(say, person, voice)
            await until("on", ("ok", "filling"))
            await anyio.sleep(1.5)  # so that there is something before it
            await to_thread.run_sync(disk.fail)
            await until("failing", ("failing", "full"))
            await _type(*people)
            health = await to_thread.run_sync(server.health)
            assert health["parts"]["recordings"]["state"] in ("failing", "full")
            assert "Nothing is recorded: " in health["parts"]["recordings"]["problem"]
            await to_thread.run_sync(disk.mend)
            await until("on", ("ok", "filling"))
            await anyio.sleep(1.5)
            talk.cancel_scope.cancel()
        await _type(*people)
        await agent.send(Hangup())
        await agent.until("status", part="call", state="ended")
    return Shown(call_id, agent.raw, voices)


async def _type(agent: Talker, customer: Talker) -> None:
    await agent.send(Chat(text="Are you there?"))
    await customer.until("chat", text="Are you there?")


@pytest.mark.fault("disk of recordings full")
@pytest.mark.fault("disk of recordings read-only")
@pytest.mark.parametrize("made_by", [full_disk, read_only_disk])
def test_a_call_goes_on_both_are_told_and_it_is_recorded_again_once_that_heals(
    tmp_path: Path, made_by: Callable[[Path], AbstractContextManager[Disk]]
) -> None:
    with made_by(tmp_path) as disk:
        folder = {"APPLIANCE_RECORDING_FOLDER": str(disk.folder / "kept")}
        with serving(tmp_path / "box", {**FLAC, **folder, **disk.environ}) as server:
            assert server.health()["ok"]
            shown = anyio.run(a_call_over_it, server, disk, server.sign_in())
            told = made(server, shown.call_id)
            both = channels(server, told["audio"])
            assert server.health()["ok"]

    for column, voice in enumerate(shown.voices):
        [leg] = [leg for leg in told["kept"]["legs"] if leg["role"] == voice.role]
        start, end = leg["start_ms"] * PER_MS, leg["end_ms"] * PER_MS
        gaps = [
            (span["start_ms"] * PER_MS - start, span["end_ms"] * PER_MS - start)
            for span in leg["spans"]
        ]
        assert {span["kind"] for span in leg["spans"]} <= {"off", "missing"}
        heard = both[start:end, column]
        assert list(wrong_in_file(voice, heard, gaps, exact=True)) == []
        first, last = min(gap[0] for gap in gaps), max(gap[1] for gap in gaps)
        assert np.count_nonzero(heard[:first])
        assert np.count_nonzero(heard[last:])
