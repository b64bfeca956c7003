"""Everything that is looked at, in the order in which a person would."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import anyio
from msgspec import Struct

from appliance.doctor import files, machine, service, units
from appliance.doctor.finding import Finding, ok, unknown, wrong
from appliance.doctor.site import Site
from appliance.errors import ApplianceError
from appliance.workers.supervisor import Worker

Check: TypeAlias = Callable[[Site], list[Finding]]

ALWAYS: tuple[Check, ...] = (
    machine.processor,
    machine.memory,
    machine.graphics,
    machine.clock,
    machine.disk,
    machine.disk_speed,
    files.models,
    files.certificate,
    files.backups,
    files.rules,
    units.units,
)
RUNNING: tuple[Check, ...] = (service.health, service.pages, service.reach)
STOPPED: tuple[Check, ...] = (service.port, files.databases)


def examine(site: Site, build: Callable[[], list[Worker]]) -> Iterator[Finding]:
    """Findings as they are made; blocks, a few seconds in all. `build` makes the model
    processes of the settings, which are proven where no service runs that has done so."""
    running = service.runs(site)
    for check in (*ALWAYS, *(RUNNING if running else STOPPED)):
        yield from _looked(check, site)
    if not running:
        yield from _looked(lambda _: _prove(build), site)


class Step(Struct, frozen=True, kw_only=True):
    """What one check has found, of so many that there are."""

    looked: int
    checks: int
    findings: tuple[Finding, ...]


def examine_beside(site: Site) -> Iterator[Step]:
    """The same for a service that is known to run; blocks."""
    checks = (*ALWAYS, *RUNNING)
    for looked, check in enumerate(checks, 1):
        found = tuple(_looked(check, site))
        yield Step(looked=looked, checks=len(checks), findings=found)


def _looked(check: Callable[[Site], list[Finding]], site: Site) -> list[Finding]:
    """One check that fails is a finding, and the others go on."""
    try:
        return check(site)
    except (ApplianceError, OSError, ValueError, service.NoAnswer) as error:
        name = getattr(check, "__name__", "").replace("_", " ")
        return [unknown(name, f"could not be looked at: {error}")]


def _prove(build: Callable[[], list[Worker]]) -> list[Finding]:
    """Each model, loaded and tried in a process of its own as the service does it."""
    try:
        workers = build()
    except ApplianceError as error:
        return [wrong("engines", error.problem, error.fix)]
    anyio.run(_settle, workers)
    return [_proven(worker) for worker in workers]


async def _settle(workers: list[Worker]) -> None:
    async with anyio.create_task_group() as running:
        for worker in workers:
            running.start_soon(worker.run)
        for worker in workers:
            await worker.settled()
        running.cancel_scope.cancel()


def _proven(worker: Worker) -> Finding:
    name = f"{worker.spec.name} engine"
    if worker.problem is None:
        return ok(name, "loads and answers")
    return wrong(name, worker.problem, worker.fix or "See the log.")
