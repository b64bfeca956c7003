"""What works and what does not, in figures: `/healthz` for people and load balancers, and
what `/metrics` tells again."""

import os
from typing import get_args

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from appliance import __version__
from appliance.airgap import fence
from appliance.errors import ApplianceError
from appliance.messages import Verdict
from appliance.pipeline.box import Box
from appliance.pipeline.parts import Reading
from appliance.pipeline.tally import Tally
from appliance.recordings.recorder import RoomFor
from appliance.server.answers import answer
from appliance.server.loop import LoopProbe, late_ms
from appliance.server.passes import pass_of
from appliance.server.policy import HEALTH
from appliance.tls.keeper import Keeper
from appliance.transcriber.scheduler import Load
from appliance.transcriber.usage import Usage
from appliance.workers.supervisor import Worker


class PartHealth(Struct, frozen=True, kw_only=True):
    state: str
    problem: str | None = None
    fix: str | None = None
    restarts: int = 0
    pid: int | None = None
    jobs: int = 0  # with the process, or waiting for it


class LoopHealth(Struct, frozen=True, kw_only=True):
    """How late the event loop was since the start; see `appliance.server.loop`."""

    p50_ms: float
    p99_ms: float
    counts: list[int]
    total_ms: float


class RecordingsHealth(Struct, frozen=True, kw_only=True):
    room: RoomFor | None  # None: nothing was to be recorded since the start
    calls: int  # that are recorded now
    verdicts: dict[str, int]  # of those that were put together since the start


class Health(Struct, frozen=True, kw_only=True):
    """`ok` means that calls are served in full; a call is relayed even if it is false."""

    appliance: str  # version
    ok: bool
    speech: str
    suggestions: str
    record: str
    load: Load
    lag_ms: int
    calls: dict[str, int]
    reading: Reading | None  # None: speech is switched off
    sockets: int
    advising: int  # calls whose advice is being written or waits
    outbound: int  # tries to reach anything outside of this machine, all refused
    pid: int
    parts: dict[str, PartHealth]
    recordings: RecordingsHealth
    loop: LoopHealth
    engine: Usage | None  # None: speech is switched off
    tally: Tally


class Wellness(Struct, frozen=True, kw_only=True):
    """What strangers are told."""

    ok: bool


async def healthz(
    box: Box, probe: LoopProbe, keeper: Keeper | None, request: Request
) -> Response:
    """200 if all that is switched on works, else 503; the reasons, versions and figures
    are for those who run the box."""
    health = look(box, probe, keeper)
    in_full = pass_of(request.scope).reach(f"{HEALTH} in full")
    return answer(health if in_full else Wellness(ok=health.ok), 200 if health.ok else 503)


def look(box: Box, probe: LoopProbe, keeper: Keeper | None = None) -> Health:
    """Everything that is told of the box's health, as of now."""
    parts = _parts(box)
    if keeper is not None:
        parts["certificate"] = _certificate(keeper)
    states = (box.parts.speech, box.parts.suggestions)
    return Health(
        appliance=__version__,
        ok=not box.store.failing and not {"paused"} & set(states),
        speech=box.parts.speech,
        suggestions=box.parts.suggestions,
        record=parts["record"].state,
        load=box.parts.load,
        lag_ms=box.parts.lag_ms,
        calls=box.registry.stats(),
        reading=box.parts.reading,
        sockets=box.sockets,
        advising=box.advising,
        pid=os.getpid(),
        parts=parts,
        loop=LoopHealth(
            p50_ms=round(late_ms(probe.counts, 0.5), 1),
            p99_ms=round(late_ms(probe.counts, 0.99), 1),
            counts=probe.counts,
            total_ms=round(probe.total_ms, 1),
        ),
        recordings=RecordingsHealth(
            room=box.archive.recorder.room,
            calls=box.recording,
            verdicts={name: box.archive.verdicts[name] for name in get_args(Verdict)},
        ),
        outbound=fence.attempts + sum(worker.outbound for worker in box.models.all()),
        engine=box.parts.usage,
        tally=box.tally,
    )


def _parts(box: Box) -> dict[str, PartHealth]:
    parts = {name: PartHealth(state="off") for name in ("vad", "speech", "language")}
    if box.models.speech is not None:
        del parts["speech"]  # its processes are listed one by one
    parts |= {worker.spec.name: _part(worker) for worker in box.models.all()}
    parts["record"] = PartHealth(
        state="failing" if box.store.failing else "live", problem=box.store.problem
    )
    parts["customers"] = _troubled(box.customers.problem)
    own = box.models.actions
    if own is not None and (own.classifier or own.problem):
        parts["actions"] = _troubled(own.problem)
    parts["recordings"] = _recordings(box)
    return parts


def _recordings(box: Box) -> PartHealth:
    """Calls are served whatever is told here: `ok` does not depend on it."""
    room = box.archive.recorder.room
    if room is None:
        return PartHealth(state="off")
    told = {
        "ok": PartHealth(state="live"),
        "filling": PartHealth(
            state="filling",
            problem=f"Recordings take {room.share:.0%} of the room they have.",
            fix="Make room on their disk, raise [recording] budget_gb, or keep less.",
        ),
    }
    refused = room.problem or "there is no room left"
    full = PartHealth(
        state=room.state,
        problem=f"Nothing is recorded: {refused}.",
        fix="Make room on the disk of the recordings, or raise [recording] budget_gb.",
    )
    return told.get(room.state, full)


def _certificate(keeper: Keeper) -> PartHealth:
    """Calls are served whatever is told here: `ok` does not depend on it."""
    return _troubled(keeper.problem)


def _troubled(trouble: ApplianceError | None) -> PartHealth:
    return PartHealth(
        state="failing" if trouble else "live",
        problem=trouble.problem if trouble else None,
        fix=trouble.fix if trouble else None,
    )


def _part(worker: Worker) -> PartHealth:
    return PartHealth(
        state=worker.state,
        problem=worker.problem,
        fix=worker.fix,
        restarts=worker.restarts,
        pid=worker.pid,
        jobs=worker.jobs,
    )
