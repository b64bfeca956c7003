"""One call of the crowd: both people, on two light sockets, and all the agent is told."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import anyio

from appliance.audio.wire import HEADER
from appliance.bench.line import Line
from appliance.errors import ApplianceError
from appliance.messages import (
    ROLES,
    AudioFormat,
    Partner,
    Role,
    Status,
    decode_from_server,
    encode,
)
from appliance.received import ClientHello, Hangup
from appliance.replay.api import socket_url, start_call
from appliance.replay.client import MEET_S, Told
from appliance.replay.pace import FRAME_MS
from appliance.replay.settled import Settled
from appliance.replay.voice import Voices

# The last advice of a call at the limit comes this late; what comes later counts as never.
PATIENCE_S = 20.0
# The box settles the words of a call for up to a minute after the hang-up.
END_S = 75.0


class Script:
    """A recording, cut into the payloads of its frames once for everybody who plays it."""

    def __init__(self, voices: Voices) -> None:
        self.audio: AudioFormat = voices.audio
        self.frames: dict[Role, list[bytes]] = {
            role: [voices.frame(role, n) for n in range(voices.frames)] for role in ROLES
        }

    def __len__(self) -> int:
        return len(self.frames["agent"])


@dataclass(slots=True)
class Played:
    """What became of one call. Times are s of the event loop's clock."""

    recording: int
    first_frame: int
    zero_s: float = 0.0  # of the first sample; 0 while nothing was sent
    sent: int = 0  # frames of each person
    told: list[Told] = field(default_factory=list)  # to the agent
    dropped: int = 0  # sockets that closed before the call had ended


class Caller:
    def __init__(
        self,
        script: Script,
        played: Played,
        clock: Callable[[], float],
        on_sound: Callable[[Role, bytes], None] = lambda _role, _frame: None,
    ) -> None:
        """`clock` is the event loop's; `on_sound` gets what each person hears."""
        self.script = script
        self.played = played
        self.ended = anyio.Event()
        self._clock = clock
        self._there: dict[Role, anyio.Event] = {role: anyio.Event() for role in ROLES}
        self._settled = Settled()
        self._lines = {
            role: Line(self._hear(role), partial(on_sound, role)) for role in ROLES
        }

    async def connect(
        self, url: str, trust: ssl.SSLContext | None = None, token: str = ""
    ) -> None:
        """Take both places of a new call on the server. Raises ApplianceError."""
        agent = await start_call(url, "agent", "Agent", None, trust, token)
        await start_call(url, "customer", "Customer", agent.call_id, trust, token)
        for role, line in self._lines.items():
            await line.connect(socket_url(url, agent.socket), trust, token)
            hello = ClientHello(role=role, name=role.title(), audio=self.script.audio)
            line.text(encode(hello))
        try:
            with anyio.fail_after(MEET_S):
                for there in self._there.values():
                    await there.wait()
        except TimeoutError as error:
            raise ApplianceError(
                "The two people of a call did not meet.", fix="Look into the server's log."
            ) from error

    def begin(self, zero_s: float) -> None:
        """The first sample is spoken at this moment."""
        self.played.zero_s = zero_s
        self._settled.since(zero_s)

    def speak(self, frame: int) -> bool:
        """Send one frame of both people; False if it was the last."""
        number = self.played.first_frame + frame
        head = HEADER.pack(frame, frame * FRAME_MS)
        for role, line in self._lines.items():
            line.sound(head + self.script.frames[role][number])
        self.played.sent = frame + 1
        return number + 1 < len(self.script)

    def chat(self, role: Role, line: bytes) -> None:
        """A typed line, encoded."""
        self._lines[role].text(line)

    async def leave(self) -> None:
        """Wait for what is still being said, hang up, wait until the box has ended it."""
        self._settled.since(self._clock())
        with anyio.move_on_after(PATIENCE_S):
            while not self._settled.at(self._clock()):  # noqa: ASYNC110
                # Time alone settles a call: no event tells that nothing came.
                await anyio.sleep(0.25)
        self._lines["agent"].text(encode(Hangup()))
        with anyio.move_on_after(END_S):
            await self.ended.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Close both sockets, whatever the state of the call."""
        for line in self._lines.values():
            self.played.dropped += line.lost and not self.ended.is_set()
            line.close()

    def _hear(self, role: Role) -> Callable[[bytes], None]:
        there, played = self._there[role], self.played

        def hear(raw: bytes) -> None:
            message = decode_from_server(raw)
            match message:
                case Partner(event="joined") if message.role != role:
                    there.set()
                case Status(part="call", state="ended"):
                    self.ended.set()
                case _:
                    pass
            if role == "agent":
                now_s = self._clock()
                self._settled.hear(message, now_s)
                since_ms = (now_s - played.zero_s) * 1000 if played.zero_s else 0.0
                played.told.append(Told(role, since_ms, raw, message))

        return hear
