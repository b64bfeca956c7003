"""Our server for another load harness, one with adapters for other people's servers.

That harness gives a call's frames of both channels and takes the text so far of each:

    APPLIANCE_TOKEN=... LOADTEST=path/to/loadtest python -m tests.load.loadtest_adapter \
        --calls FOLDER --concurrency 1 --url https://127.0.0.1:8080 --out OUT.json

The token is of a program that may bring calls (`appliance tokens add`). It plays the same
recordings as `appliance bench` and scores them in its own way, so that the two can be held
against each other, and ours against others.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import numpy as np

from appliance.audio.wire import HEADER
from appliance.bench.line import Line
from appliance.cli.tls import trust_for
from appliance.messages import (
    ROLES,
    AudioFormat,
    Role,
    ServerMessage,
    Status,
    Transcript,
    decode_from_server,
    encode,
)
from appliance.received import ClientHello, Hangup
from appliance.replay.api import Started, socket_url, start_call
from appliance.replay.settled import Settled
from appliance.settings import TOKEN_VARIABLE, read_settings

Sink = Callable[[str, float, int | None, str | None, str | None, object], None]


class Session:
    """One call, as that harness wants it: open, send, end_audio, drain, close."""

    sample_rate = 16_000
    frame_ms = 20

    def __init__(
        self, url: str, call_id: str, channels: int, _options: dict[str, str], sink: Sink
    ) -> None:
        self.url = url
        self.trust = trust_for(url, None, read_settings())
        self.token = os.environ[TOKEN_VARIABLE]  # of a program that may bring calls
        self.call_id = call_id
        self.channels = ROLES[:channels]
        self.sink = sink
        self.sent = dict.fromkeys(ROLES, 0)
        self.texts: dict[Role, dict[str, Transcript]] = {role: {} for role in ROLES}
        self.settled = Settled()
        self.ended = anyio.Event()
        self.lines: dict[Role, Line] = {}

    async def open(self) -> None:
        call = await self._start("agent", None)
        await self._start("customer", call.call_id)
        for role in ROLES:
            # The agent's socket is told what both say.
            hear = self._hear if role == "agent" else _deaf
            line = self.lines[role] = Line(hear, _deaf)
            await line.connect(socket_url(self.url, call.socket), self.trust, self.token)
            audio = AudioFormat(rate=self.sample_rate)
            line.text(encode(ClientHello(role=role, name=role, audio=audio)))

    async def _start(self, role: Role, call_id: str | None) -> Started:
        return await start_call(
            self.url, role, self.call_id, call_id, self.trust, self.token
        )

    async def send(self, channel: int, pcm: "np.typing.NDArray[np.float32]") -> None:
        role = self.channels[channel]
        samples = np.clip(np.rint(pcm * 32768), -32768, 32767).astype("<i2")
        number = self.sent[role]
        head = HEADER.pack(number, number * self.frame_ms)
        self.lines[role].sound(head + samples.tobytes())
        self.sent[role] += 1

    async def end_audio(self) -> None:
        """A second of silence, as long as people take to hang up."""
        began_s = anyio.current_time()
        for frame in range(1000 // self.frame_ms):
            await anyio.sleep_until(began_s + frame * self.frame_ms / 1000)
            for channel in range(len(self.channels)):
                silence = np.zeros(self.sample_rate * self.frame_ms // 1000, np.float32)
                await self.send(channel, silence)

    async def drain(self, longest_s: float) -> bool:
        self.settled.since(time.monotonic())
        with anyio.move_on_after(longest_s):
            while not self.settled.at(time.monotonic()):  # noqa: ASYNC110
                await anyio.sleep(0.1)  # time alone settles a call
            self.lines["agent"].text(encode(Hangup()))
            await self.ended.wait()
        return self.ended.is_set()

    async def close(self) -> None:
        for line in self.lines.values():
            line.close()

    def _hear(self, raw: bytes) -> None:
        message: ServerMessage = decode_from_server(raw)
        self.settled.hear(message, time.monotonic())
        match message:
            case Transcript():
                self._heard(message, raw)
            case Status(part="call", state="ended"):
                self.ended.set()
            case Status():
                self.sink("status", time.monotonic(), None, None, None, raw.decode())
            case _:
                pass

    def _heard(self, message: Transcript, raw: bytes) -> None:
        role = message.speaker
        self.texts[role][message.id] = message
        told = sorted(self.texts[role].values(), key=lambda t: t.start_ms)
        committed = " ".join(t.text for t in told if t.is_final)
        partial = " ".join(t.text for t in told if not t.is_final)
        channel = ROLES.index(role)
        self.sink("text", time.monotonic(), channel, committed, partial, raw.decode())


def _deaf(_message: bytes) -> None:
    """Nobody listens."""


def main() -> None:
    harness = Path(os.environ["LOADTEST"])
    sys.path.insert(0, str(harness))
    import adapters  # type: ignore[import-not-found]
    import loadtest  # type: ignore[import-not-found]

    # It looks its adapters up by name in its own folder; ours is here.
    adapters.load = lambda _name: Session
    sys.argv[1:1] = ["--adapter", "appliance"]
    loadtest.main()


if __name__ == "__main__":
    main()
