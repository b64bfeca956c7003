"""Two hundred people who hear each other: `python -m tests.load.relay CALLS_FOLDER`.

    [--calls 100] [--seconds 60] [--no-speech] [--tls]

Both sides of every call send 20 ms frames at 16 kHz and hear each other, and write each
other chat lines. How late is what they hear, what is lost, how late is the server's loop,
and does its memory grow? Advice is off; speech recognition is on unless told otherwise,
and is degraded as it must be.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import soxr

from appliance.access.lent import lent_token
from appliance.audio.wire import HEADER
from appliance.bench.caller import Caller, Played, Script
from appliance.bench.level import percentile
from appliance.bench.metronome import FRAME_S, Metronome
from appliance.bench.run import read_set
from appliance.bench.watch import Watch
from appliance.cli.tls import trust_for
from appliance.messages import ROLES, ChatLine, Role, encode, partner_of
from appliance.received import Chat
from appliance.replay.own_server import own_server
from appliance.replay.pace import FRAME_MS
from appliance.replay.recording import Recording
from appliance.replay.voice import Voices
from appliance.server.loop import late_ms
from appliance.settings import ServerSettings, Settings

RATE = 16_000
APART_S = 0.053  # between the beginnings of two calls
WARM_UP_S = 5.0
CHAT_S = 10.0  # between two lines of one person
TEARDOWN_S = 2.0  # for what is still on its way


@dataclass
class Heard:
    """One call's sound on its way: when each frame went out, how long it took."""

    sent_s: dict[Role, list[float]] = field(default_factory=lambda: {r: [] for r in ROLES})
    late_ms: list[float] = field(default_factory=list)
    frames: int = 0

    def hear(self, role: Role, data: bytes) -> None:
        now_s = time.perf_counter()
        _, t_ms = HEADER.unpack_from(data)
        self.frames += 1
        sent_s = self.sent_s[partner_of(role)]
        self.late_ms.append(1000 * (now_s - sent_s[min(t_ms // FRAME_MS, len(sent_s) - 1)]))


class Pair:
    """One call: speaks, chats, listens."""

    def __init__(self, script: Script, first_frame: int) -> None:
        self.heard = Heard()
        self.chats = 0
        self.played = Played(recording=0, first_frame=first_frame)
        self.caller = Caller(script, self.played, anyio.current_time, self.heard.hear)

    def speak(self, frame: int) -> bool:
        now_s = time.perf_counter()
        for role in ROLES:
            self.heard.sent_s[role].append(now_s)
        return self.caller.speak(frame)

    async def chat(self, after_s: float) -> None:
        await anyio.sleep(after_s)
        while True:
            for role in ROLES:
                text = f"line {self.chats} of a chat that goes on while they talk"
                self.caller.chat(role, encode(Chat(text=text)))
                self.chats += 1
            await anyio.sleep(CHAT_S)

    @property
    def chats_lost(self) -> int:
        lines = [t for t in self.played.told if isinstance(t.message, ChatLine)]
        return self.chats - len(lines)


def at_16_khz(recording: Recording, seconds: float) -> Script:
    wide = Recording(soxr.resample(recording.samples, recording.rate, RATE), RATE)
    wide.repeat_for(seconds)
    return Script(Voices(wide, "pcm_s16le"))


async def measure(
    folder: Path, calls: int, seconds: float, speech: bool, tls: bool
) -> None:
    ramp_s = calls * 2 * APART_S
    whole_s = ramp_s + WARM_UP_S + seconds + TEARDOWN_S
    recordings = read_set(folder).recordings
    scripts = [at_16_khz(r, whole_s + 60) for r in recordings]
    pairs = [
        Pair(scripts[n % len(scripts)], first_frame=n * 50 % 3000) for n in range(calls)
    ]
    environ = {
        "APPLIANCE_ADVICE_ENABLED": "false",
        "APPLIANCE_SPEECH_ENABLED": str(speech).lower(),
        "APPLIANCE_TLS_ENABLED": str(tls).lower(),
    }
    # What is kept for the report is for ever; looking through it again stops the sender.
    gc.freeze()
    with tempfile.TemporaryDirectory() as data:
        async with AsyncExitStack() as stack:
            server = own_server("--data-dir", data, environ=environ)
            url = await stack.enter_async_context(server)
            trust = trust_for(url, None, in_folder(data))
            token = await stack.enter_async_context(lent_token(Path(data)))
            metronome, watch = Metronome(), Watch(url, trust, token)
            async with anyio.create_task_group() as work:
                for n, pair in enumerate(pairs):
                    await pair.caller.connect(url, trust, token)
                    begin_s = anyio.current_time()
                    pair.caller.begin(begin_s)
                    metronome.add(begin_s + FRAME_S, pair.speak)
                    work.start_soon(pair.chat, n * CHAT_S / calls)
                    await anyio.sleep(APART_S)
                await anyio.sleep(WARM_UP_S)
                first = [len(pair.heard.late_ms) for pair in pairs]
                metronome.forget()
                now_s = anyio.current_time()
                await watch.run(now_s, now_s + seconds)
                metronome.stop()
                work.cancel_scope.cancel()
            await anyio.sleep(TEARDOWN_S)
            for pair in pairs:
                pair.caller.hang_up()
    report(pairs, first, watch, metronome)


def in_folder(data: str) -> Settings:
    """Of a server whose data is there."""
    return Settings(server=ServerSettings(data_dir=data))


def report(
    pairs: Sequence[Pair], first: Sequence[int], watch: Watch, metronome: Metronome
) -> None:
    late = [ms for p, n in zip(pairs, first, strict=True) for ms in p.heard.late_ms[n:]]
    sent = sum(2 * pair.played.sent for pair in pairs)
    cost = watch.cost
    relay = " ".join(f"p{share} {percentile(late, share):.1f}" for share in (50, 95, 99))
    print(f"relay ms: {relay} max {max(late):.0f} (n={len(late)})")
    print(f"frames lost: {sent - sum(p.heard.frames for p in pairs)} of {sent}")
    print(f"sockets dropped: {sum(p.played.dropped for p in pairs)} of {2 * len(pairs)}")
    lost = sum(p.chats_lost for p in pairs)
    print(f"chat lines lost: {lost} of {sum(p.chats for p in pairs)}")
    loop = " ".join(
        f"p{s:g} {late_ms(cost.loop_counts, s / 100):.1f}" for s in (50, 95, 99)
    )
    print(f"loop ms: {loop}")
    cores = {name: s / cost.window_s for name, s in cost.cpu_s.items()}
    print("cores: " + " ".join(f"{name} {c:.2f}" for name, c in cores.items()))
    for name, mib in watch.resident_mib.items():
        step = max(1, len(mib) // 6)
        print(f"MiB of {name}: {' '.join(f'{m:.0f}' for m in mib[::step])}")
    print(
        f"generator: {cost.generator_cpu_s / cost.window_s:.2f} cores, worst frame "
        f"{1000 * metronome.worst_late_s:.0f} ms late; anything else: "
        f"{cost.other_cpu_s / cost.window_s:.2f} cores; degraded "
        f"{cost.degraded} of {cost.samples} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--speech", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--tls", action=argparse.BooleanOptionalAction, default=False)
    given = parser.parse_args()
    anyio.run(measure, given.folder, given.calls, given.seconds, given.speech, given.tls)


if __name__ == "__main__":
    main()
