"""Kill the server in mid call, again and again: `python -m tests.faults.crashes`.

Each time at another moment, some calls are going on in which both people type without
end. Started again on the same data, it must have every message that a screen was shown,
byte for byte and in order, and every call closed as interrupted; nobody repairs anything.
`--moments` so often, `--seed` decides when.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import anyio
import httpx
from websockets.exceptions import ConnectionClosed

from appliance.received import Chat
from tests.faults.process import NO_MODELS, Serving, serving
from tests.server.live import Talker, hello, start, talker

CALLS = 4
LATEST_S = 3.0
BETWEEN_LINES_S = 0.1  # a socket may say ten things a second


class Shown(NamedTuple):
    """A call, and what its agent's screen was sent of it."""

    call_id: str
    texts: list[str]


class Crash:
    """Calls on one server, until it is killed at a moment of them."""

    def __init__(self, server: Serving) -> None:
        self._server = server
        self._live = 0
        self._all_live = anyio.Event()
        self.shown: list[Shown] = []

    async def after(self, delay_s: float) -> None:
        """From when all calls go on."""
        keys = self._server.keys
        async with anyio.create_task_group() as calls:
            for _ in range(CALLS):
                calls.start_soon(self._call, keys)
            await self._all_live.wait()
            await anyio.sleep(delay_s)
            self._server.process.kill()

    async def _call(self, keys: Mapping[str, str]) -> None:
        url = self._server.url
        call_id = (await start(url, "agent", keys=keys))["call_id"]
        await start(url, "customer", call_id, keys=keys)
        with suppress(ConnectionClosed):
            async with (
                talker(url, call_id, hello("agent"), keys=keys) as agent,
                talker(url, call_id, hello("customer"), keys=keys) as customer,
            ):
                self.shown.append(Shown(call_id, agent.raw))
                await agent.until("partner", role="customer", event="joined")
                self._live += 1
                if self._live == CALLS:
                    self._all_live.set()
                async with anyio.create_task_group() as talk:
                    talk.start_soon(_type, agent)
                    talk.start_soon(_type, customer)
                    talk.start_soon(_read, customer)
                    await _read(agent)  # all that had come before the line was cut


async def _type(person: Talker) -> None:
    line = 0
    with suppress(ConnectionClosed):
        while True:
            line += 1
            await person.send(Chat(text=f"{person.role} says line {line}, it is awful."))
            await anyio.sleep(BETWEEN_LINES_S)


async def _read(person: Talker) -> None:
    with suppress(ConnectionClosed):
        while True:
            await person.next()


def missing(server: Serving, shown: Shown) -> list[str]:
    """What is wrong with this call in the record."""
    detail = server.get(f"/api/sessions/{shown.call_id}")
    session = detail["session"]
    wrong = []
    if (session["status"], session["reason"]) != ("interrupted", "interrupted"):
        wrong.append(f"it is {session['status']}, {session['reason']}")
    kept = replayed(server, shown.call_id)
    numbered = [text for text in shown.texts if '"seq":0' not in text]
    if kept[: len(numbered)] != numbered:
        lost = set(numbered) - set(kept)
        wrong.append(f"{len(lost)} of {len(numbered)} messages are lost, or out of order")
    return wrong


def replayed(server: Serving, call_id: str) -> list[str]:
    path = f"{server.url}/api/sessions/{call_id}/replay?speed=0"
    told = httpx.get(path, headers=server.keys, timeout=20).text
    blocks = told.split("\n\n")
    return [block.partition("data: ")[2] for block in blocks if block.startswith("id: ")]


def crash_often(folder: Path, moments: int, seed: int) -> tuple[int, list[str]]:
    """How many messages were shown in all, and what was wrong afterwards."""
    chance, shown = random.Random(seed), list[Shown]()
    counted, wrong = 0, list[str]()
    for moment in range(moments + 1):
        with serving(folder, NO_MODELS) as server:
            for call in shown:
                counted += sum('"seq":0' not in text for text in call.texts)
                wrong += [f"moment {moment}: {one}" for one in missing(server, call)]
            if not server.health()["ok"]:
                wrong.append(f"moment {moment}: the box is not well")
            if moment < moments:
                crash = Crash(server)
                anyio.run(partial(crash.after, chance.uniform(0, LATEST_S)))
                shown = crash.shown
    return counted, wrong


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--moments", type=int, default=50)
    options.add_argument("--seed", type=int, default=7)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counted, wrong = crash_often(Path(folder), chosen.moments, chosen.seed)
    for one in wrong:
        sys.stdout.write(f"{one}\n")
    sys.stdout.write(
        f"killed {chosen.moments} times in {CALLS} calls each: "
        f"{counted} messages had been shown, {len(wrong)} things are wrong\n"
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
