"""Play a recording through a running server, as both of its people at once."""

import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import anyio

from appliance.errors import ApplianceError, CallError
from appliance.messages import ROLES, Codec, Role, ServerMessage
from appliance.received import Hangup
from appliance.replay.api import socket_url, start_call
from appliance.replay.pace import FRAME_MS, Pace
from appliance.replay.person import Heard, Person
from appliance.replay.recording import Recording
from appliance.replay.settled import QUIET_S, Settled
from appliance.replay.voice import Voices

MEET_S = 30.0  # two people who both have their sockets see each other at once
PATIENCE_S = 20.0  # for what is still being written after the last word
END_S = 10.0
GIVE_UP_S = 60.0  # as long as the box keeps a dropped person's place by default


class Drop(NamedTuple):
    """Pull this person's plug at `at_ms` of audio, for `away_s`."""

    role: Role
    at_ms: int
    away_s: float = 0.0


class Told(NamedTuple):
    """One message that a person received."""

    role: Role
    received_ms: float  # since the first audio frame was sent; 0 before that
    raw: bytes  # the JSON as it came
    message: ServerMessage | None  # None for a type this program does not know


@dataclass(slots=True)
class Outcome:
    """What became of a replay; it fills while the call goes on."""

    call_id: str = ""
    duration_ms: int = 0
    sent_ms: int = 0  # audio spoken so far
    told: dict[Role, list[Told]] = field(
        default_factory=lambda: {role: [] for role in ROLES}
    )
    heard_ms: dict[Role, int] = field(default_factory=dict)  # of the partner's voice
    connections: dict[Role, int] = field(default_factory=dict)
    worst_late_ms: float = 0.0  # of a frame behind its due time; above ~100 the client lags
    settled: bool = False  # nothing was half done when the agent hung up
    ended: bool = False  # the server said so

    @property
    def messages(self) -> list[ServerMessage]:
        """What the agent was told."""
        return [told.message for told in self.told["agent"] if told.message is not None]


@dataclass(slots=True, kw_only=True)
class Plan:
    """How to play. Speed 2 is twice as fast as life."""

    speed: float = 1.0
    codec: Codec = "pcm_s16le"
    drops: Sequence[Drop] = ()
    patience_s: float = PATIENCE_S
    quiet_s: float = QUIET_S
    caller: str = "Customer"  # the name given at the start
    keep: bool = True  # collect every message in the outcome


async def play(
    url: str,
    recording: Recording,
    plan: Plan | None = None,
    *,
    outcome: Outcome | None = None,
    on_message: Callable[[Told], None] | None = None,
    trust: ssl.SSLContext | None = None,
    token: str = "",
) -> Outcome:
    """Make a call on the server at `url`, speak, wait for the last advice, hang up.

    `on_message` is called for every message of both people; `trust` is whose certificates
    prove an https server, else the system's; `token` is what the box knows us by.

    Raises RecordingError for a codec that does not go with the recording, CallError if the
    server refuses and ApplianceError if it does not answer.
    """
    outcome = Outcome() if outcome is None else outcome
    replay = _Replay(url, recording, plan or Plan(), outcome, on_message, trust, token)
    with one_error():
        await replay.run()
    return outcome


@contextmanager
def one_error() -> Iterator[None]:
    """Let out the one error that a person can act on, not the bundle of a task group."""
    try:
        yield
    except ExceptionGroup as group:
        error: Exception = group
        while isinstance(error, ExceptionGroup):
            ours = error.split(ApplianceError)[0]
            if ours is None:
                raise
            error = ours.exceptions[0]
        raise error from group


class _Replay:
    def __init__(
        self,
        url: str,
        recording: Recording,
        plan: Plan,
        outcome: Outcome,
        on_message: Callable[[Told], None] | None,
        trust: ssl.SSLContext | None,
        token: str,
    ) -> None:
        self.url = url
        self.trust = trust
        self.token = token
        self.voices = Voices(recording, plan.codec)
        self.plan = plan
        self.outcome = outcome
        self.on_message = on_message
        self.settled = Settled()
        self.start_s: float | None = None
        outcome.duration_ms = recording.duration_ms

    async def run(self) -> None:
        # The agent first; the customer asks for that very call, so that two replays that
        # start at the same moment never get each other's customer.
        agent = await self._arrive("agent", None)
        customer = await self._arrive("customer", self.outcome.call_id)
        async with anyio.create_task_group() as call:
            for person in (agent, customer):
                call.start_soon(person.stay, GIVE_UP_S)
            await self._meet(agent, customer)
            await self._talk(agent, customer)
            await self._settle(agent, customer)
            agent.order(Hangup())
            with anyio.move_on_after(END_S) as leaving:
                await agent.ended.wait()
                await customer.ended.wait()
            if leaving.cancelled_caught:
                call.cancel_scope.cancel()
        self.outcome.ended = agent.ended.is_set()
        for person in (agent, customer):
            self.outcome.heard_ms[person.role] = person.heard_ms
            self.outcome.connections[person.role] = person.connections

    async def _arrive(self, role: Role, call_id: str | None) -> Person:
        name = self.plan.caller if role == "customer" else role.capitalize()
        started = await start_call(self.url, role, name, call_id, self.trust, self.token)
        self.outcome.call_id = started.call_id
        address = socket_url(self.url, started.socket)
        return Person(role, address, self.voices.audio, self._hear, self.trust, self.token)

    async def _meet(self, agent: Person, customer: Person) -> None:
        with anyio.move_on_after(MEET_S) as waiting:
            await agent.partner_there.wait()
            await customer.partner_there.wait()
        if waiting.cancelled_caught:
            raise CallError(
                f"Agent and customer did not meet within {MEET_S:.0f} s.",
                fix="Look into the server's log; both had asked for the same call.",
            )

    async def _talk(self, agent: Person, customer: Person) -> None:
        self.start_s = anyio.current_time()
        pace = Pace(self.start_s, self.plan.speed)
        async with anyio.create_task_group() as voices:
            voices.start_soon(self._speak, agent, pace)
            voices.start_soon(self._speak, customer, pace)
        self.outcome.worst_late_ms = pace.worst_late_s * 1000

    async def _speak(self, person: Person, pace: Pace) -> None:
        drops = sorted(d for d in self.plan.drops if d.role == person.role)
        for frame in range(self.voices.frames):
            await anyio.sleep_until(pace.due_s(frame))
            if person.ended.is_set():
                return
            while drops and drops[0].at_ms <= frame * FRAME_MS:
                person.drop(drops.pop(0).away_s)
            person.say(frame * FRAME_MS, self.voices.frame(person.role, frame))
            pace.sent(frame, anyio.current_time())
            self.outcome.sent_ms = (frame + 1) * FRAME_MS

    async def _settle(self, agent: Person, customer: Person) -> None:
        """Wait until everything is said, the call is over, or patience ends."""
        self.settled.since(anyio.current_time())
        with anyio.move_on_after(self.plan.patience_s):
            while not agent.ended.is_set():
                now_s = anyio.current_time()
                if not (agent.idle and customer.idle):
                    self.settled.since(now_s)
                if self.settled.at(now_s, quiet_s=self.plan.quiet_s):
                    self.outcome.settled = True
                    return
                await anyio.sleep(0.05)

    def _hear(self, heard: Heard) -> None:
        since_ms = 0.0 if self.start_s is None else (heard.at_s - self.start_s) * 1000
        told = Told(heard.role, since_ms, heard.raw, heard.message)
        if heard.role == "agent" and heard.message is not None:
            self.settled.hear(heard.message, heard.at_s)
        if self.plan.keep:
            self.outcome.told[heard.role].append(told)
        if self.on_message is not None:
            self.on_message(told)
