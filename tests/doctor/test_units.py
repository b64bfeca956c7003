"""What the doctor makes of what systemd tells."""

import pytest

from appliance.doctor.units import judged
from appliance.kit.system import SERVICE, TIMERS

BACKUP, RETENTION = TIMERS
JOBS = [timer.replace(".timer", ".service") for timer in TIMERS]

WELL = {
    SERVICE: ("loaded", "enabled", "active"),
    **dict.fromkeys(TIMERS, ("loaded", "enabled", "active")),
    **dict.fromkeys(JOBS, ("loaded", "static", "inactive")),
}


def told(**changed: tuple[str, str, str]) -> str:
    """As `systemctl show` prints it, with some units in another state."""
    states = WELL | {name.replace("_", "-"): state for name, state in changed.items()}
    return "\n".join(
        f"Id={name}\nLoadState={load}\nActiveState={active}\nUnitFileState={enabled}\n"
        for name, (load, enabled, active) in states.items()
    )


def test_where_all_is_well_it_says_so() -> None:
    assert [(one.state, one.what) for one in judged(told())] == [
        ("ok", "unit"),
        ("ok", "timers"),
    ]


@pytest.mark.parametrize(
    ("name", "state", "found", "fix"),
    [
        (SERVICE, ("not-found", "", "inactive"), "is not installed", "Copy"),
        (SERVICE, ("loaded", "enabled", "failed"), "has failed", "reset-failed appliance"),
        (SERVICE, ("loaded", "disabled", "active"), "active, but disabled", "enable"),
        (BACKUP, ("loaded", "disabled", "inactive"), "inactive, disabled", "--now"),
        (BACKUP, ("not-found", "", "inactive"), "inactive, not installed", "--now"),
        (RETENTION, ("loaded", "enabled", "inactive"), "inactive, enabled", "--now"),
        (JOBS[0], ("loaded", "static", "failed"), "failed when it last", "journalctl"),
    ],
)
def test_what_is_not_as_installed_is_told_with_what_mends_it(
    name: str, state: tuple[str, str, str], found: str, fix: str
) -> None:
    [fault] = [one for one in judged(told(**{name: state})) if one.state != "ok"]
    assert found in fault.found
    assert fix in fault.fix


def test_each_fault_is_told() -> None:
    both = dict.fromkeys(TIMERS, ("loaded", "disabled", "inactive"))
    faults = judged(told(**both))
    assert [one.what for one in faults] == ["unit", "timers", "timers"]
