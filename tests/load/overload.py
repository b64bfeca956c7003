"""More calls than the box can read: `python -m tests.load.overload CALLS_FOLDER`.

    [--calls 24] [--leave 12] [--seconds 90] [--after 60] [--max-calls 0] [--advice]

So many calls begin, twice the measured capacity by default; after `--seconds` as many as
`--leave` hang up, the others go on for `--after` seconds. Who is transcribed, how late is
that, is a frame of anybody's voice lost, what is each screen told and in which order, when
do the calls that wait get room, and when is the box back to normal?

`--max-calls` 0 admits what the box measures that it can read; with the number of the calls
all are admitted, and the engine is overloaded for real.
"""

import argparse
import gc
import itertools
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import msgspec
import numpy as np
import soxr

from appliance.access.lent import lent_token
from appliance.audio.wire import HEADER
from appliance.bench.caller import Caller, Played, Script
from appliance.bench.level import Level, Window, percentile
from appliance.bench.metronome import FRAME_S, Metronome
from appliance.bench.reference import Turn
from appliance.bench.run import Set, read_set
from appliance.messages import ROLES, Role, Status
from appliance.replay.api import read_health
from appliance.replay.own_server import own_server
from appliance.replay.recording import Recording
from appliance.replay.voice import Voices
from appliance.server.health import Health

RATE = 16_000
APART_S = 0.247  # between the beginnings of two calls
LOOK_S = 0.5
NORMAL_S = 60.0  # the box has so long to come back to normal after the last call


@dataclass(frozen=True)
class Show:
    """All recordings in a row, so often that a call may begin anywhere in the first row."""

    script: Script
    turns: list[Turn]
    row_frames: int


def show(recordings: Set, seconds: float) -> Show:
    wide = [soxr.resample(r.samples, r.rate, RATE) for r in recordings.recordings]
    whole = np.concatenate(wide)
    row_s = len(whole) / RATE
    starts_s = [0.0, *itertools.accumulate(len(samples) / RATE for samples in wide)]
    row = [
        turn._replace(start=turn.start + start_s, end=turn.end + start_s)
        for start_s, turns in zip(starts_s, recordings.turns, strict=False)
        for turn in turns
    ]
    rows = range(2 + int(seconds / row_s))
    ring = Recording(whole, RATE)
    ring.repeat_for(row_s * len(rows))
    return Show(
        script=Script(Voices(ring, "pcm_s16le")),
        turns=[
            turn._replace(start=turn.start + n * row_s, end=turn.end + n * row_s)
            for n in rows
            for turn in row
        ],
        row_frames=int(row_s / FRAME_S),
    )


@dataclass
class Talk:
    """One call: what it said, heard and was told."""

    number: int
    caller: Caller
    played: Played
    until_s: float
    heard: dict[Role, int] = field(default_factory=lambda: dict.fromkeys(ROLES, 0))
    holes: int = 0  # frames that were skipped, or came twice

    def hear(self, role: Role, data: bytes) -> None:
        seq, _ = HEADER.unpack_from(data)
        self.holes += seq != self.heard[role]
        self.heard[role] += 1

    def speak(self, frame: int) -> bool:
        return anyio.current_time() < self.until_s and self.caller.speak(frame)

    @property
    def told(self) -> list[tuple[float, Status]]:
        """What the agent was told of the parts of the box, and when, in s of the call."""
        return [
            (t.received_ms / 1000, t.message)
            for t in self.played.told
            if isinstance(t.message, Status) and t.message.part != "call"
        ]

    @property
    def room_s(self) -> float | None:
        """When it was read, in s of the call: 0 from its beginning, None never."""
        speech = [(at_s, s.state) for at_s, s in self.told if s.part == "speech"]
        if not any(state == "waiting" for _, state in speech):
            return 0.0
        return next((at_s for at_s, state in speech if state == "live"), None)

    @property
    def path(self) -> str:
        """Every state, in the order in which they were told; not each new `lag_ms`."""
        now = {"speech": "live", "suggestions": "live"}
        steps = []
        for _, told in self.told:
            if now[told.part] != told.state:
                now[told.part] = told.state
                steps.append(f"{told.part} {told.state}")
        return ", ".join(steps) or "nothing"

    @property
    def lost(self) -> int:
        return 2 * self.played.sent - sum(self.heard.values())


class Look:
    """What `/healthz` says, whenever it is another thing."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token
        self.began_s = anyio.current_time()
        self.worst_lag_ms = 0
        self.last_bad_s: float | None = None  # when it was last seen not to be normal
        self._before: tuple[object, ...] = ()

    async def run(self) -> None:
        while True:
            await self.once()
            await anyio.sleep(LOOK_S)

    async def once(self) -> Health:
        health = msgspec.json.decode(
            await read_health(self.url, token=self.token), type=Health
        )
        self.worst_lag_ms = max(self.worst_lag_ms, health.lag_ms)
        if (health.load, health.speech) != ("live", "live"):
            self.last_bad_s = anyio.current_time()
        room = health.reading
        assert room is not None
        now = (health.load, health.speech, health.suggestions, room.calls, room.waiting)
        if now != self._before:
            self._before = now
            print(
                f"{anyio.current_time() - self.began_s:6.1f} s  {health.load:10}"
                f"  speech {health.speech:8}  suggestions {health.suggestions:6}"
                f"  read {room.calls:2} of {room.capacity:2}  waiting {room.waiting:2}"
                f"  lag {health.lag_ms} ms",
                flush=True,
            )
        return health

    async def until_normal(self) -> bool:
        """False if that did not come."""
        with anyio.move_on_after(NORMAL_S):
            while (await self.once()).load != "live":  # noqa: ASYNC110
                await anyio.sleep(LOOK_S)  # only asking tells
            return True
        return False


async def measure(chosen: argparse.Namespace) -> None:
    ramp_s = chosen.calls * APART_S
    whole_s = ramp_s + chosen.seconds + chosen.after
    played = show(read_set(chosen.folder), whole_s)
    environ = {
        "APPLIANCE_ADVICE_ENABLED": str(chosen.advice).lower(),
        "APPLIANCE_SPEECH_MAX_CALLS": str(chosen.max_calls),
    }
    # What is kept for the report is for ever; looking through it again stops the sender.
    gc.freeze()
    with tempfile.TemporaryDirectory() as data:
        async with (
            own_server("--data-dir", data, environ=environ) as url,
            lent_token(Path(data)) as token,
        ):
            metronome, look = Metronome(), Look(url, token)
            talks: list[Talk] = []
            async with anyio.create_task_group() as work:
                work.start_soon(look.run)
                fall_s = look.began_s + ramp_s + chosen.seconds
                async with anyio.create_task_group() as leaving:
                    for n in range(chosen.calls):
                        # Those leave that came first, and are read: others get their room.
                        more_s = 0.0 if n < chosen.leave else chosen.after
                        talk = make(n, chosen.calls, played, fall_s + more_s)
                        talks.append(talk)
                        await talk.caller.connect(url, token=token)
                        begin_s = anyio.current_time()
                        talk.caller.begin(begin_s)
                        metronome.add(begin_s + FRAME_S, talk.speak)
                        leaving.start_soon(leave, talk)
                        await anyio.sleep(APART_S)
                work.cancel_scope.cancel()
            normal = await look.until_normal()
    report(talks, played.turns, metronome, look)
    print(f"back to normal: {when_normal(look, fall_s) if normal else 'never'}")


def make(number: int, calls: int, played: Show, until_s: float) -> Talk:
    part = Played(recording=0, first_frame=number * played.row_frames // calls)
    heard: list[Talk] = []
    caller = Caller(
        played.script,
        part,
        anyio.current_time,
        lambda role, data: heard[0].hear(role, data),
    )
    talk = Talk(number, caller, part, until_s)
    heard.append(talk)
    return talk


async def leave(talk: Talk) -> None:
    await anyio.sleep_until(talk.until_s)
    await talk.caller.leave()


def report(
    talks: Sequence[Talk],
    turns: Sequence[Turn],
    metronome: Metronome,
    look: Look,
) -> None:
    print("\n| call | read from s | finals p50 / p95 s | n | turns lost | frames lost |")
    print("|---|---|---|---|---|---|")
    pooled: list[float] = []
    for talk in talks:
        level = Level(calls=1)
        if talk.room_s is not None:
            from_s = talk.played.zero_s + talk.room_s
            level.hear(talk.played, turns, Window(from_s, talk.until_s))
            pooled += level.final_s
        print(row(talk, level))
    waited = [talk for talk in talks if talk.room_s != 0]
    got = sorted(talk.room_s for talk in waited if talk.room_s is not None)
    print(
        f"\nread from the beginning: {len(talks) - len(waited)}; waited: {len(waited)}, "
        f"got room: {', '.join(f'after {s:.0f} s' for s in got) or 'none'}"
    )
    print(
        f"all finals: p50 {percentile(pooled, 50):.2f} p95 {percentile(pooled, 95):.2f} s"
    )
    lost, sent = sum(t.lost for t in talks), sum(2 * t.played.sent for t in talks)
    holes, dropped = sum(t.holes for t in talks), sum(t.played.dropped for t in talks)
    print(f"frames lost: {lost} of {sent}; out of order: {holes}; sockets lost: {dropped}")
    print(f"worst lag: {look.worst_lag_ms} ms")
    print(f"generator: worst frame {1000 * metronome.worst_late_s:.0f} ms late")
    print("what agents were told, in order:")
    for path, calls in Counter(talk.path for talk in talks).most_common():
        print(f"  {calls} calls: {path}")


def when_normal(look: Look, fall_s: float) -> str:
    """`fall_s` is when those who left stopped talking."""
    if look.last_bad_s is None:
        return "it was never anything else"
    return f"{max(0.0, look.last_bad_s + LOOK_S - fall_s):.0f} s after the load fell"


def row(talk: Talk, level: Level) -> str:
    from_s = "never" if talk.room_s is None else f"{talk.room_s:.0f}"
    delays = " / ".join(f"{percentile(level.final_s, share):.2f}" for share in (50, 95))
    return (
        f"| {talk.number} | {from_s} | {delays if level.final_s else '-'} "
        f"| {len(level.final_s)} | {level.lost} of {level.turns} | {talk.lost} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calls", type=int, default=24)
    parser.add_argument("--leave", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--after", type=float, default=60)
    parser.add_argument("--max-calls", type=int, default=0)
    parser.add_argument("--advice", action=argparse.BooleanOptionalAction, default=False)
    anyio.run(measure, parser.parse_args())


if __name__ == "__main__":
    main()
