"""What works and what does not, for load balancers and for people."""

import os

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from appliance import __version__
from appliance.pipeline.box import Box
from appliance.server.answers import answer
from appliance.server.loop import LoopProbe, late_ms
from appliance.transcriber.usage import Usage
from appliance.workers.supervisor import Worker


class PartHealth(Struct, frozen=True, kw_only=True):
    state: str
    problem: str | None = None
    fix: str | None = None
    restarts: int = 0
    pid: int | None = None


class LoopHealth(Struct, frozen=True, kw_only=True):
    """How late the event loop was since the start; see `appliance.server.loop`."""

    p50_ms: float
    p99_ms: float
    counts: list[int]


class Health(Struct, frozen=True, kw_only=True):
    """`ok` means that calls are served in full; a call is relayed even if it is false."""

    appliance: str  # version
    ok: bool
    speech: str
    suggestions: str
    record: str
    lag_ms: int
    calls: dict[str, int]
    pid: int
    parts: dict[str, PartHealth]
    loop: LoopHealth
    engine: Usage | None  # None: speech is switched off


async def healthz(box: Box, probe: LoopProbe, _request: Request) -> Response:
    """200 if all that is switched on works, else 503 with the reasons."""
    models = box.models
    parts = {name: PartHealth(state="off") for name in ("vad", "speech", "language")}
    if models.speech is not None:
        del parts["speech"]  # its processes are listed one by one
    parts |= {worker.spec.name: _part(worker) for worker in models.all()}
    parts["record"] = PartHealth(
        state="failing" if box.store.failing else "live", problem=box.store.problem
    )
    states = (box.parts.speech, box.parts.suggestions)
    ok = not box.store.failing and not {"paused"} & set(states)
    body = Health(
        appliance=__version__,
        ok=ok,
        speech=box.parts.speech,
        suggestions=box.parts.suggestions,
        record=parts["record"].state,
        lag_ms=box.parts.lag_ms,
        calls=box.registry.stats(),
        pid=os.getpid(),
        parts=parts,
        loop=LoopHealth(
            p50_ms=round(late_ms(probe.counts, 0.5), 1),
            p99_ms=round(late_ms(probe.counts, 0.99), 1),
            counts=probe.counts,
        ),
        engine=box.parts.usage,
    )
    return answer(body, 200 if ok else 503)


def _part(worker: Worker) -> PartHealth:
    return PartHealth(
        state=worker.state,
        problem=worker.problem,
        fix=worker.fix,
        restarts=worker.restarts,
        pid=worker.pid,
    )
