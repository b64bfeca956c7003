"""A real server on a real port with real child processes, and people to talk to it."""

import json
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

import anyio
import httpx
import msgspec
import numpy as np
from anyio import to_thread
from websockets.asyncio.client import ClientConnection, connect

from appliance.access.access import Access
from appliance.access.commands import AddMachine, MachineSecret
from appliance.access.entrance import SignedIn
from appliance.access.office import Office
from appliance.access.secret import csrf_of
from appliance.address import local_url
from appliance.audio.wire import encode_frame
from appliance.cli.serve import door, listen
from appliance.customers.directory import Directory
from appliance.messages import AudioFormat, Received, Role, encode
from appliance.pipeline.box import Box
from appliance.pipeline.parts import Models
from appliance.received import ClientHello, Resume
from appliance.server.pages import NOT_BUILT, Pages
from appliance.settings import CallSettings, Settings, VadSettings
from appliance.store.writer import Store
from appliance.tls.keeper import Keeper
from appliance.workers.pool import Pool
from appliance.workers.supervisor import Spec, Worker
from tests.access.site import CHEAP, hire

RATE = 16_000
FRAME_MS = 20
FRAME_SAMPLES = RATE * FRAME_MS // 1000

OFF = Models(vad=None, speech=None, language=None, floor_frames=0)

SETTINGS = Settings(
    vad=VadSettings(
        start_ms=64, hangover_ms=320, speculate_ms=96, pre_roll_ms=64, max_utterance_ms=5000
    ),
    calls=CallSettings(rejoin_s=20),
)


def fake(name: str, engine: str) -> Worker:
    target = f"tests.pipeline.engines:{engine}"
    return Worker(Spec(name=name, target=target, config=b"", stall_s=30))


def fake_models() -> Models:
    return Models(
        vad=fake("vad", "loudness"),
        speech=Pool([fake("speech", "spelled_length")]),
        language=None,
        floor_frames=1000,
    )


class Keys(NamedTuple):
    """What somebody sends along with everything, to be known."""

    headers: Mapping[str, str]

    @classmethod
    def of_person(cls, let_in: SignedIn) -> Self:
        cookie = f"session={let_in.session}; __Host-session={let_in.session}"
        return cls({"cookie": cookie, "x-csrf-token": csrf_of(let_in.session)})

    @classmethod
    def of_program(cls, secret: str) -> Self:
        return cls({"authorization": f"Bearer {secret}"})


STRANGER = Keys({})


class Site(NamedTuple):
    access: Access
    helen: Keys  # an agent and a supervisor
    telephone: Keys  # a program that brings calls, and sits on either side of them


# Who may come in to each server, by its address: what tests do there without saying who
# does it is Helen's, and calls are the telephone system's.
SITES: dict[str, Site] = {}


async def staffed(access: Access) -> Site:
    helen = await hire(access, "Helen", "agent", "supervisor")
    wish = AddMachine(name="telephone", scopes=("calls",), days=1)
    made = await Office(access).perform(wish, "the tests")
    assert isinstance(made, MachineSecret)
    return Site(access, Keys.of_person(helen), Keys.of_program(made.secret))


def helen(url: str) -> dict[str, str]:
    """Headers of Helen's browser."""
    return dict(SITES[url].helen.headers)


def telephone(url: str) -> dict[str, str]:
    """Headers of the telephone system."""
    return dict(SITES[url].telephone.headers)


def client(url: str, keys: Mapping[str, str] | None = None) -> httpx.AsyncClient:
    """Helen's, unless said otherwise."""
    headers = helen(url) if keys is None else keys
    # Reading the system's certificates takes longer than all that a test asks.
    return httpx.AsyncClient(base_url=url, headers=headers, verify=url.startswith("https"))


@asynccontextmanager
async def serving(
    folder: Path,
    settings: Settings = SETTINGS,
    models: Models | None = None,
    pages: Pages = NOT_BUILT,
    keeper: Keeper | None = None,
    names: Sequence[str] = (),
) -> AsyncIterator[tuple[str, Box]]:
    """The address, http://127.0.0.1:PORT, and the box behind it; https with a keeper.
    `names` lead there, too."""
    store = await to_thread.run_sync(Store.open, folder / "record.duckdb")
    access = await to_thread.run_sync(Access.open, folder, CHEAP)
    site = await staffed(access)
    with listen("127.0.0.1", 0) as listener:
        served = models or fake_models()
        # As `serve` does before there is an event loop: it reads files.
        box = await to_thread.run_sync(Box, settings, store, served, Directory(folder))
        server = door(box, access, pages, [listener], keeper, names=names)
        stopped = anyio.Event()

        async def serve() -> None:
            await server.serve()
            stopped.set()

        async with anyio.create_task_group() as work:
            work.start_soon(box.run)
            work.start_soon(serve)
            with anyio.fail_after(30 if models is None else 180):
                await box.ready()
            host, port = listener.getsockname()
            url = local_url(host, port, secure=keeper is not None)
            SITES[url] = site
            yield url, box
            server.should_exit = True
            await box.close()
            # Cancelled before it has closed them, its lines would go on being answered.
            server.force_exit = True
            with anyio.move_on_after(10):
                await stopped.wait()
            work.cancel_scope.cancel()
    await to_thread.run_sync(access.close)
    await store.aclose()


async def start(
    url: str,
    role: Role,
    call_id: str | None = None,
    name: str = "",
    trust: ssl.SSLContext | None = None,
    keys: Mapping[str, str] | None = None,
    queue: str = "",
) -> dict[str, Any]:
    wish = {"role": role, "name": name or role, "queue": queue}
    wish |= {"call_id": call_id} if call_id else {}
    headers = telephone(url) if keys is None else keys
    async with httpx.AsyncClient(verify=trust or True, headers=headers, timeout=20) as http:
        answer = await http.post(f"{url}/api/calls/start", json=wish)
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


async def get(url: str, path: str, trust: ssl.SSLContext | None = None) -> Any:
    async with httpx.AsyncClient(verify=trust or True, headers=helen(url)) as http:
        return (await http.get(url + path)).json()


def tone(tenths: int) -> bytes:
    """Loud sound of so many tenths of a second: the fake engine says one word for each."""
    t = np.arange(tenths * RATE // 10) / RATE
    return bytes((np.sign(np.sin(2 * np.pi * 440 * t)) * 8000).astype("<i2").tobytes())


def silence(tenths: int) -> bytes:
    return bytes(2 * tenths * RATE // 10)


def said(tenths: int) -> str:
    return " ".join(f"w{n}" for n in range(tenths))


class Talker:
    """One person at a socket."""

    def __init__(self, socket: ClientConnection, role: Role) -> None:
        self.socket = socket
        self.role = role
        self.told: list[dict[str, Any]] = []
        self.raw: list[str] = []  # the same, as they came
        self.heard = b""
        self.seq = 0

    async def send(self, message: Received) -> None:
        await self.socket.send(encode(message).decode())

    def frames(self, pcm: bytes) -> list[bytes]:
        """Numbered frames of the next audio; sending them is up to the caller."""
        size = FRAME_SAMPLES * 2
        made = []
        for place in range(0, len(pcm), size):
            made.append(
                encode_frame(self.seq, self.seq * FRAME_MS, pcm[place : place + size])
            )
            self.seq += 1
        return made

    async def speak(self, pcm: bytes) -> None:
        for frame in self.frames(pcm):
            await self.socket.send(frame)

    async def next(self) -> dict[str, Any] | bytes:
        with anyio.fail_after(20):
            received = await self.socket.recv()
        if isinstance(received, bytes):
            self.heard += received[8:]
            return received
        message = dict(json.loads(received))
        self.told.append(message)
        self.raw.append(received)
        return message

    async def until(self, type_: str, **fields: Any) -> dict[str, Any]:
        """The first message from now on that has these fields."""
        while True:
            message = await self.next()
            if isinstance(message, bytes) or message["type"] != type_:
                continue
            if all(message[name] == value for name, value in fields.items()):
                return message

    async def final(self, speaker: Role) -> str:
        message = await self.until("transcript", speaker=speaker, is_final=True)
        return str(message["text"])

    async def heard_by_the_box(self) -> None:
        """All that they have sent is taken."""
        await self.until("ack", audio_seq=self.seq - 1)

    async def recorded_again(self) -> dict[str, Any]:
        """After a payment: the gap that it has left. Until it is told they are silent, for
        of a line that was quiet for a second the box leaves out what the clock says."""
        while True:
            for message in self.told:
                if message["type"] == "gap" and message["reason"] == "paused":
                    return message
            await self.speak(silence(5))
            await self.heard_by_the_box()


@asynccontextmanager
async def talker(
    url: str,
    call_id: str,
    hello: ClientHello | Resume,
    trust: ssl.SSLContext | None = None,
    keys: Mapping[str, str] | None = None,
) -> AsyncIterator[Talker]:
    # Somebody who is not listened to still hears the partner: with a bounded queue the
    # client would stop reading, and its own goodbye would go unanswered for ten seconds.
    address = url.replace("http", "ws") + f"/ws/call/{call_id}"
    headers = telephone(url) if keys is None else keys
    async with connect(
        address, max_queue=None, ssl=trust, additional_headers=headers
    ) as socket:
        person = Talker(socket, hello.role)
        await person.send(hello)
        yield person


def hello(role: Role, audio: AudioFormat | None = None) -> ClientHello:
    return ClientHello(role=role, name=role, audio=audio or AudioFormat())


@asynccontextmanager
async def two_people(url: str) -> AsyncIterator[tuple[Talker, Talker]]:
    """An agent and a customer who see each other."""
    async with a_call(url) as (_, agent, customer):
        yield agent, customer


@asynccontextmanager
async def a_call(url: str) -> AsyncIterator[tuple[str, Talker, Talker]]:
    """The id of a call beside the two people in it."""
    call_id = (await start(url, "agent"))["call_id"]
    await start(url, "customer", call_id)
    async with (
        talker(url, call_id, hello("agent")) as agent,
        talker(url, call_id, hello("customer")) as customer,
    ):
        await agent.until("partner", role="customer", event="joined")
        await customer.until("hello")
        yield call_id, agent, customer


def messages_of(detail: dict[str, Any], kind: str) -> Sequence[dict[str, Any]]:
    """Payloads of one kind in what `/api/sessions/{id}` answers."""
    return [event["payload"] for event in detail["events"] if event["kind"] == kind]


def as_json(message: Received) -> dict[str, Any]:
    return dict(msgspec.to_builtins(message))
