"""Measure: a server of its own for each number of calls, a crowd that talks to it."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

import anyio
from msgspec import Struct

from appliance.access.lent import lent_token
from appliance.bench.caller import Script
from appliance.bench.crowd import Crowd
from appliance.bench.level import Level, Window, percentile
from appliance.bench.reference import Turn, read_turns
from appliance.bench.rotation import whole_rounds_s
from appliance.bench.watch import Watch
from appliance.errors import RecordingError
from appliance.replay.client import one_error
from appliance.replay.own_server import own_server
from appliance.replay.recording import Recording, read_recording
from appliance.replay.voice import Voices

# After the last caller has begun: partials find their pace, the language is found out.
WARM_UP_S = 10.0
# All go on talking for so long after the window, so that its last finals are decoded under
# the same load as the others.
COOL_DOWN_S = 4.0

# Numbers of calls of the curve; it ends at the first one that is too slow.
CURVE = (1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64)
TOO_SLOW_S = 2.0  # p95 of finals

# Shortest window. The recordings' length and the number of calls make it longer.
AT_LEAST_S = 120.0


class Set(Struct, frozen=True, kw_only=True):
    """Recordings with references."""

    names: list[str]
    recordings: list[Recording]
    scripts: list[Script]
    turns: list[list[Turn]]

    def window_s(self, calls: int, seconds: float | None) -> float:
        if seconds is not None:
            return seconds
        return whole_rounds_s([len(s) for s in self.scripts], calls, AT_LEAST_S)


class Plan(Struct, frozen=True, kw_only=True):
    recordings: Set
    seconds: float | None = None  # of each window; None: whole rounds
    warm_up_s: float = WARM_UP_S
    arguments: Sequence[str] = ()  # of `appliance serve`
    environ: Mapping[str, str] = {}


def read_set(folder: Path) -> Set:
    """Every recording of the folder that has its turns beside it, as JSON of the same
    name. Raises RecordingError if there is none."""
    files = [
        file
        for file in sorted(folder.glob("*"))
        if file.suffix in (".flac", ".wav") and file.with_suffix(".json").is_file()
    ]
    if not files:
        raise RecordingError(
            f"{folder} has no recording with a reference beside it.",
            fix="Name a folder with CALL.flac (or .wav) and CALL.json; see the README.",
        )
    recordings = [read_recording(file) for file in files]
    return Set(
        names=[file.stem for file in files],
        recordings=recordings,
        scripts=[Script(Voices(r, "pcm_s16le")) for r in recordings],
        turns=[read_turns(file.with_suffix(".json")) for file in files],
    )


async def curve(
    plan: Plan, calls: Sequence[int] | None, repeat: int
) -> AsyncGenerator[Level, None]:
    """The pooled figures of each number of calls; without `calls`, up to where finals are
    too late. With more than one repeat each number is measured again by a new server."""
    for count in calls or CURVE:
        level = await measure(plan, count)
        for _ in range(repeat - 1):
            level.add(await measure(plan, count))
        yield level
        if calls is None and percentile(level.final_s, 95) > TOO_SLOW_S:
            return


async def measure(plan: Plan, calls: int) -> Level:
    """So many simultaneous calls on a server of their own, at real speed."""
    recordings = plan.recordings
    level = Level(calls=calls)
    with one_error():
        async with (
            anyio.TemporaryDirectory(prefix="appliance-bench-") as folder,
            own_server(*plan.arguments, "--data-dir", folder, environ=plan.environ) as url,
            lent_token(Path(folder)) as token,
        ):
            crowd = Crowd(url, recordings.scripts, calls, token)
            watch = Watch(url, token=token)
            now_s = anyio.current_time()
            from_s = now_s + crowd.ramp_s + plan.warm_up_s
            to_s = from_s + recordings.window_s(calls, plan.seconds)
            async with anyio.create_task_group() as work:
                work.start_soon(watch.run, from_s, to_s)
                work.start_soon(_forget, crowd, from_s)
                await crowd.talk(to_s + COOL_DOWN_S - now_s)
            level.worst_late_s = crowd.metronome.worst_late_s
            level.unready_s = crowd.unready_s
            level.cost = watch.cost
    window = Window(from_s, to_s)
    for played in crowd.played:
        level.hear(played, recordings.turns[played.recording], window)
    return level


async def _forget(crowd: Crowd, from_s: float) -> None:
    await anyio.sleep_until(from_s)
    crowd.metronome.forget()
