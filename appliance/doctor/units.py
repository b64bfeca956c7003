"""What systemd thinks of the service, and of what it starts at night."""

import subprocess
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from appliance.doctor.finding import Finding, ok, soon, unknown, wrong
from appliance.doctor.site import Site
from appliance.kit.system import SERVICE, TIMERS

ANSWER_S = 10.0

# As `systemctl show` tells them: LoadState, UnitFileState, ActiveState.
States: TypeAlias = Mapping[str, str]

_JOBS = {timer: timer.replace(".timer", ".service") for timer in TIMERS}


def units(_site: Site) -> list[Finding]:
    names = (SERVICE, *_JOBS, *_JOBS.values())
    command = [
        "systemctl", "show", *names, "-p", "Id,LoadState,UnitFileState,ActiveState"
    ]  # fmt: skip
    try:
        said = subprocess.run(
            command, capture_output=True, text=True, timeout=ANSWER_S, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return [unknown("unit", "systemd does not answer here")]
    return judged(said)


def judged(said: str) -> list[Finding]:
    """What is to be said of what `systemctl show` printed of all these units."""
    told = {states["Id"]: states for states in _blocks(said) if "Id" in states}
    service = told.get(SERVICE, {})
    if service.get("LoadState") != "loaded":
        fix = "Copy systemd/appliance.service to /etc/systemd/system."
        return [soon("unit", f"{SERVICE} is not installed", fix)]
    faults = [
        fault
        for timer, job in _JOBS.items()
        for fault in _of_timer(timer, told.get(timer, {}), told.get(job, {}))
    ]
    return [_of_service(service), *(faults or [ok("timers", "backup and retention")])]


def _blocks(said: str) -> Iterator[States]:
    for block in said.split("\n\n"):
        yield dict(line.split("=", 1) for line in block.splitlines() if "=" in line)


def _of_service(states: States) -> Finding:
    active, enabled = _state(states)
    if active == "failed":
        fix = "`journalctl -u appliance` says why; then `systemctl reset-failed appliance`."
        return wrong("unit", f"{SERVICE} has failed", fix)
    if enabled != "enabled":
        fix = "`systemctl enable appliance` starts it with the machine."
        return soon("unit", f"{active}, but {enabled}", fix)
    return ok("unit", f"{active}, {enabled}")


def _of_timer(timer: str, states: States, job: States) -> Iterator[Finding]:
    active, enabled = _state(states)
    if (active, enabled) != ("active", "enabled"):
        said = f"{timer} is {active}, {enabled}"
        yield soon("timers", said, f"`systemctl enable --now {timer}` turns it on.")
    if _state(job)[0] == "failed":
        name = _JOBS[timer].removesuffix(".service")
        said = f"{_JOBS[timer]} failed when it last ran"
        yield wrong("timers", said, f"`journalctl -u {name}` says why.")


def _state(states: States) -> tuple[str, str]:
    # Of a unit that is not installed, systemd says no more than that it is inactive.
    return states.get("ActiveState", "?"), states.get("UnitFileState") or "not installed"
