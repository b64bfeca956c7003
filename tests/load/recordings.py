"""What recording costs: `python -m tests.load.recordings [CALLS_FOLDER]`.

    [--calls 20] [--seconds 20] [--policies never,always,never]

First the parts, on the sound of the sample calls: a second of a leg to the disk as a chunk,
and a call put together in either format. Then a server with so many calls going on, once
with each policy: what it uses, and how late people hear each other. Speech recognition and
advice are off.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import anyio

from appliance.access.lent import lent_token
from appliance.bench.caller import Script
from appliance.bench.level import percentile
from appliance.bench.metronome import FRAME_S, Metronome
from appliance.bench.run import read_set
from appliance.bench.watch import Cost, Watch
from appliance.messages import ROLES
from appliance.recordings import chunks
from appliance.recordings.joining import audio_of, join
from appliance.recordings.kept import Format
from appliance.recordings.spans import RATE
from appliance.recordings.tape import Piece
from appliance.replay.own_server import own_server
from appliance.replay.recording import Recording
from appliance.replay.samples import FOLDER
from appliance.server.loop import late_ms
from tests.load.listening import OFF
from tests.load.relay import APART_S, TEARDOWN_S, WARM_UP_S, Pair, at_16_khz

PART_S = 120  # of a sample call, for the parts
FORMATS: tuple[Format, ...] = ("opus", "flac")


def parts(recording: Recording) -> None:
    """Printed: processor and wall time of each part."""
    for format_ in FORMATS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            spent, began = time.process_time(), time.perf_counter()
            for role in ROLES:
                said = recording.cut(role, 0, PART_S * RATE)
                for at in range(0, len(said), RATE):
                    pcm = said[at : at + RATE].astype("<i2").tobytes()
                    chunks.write_chunk(folder, role, Piece(at, pcm))
            written = time.process_time() - spent
            waited = time.perf_counter() - began
            spent = time.process_time()
            join(folder, format_)
            joined = time.process_time() - spent
            audio = audio_of(folder)
            assert audio is not None
            megabytes = audio.stat().st_size / PART_S * 3600 / 1e6
            print(
                f"{format_}: a second of a leg to the disk "
                f"{1000 * written / PART_S / 2:.2f} ms of a core, "
                f"{1000 * waited / PART_S / 2:.2f} ms until it is there; a second of a "
                f"call put together {1000 * joined / PART_S:.2f} ms; "
                f"{megabytes:.0f} MB an hour"
            )


async def measure(
    scripts: Sequence[Script], calls: int, seconds: float, policy: str
) -> tuple[Cost, list[float]]:
    """What the server used meanwhile, and how late people heard each other, in ms."""
    pairs = [
        Pair(scripts[n % len(scripts)], first_frame=n * 50 % 3000) for n in range(calls)
    ]
    environ = {**OFF, "APPLIANCE_RECORDING_ENABLED": policy}
    with tempfile.TemporaryDirectory() as data:
        async with (
            own_server("--data-dir", data, environ=environ) as url,
            lent_token(Path(data)) as token,
        ):
            metronome = Metronome()
            for pair in pairs:
                await pair.caller.connect(url, token=token)
                begin_s = anyio.current_time()
                pair.caller.begin(begin_s)
                metronome.add(begin_s + FRAME_S, pair.speak)
                await anyio.sleep(APART_S)
            await anyio.sleep(WARM_UP_S)
            first = [len(pair.heard.late_ms) for pair in pairs]
            watch, now_s = Watch(url, token=token), anyio.current_time()
            await watch.run(now_s, now_s + seconds)
            late = [
                ms for p, n in zip(pairs, first, strict=True) for ms in p.heard.late_ms[n:]
            ]
            metronome.stop()
            await anyio.sleep(TEARDOWN_S)
            for pair in pairs:
                pair.caller.hang_up()
            await anyio.sleep(TEARDOWN_S)
    return watch.cost, late


def report(policy: str, calls: int, cost: Cost, late: list[float], before: float) -> float:
    """Cores that the server used."""
    cores = cost.cpu_s["server"] / cost.window_s
    relay = " ".join(f"{percentile(late, share):.2f}" for share in (50, 95, 99))
    loop = late_ms(cost.loop_counts, 0.99)
    more = f"{100 * (cores - before) / calls / 2:.2f}" if before else "-"
    print(f"{policy:9} | {relay:20} | {loop:8.1f} | {cores:12.3f} | {more}")
    return cores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--policies", default="never,always,never")
    given = parser.parse_args()
    recordings = read_set(given.folder).recordings
    parts(next(one for one in recordings if one.rate == RATE))
    whole_s = given.calls * 2 * APART_S + given.seconds + WARM_UP_S + 60
    scripts = [at_16_khz(recording, whole_s) for recording in recordings]
    print("policy    | relay ms p50 p95 p99 | loop p99 | server cores | % of one for a leg")
    before = 0.0
    for policy in given.policies.split(","):
        cost, late = anyio.run(measure, scripts, given.calls, given.seconds, policy)
        cores = report(policy, given.calls, cost, late, before)
        before = before or cores


if __name__ == "__main__":
    main()
