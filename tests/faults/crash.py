"""Calls and shifts on one server, until it is killed at a moment of them."""

import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

import anyio
import httpx
from anyio import to_thread
from websockets.exceptions import ConnectionClosed, InvalidMessage

from appliance.received import Chat, Hangup, Pause
from tests.faults.process import Serving
from tests.faults.shifts import Agent, LineCut, come_and_go, now
from tests.faults.voices import FRAME_MS, Voice
from tests.server.live import Talker, hello, start, talker

BETWEEN_LINES_S = 0.1  # a socket may say ten things a second


class Shown(NamedTuple):
    """A call, what its agent's screen was sent of it, and what was said."""

    call_id: str
    texts: list[str]
    voices: Sequence[Voice] = ()


class Crash:
    """The last two agents have no long call: one writes up short ones, one goes on breaks;
    the others speak and type without end, every second one with payments."""

    def __init__(
        self, server: Serving, agents: Sequence[Agent], chance: random.Random
    ) -> None:
        self._server = server
        self._agents = agents
        self._chance = chance
        self._live = 0
        self._all_live = anyio.Event()
        self._killed = False
        self.shown: list[Shown] = []
        self.ended: list[str] = []  # ids of short calls whose end was shown
        self.written_up: list[str] = []  # of those whose note was acknowledged

    async def after(self, delay_s: float) -> None:
        """From when all calls go on."""
        *callers, writer, resting = self._agents
        async with anyio.create_task_group() as floor:
            for n, agent in enumerate(callers):
                floor.start_soon(self._until_cut, self._talk, agent, n % 2 == 0)
            floor.start_soon(self._until_cut, self._write_up, writer)
            floor.start_soon(self._until_cut, self._rest, resting)
            await self._all_live.wait()
            await anyio.sleep(delay_s)
            self._killed = True
            await to_thread.run_sync(self._server.kill)
            killed = now()
        for agent in self._agents:
            agent.cut_off(killed)
        for call in self.shown:
            for voice in call.voices:
                voice.cut_off()

    async def _until_cut(self, do: Callable[..., Awaitable[None]], *given: object) -> None:
        try:
            await do(*given)
        except* (ConnectionClosed, InvalidMessage, LineCut, httpx.TransportError, OSError):
            if not self._killed:
                raise

    async def _talk(self, agent: Agent, pays: bool) -> None:
        url, keys = self._server.url, self._server.keys
        async with agent.on_duty(url):
            await agent.free(url)
            call_id = (await start(url, "customer", keys=keys))["call_id"]
            async with talker(url, call_id, hello("customer"), keys=keys) as customer:
                await customer.until("hello")
                await agent.answer(url, call_id)
                async with talker(url, call_id, hello("agent"), keys=agent.keys) as mine:
                    await customer.until("partner", role="agent", event="joined")
                    await self._speak(call_id, mine, customer, pays)

    async def _speak(
        self, call_id: str, agent: Talker, customer: Talker, pays: bool
    ) -> None:
        people = (agent, customer)
        voices = [Voice(person.role, self._chance) for person in people]
        self.shown.append(Shown(call_id, agent.raw, voices))
        self._live += 1
        if self._live == len(self._agents) - 2:
            self._all_live.set()
        async with anyio.create_task_group() as talk:
            for person, voice in zip(people, voices, strict=True):
                talk.start_soon(_type, person)
                talk.start_soon(say, person, voice)
                talk.start_soon(_read, person, voice)  # all there was before the cut
            if pays:
                talk.start_soon(self._pay, agent, voices)

    async def _pay(self, agent: Talker, voices: Sequence[Voice]) -> None:
        with suppress(ConnectionClosed):
            while True:
                await anyio.sleep(self._chance.uniform(0.3, 2.0))
                for voice in voices:
                    voice.paying = True
                await agent.send(Pause(on=True))
                await anyio.sleep(self._chance.uniform(0.5, 1.5))
                for voice in voices:
                    voice.speak_up()
                await agent.send(Pause(on=False))

    async def _write_up(self, agent: Agent) -> None:
        url, keys = self._server.url, self._server.keys
        async with agent.on_duty(url):
            await agent.free(url)
            while True:
                call_id = (await start(url, "customer", keys=keys))["call_id"]
                async with talker(url, call_id, hello("customer"), keys=keys) as customer:
                    await customer.until("hello")
                    await agent.answer(url, call_id)
                    await self._short_call(url, call_id, agent)
                await agent.until("wrap_up")
                await anyio.sleep(self._chance.uniform(0, 0.5))
                await agent.write_up(url)
                self.written_up.append(call_id)

    async def _short_call(self, url: str, call_id: str, agent: Agent) -> None:
        async with talker(url, call_id, hello("agent"), keys=agent.keys) as mine:
            await mine.send(Chat(text="That was all."))
            await anyio.sleep(self._chance.uniform(0, 0.3))
            await mine.send(Hangup())
            await mine.until("status", part="call", state="ended")
            self.ended.append(call_id)

    async def _rest(self, agent: Agent) -> None:
        async with agent.on_duty(self._server.url) as page:
            await come_and_go(agent, page, self._chance.uniform(0.1, 0.5))


async def _type(person: Talker) -> None:
    line = 0
    with suppress(ConnectionClosed):
        while True:
            line += 1
            await person.send(Chat(text=f"{person.role} says line {line}, it is awful."))
            await anyio.sleep(BETWEEN_LINES_S)


async def say(person: Talker, voice: Voice) -> None:
    """As fast as people speak, without end."""
    began = anyio.current_time()
    with suppress(ConnectionClosed):
        while True:
            await person.socket.send(voice.frame())
            await anyio.sleep_until(began + len(voice.pitches) * FRAME_MS / 1000)


async def _read(person: Talker, voice: Voice) -> None:
    with suppress(ConnectionClosed):
        while True:
            told = await person.next()
            if isinstance(told, dict) and told.get("state") == "paused":
                voice.hush()
