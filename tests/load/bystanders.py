"""People who talk while somebody attacks: `python -m tests.load.bystanders URL [CALLS]`,
with a token that may bring calls in APPLIANCE_TOKEN.

A process of its own, so that what the attacker does slows nobody but the server. For each
line of its input it prints one of JSON: what became of their voices since the line before.
At the end of its input they stop speaking, and the last line is about the whole call.
"""

import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import msgspec
from anyio.abc import ByteReceiveStream, Process
from anyio.streams.text import TextReceiveStream
from msgspec import Struct

from appliance.bench.caller import Script
from appliance.bench.level import percentile
from appliance.bench.metronome import FRAME_S, Metronome
from appliance.replay.recording import read_recording
from appliance.replay.samples import every_sample
from appliance.settings import TOKEN_VARIABLE
from tests.load.relay import Pair, at_16_khz

LONGEST_S = 1800.0
CHAT_APART_S = 2.5
TEARDOWN_S = 2.0  # for what is still on its way


class Fate(Struct, frozen=True, kw_only=True):
    """Of all calls. Frames of 20 ms; from one person's sending to the other's hearing."""

    sent: int
    heard: int
    dropped: int  # sockets
    chats: int
    chats_lost: int
    late_p50_ms: float
    late_p99_ms: float
    late_max_ms: float
    own_late_ms: float  # of the process that measures: it cannot see less

    def __str__(self) -> str:
        return (
            f"p50 {self.late_p50_ms:.1f} p99 {self.late_p99_ms:.0f} "
            f"max {self.late_max_ms:.0f} ms, {self.sent - self.heard} of {self.sent} lost, "
            f"{self.dropped} dropped"
        )


def fate(pairs: list[Pair], marks: list[int], metronome: Metronome) -> Fate:
    late = [ms for p, n in zip(pairs, marks, strict=True) for ms in p.heard.late_ms[n:]]
    return Fate(
        sent=sum(2 * pair.played.sent for pair in pairs),
        heard=sum(pair.heard.frames for pair in pairs),
        dropped=sum(pair.played.dropped for pair in pairs),
        chats=sum(pair.chats for pair in pairs),
        chats_lost=sum(pair.chats_lost for pair in pairs),
        late_p50_ms=percentile(late, 50) if late else 0.0,
        late_p99_ms=percentile(late, 99) if late else 0.0,
        late_max_ms=max(late, default=0.0),
        own_late_ms=1000 * metronome.worst_late_s,
    )


async def talk(url: str, calls: int) -> None:
    recording = read_recording(every_sample()[0].path)
    script: Script = at_16_khz(recording, LONGEST_S)
    pairs = [Pair(script, first_frame=500 * n) for n in range(calls)]
    metronome = Metronome()
    marks = [0] * calls
    # Read in a thread: the input is a pipe, which the loop's files cannot be.
    lines = anyio.wrap_file(sys.stdin)
    async with anyio.create_task_group() as work:
        for n, pair in enumerate(pairs):
            await pair.caller.connect(url, token=os.environ[TOKEN_VARIABLE])
            pair.caller.begin(anyio.current_time())
            metronome.add(anyio.current_time() + FRAME_S, pair.speak)
            work.start_soon(pair.chat, n * CHAT_APART_S)
        while await lines.readline():
            print(msgspec.json.encode(fate(pairs, marks, metronome)).decode(), flush=True)
            marks = [len(pair.heard.late_ms) for pair in pairs]
            metronome.forget()
        metronome.stop()
        work.cancel_scope.cancel()
    await anyio.sleep(TEARDOWN_S)
    print(msgspec.json.encode(fate(pairs, [0] * calls, metronome)).decode(), flush=True)
    for pair in pairs:
        pair.caller.hang_up()


class Bystanders:
    """That process, as seen from here."""

    def __init__(self, process: Process) -> None:
        assert process.stdout is not None
        self._process = process
        self._lines = _lines(process.stdout)

    async def look(self) -> Fate:
        """Since the last look."""
        assert self._process.stdin is not None
        await self._process.stdin.send(b"\n")
        return msgspec.json.decode(await anext(self._lines), type=Fate)

    async def end(self) -> Fate:
        """They stop; of the whole call, its delays included."""
        assert self._process.stdin is not None
        await self._process.stdin.aclose()
        return msgspec.json.decode(await anext(self._lines), type=Fate)


async def _lines(stream: ByteReceiveStream) -> AsyncGenerator[str, None]:
    rest = ""
    async for piece in TextReceiveStream(stream):
        *whole, rest = (rest + piece).split("\n")
        for line in whole:
            yield line


@asynccontextmanager
async def bystanders(
    url: str, token: str, calls: int = 2
) -> AsyncGenerator[Bystanders, None]:
    """So many calls go on at the server until the block ends."""
    command = [sys.executable, "-m", "tests.load.bystanders", url, str(calls)]
    process = await anyio.open_process(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None,
        env={**os.environ, TOKEN_VARIABLE: token},
    )
    async with process:
        people = Bystanders(process)
        try:
            await people.look()  # they have met, and speak
            yield people
        finally:
            if process.returncode is None:
                process.terminate()


if __name__ == "__main__":
    anyio.run(talk, sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2)
