"""Can this machine take the kit: looked at before anything is written, and told at once."""

import os
import platform
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from appliance.errors import KitError
from appliance.kit.listing import Listing

CPU = Path("/proc/cpuinfo")
MEMORY = Path("/proc/meminfo")
SYSTEM = Path("/etc/os-release")

# A clock that is set by hand may be off by minutes; one without a battery by years.
CLOCK_SLACK_S = 24 * 3600
# Nobody installs a kit that is so old: rather the clock is wrong.
KIT_AGE_S = 15 * 365 * 24 * 3600

PROBE_S = 30.0


@dataclass(frozen=True)
class Trouble:
    problem: str
    fix: str


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What was found. Names as in /proc and `uname`."""

    platform: str
    system: str  # for people: "Debian GNU/Linux 12 (bookworm)"
    glibc: str  # "" where it has another C library
    processor: frozenset[str]  # flags; empty where it does not tell
    memory_mb: int  # 0 where it does not tell
    free_mb: dict[Path, int]  # of the disks that are written to
    now: float  # s since 1970, by its clock
    pythons: dict[str, Path]  # that work: "3.11" and where


def look(listing: Listing, folders: tuple[Path, ...]) -> Machine:
    """At this machine; `folders` are those that will be written to."""
    name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    return Machine(
        platform=f"{platform.system()}-{platform.machine()}",
        system=_system(),
        glibc=version if name == "glibc" else "",
        processor=frozenset(flags()),
        memory_mb=memory_mb(),
        free_mb={folder: _free_mb(folder) for folder in folders},
        now=time.time(),  # noqa: TID251 - the wall clock itself is what is looked at
        pythons=dict(_pythons(listing.pythons)),
    )


def flags(source: Path = CPU) -> set[str]:
    """What the processor says it can; empty where that cannot be read."""
    try:
        lines = source.read_text().splitlines()
    except OSError:
        return set()
    return set(next((line for line in lines if line.startswith("flags")), "").split())


def memory_mb(source: Path = MEMORY) -> int:
    """In MiB; 0 where it cannot be read."""
    return _amount("MemTotal", source)


def available_mb(source: Path = MEMORY) -> int:
    """What a program could have; in MiB, 0 where it cannot be read."""
    return _amount("MemAvailable", source)


def _amount(name: str, source: Path) -> int:
    try:
        amounts = dict(line.split(":", 1) for line in source.read_text().splitlines())
        return int(amounts[name].split()[0]) // 1024
    except (OSError, KeyError, ValueError):
        return 0


def _system() -> str:
    try:
        lines = SYSTEM.read_text().splitlines()
    except OSError:
        return platform.platform()
    facts = dict(line.split("=", 1) for line in lines if "=" in line)
    return facts.get("PRETTY_NAME", "Linux").strip('"')


def _free_mb(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 1_000_000


def _pythons(wanted: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """The system's before any other: it goes with the system's updates."""
    for version in wanted:
        for folder in ("/usr/bin", *os.environ.get("PATH", "").split(":")):
            path = Path(folder, f"python{version}")
            if path.is_file() and _is_whole(path, version):
                yield version, path
                break


def _is_whole(python: Path, version: str) -> bool:
    """Debian has a Python without the half of it that makes environments."""
    asked = "import ssl, venv, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        said = subprocess.run(
            [python, "-I", "-c", asked], capture_output=True, text=True, timeout=PROBE_S
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return said.returncode == 0 and said.stdout.strip() == version


def require(machine: Machine, listing: Listing) -> None:
    """Raises KitError with all that is wrong."""
    found = list(troubles(machine, listing))
    if found:
        raise KitError(
            " ".join(trouble.problem for trouble in found),
            fix=" ".join(trouble.fix for trouble in found),
        )


def troubles(machine: Machine, listing: Listing) -> Iterator[Trouble]:
    yield from _of_system(machine, listing)
    yield from _of_python(machine, listing)
    yield from _of_size(machine, listing)
    yield from _of_clock(machine, listing)


def _of_system(machine: Machine, listing: Listing) -> Iterator[Trouble]:
    if machine.platform != listing.platform:
        yield Trouble(
            f"This machine is {machine.platform}; the kit is for {listing.platform}.",
            "Take a kit that was made on such a machine.",
        )
        return
    if _numbers(machine.glibc) < _numbers(listing.glibc):
        has = f"glibc {machine.glibc}" if machine.glibc else "no glibc"
        yield Trouble(
            f"{machine.system} has {has}; the kit's libraries need {listing.glibc}.",
            "Install Debian 12 or Ubuntu 24.04, or make the kit on a system of this age.",
        )
    lacks = [flag for flag in listing.processor if flag not in machine.processor]
    if lacks and machine.processor:
        yield Trouble(
            f"The processor has no {', '.join(lacks)}, which the kit was built for.",
            "Take another machine; have a virtual one show its processor as it is "
            "(`cpu host`); or make the kit with an older --processor.",
        )


def _of_python(machine: Machine, listing: Listing) -> Iterator[Trouble]:
    if not machine.pythons:
        wanted = " or ".join(listing.pythons)
        first = listing.pythons[0]
        yield Trouble(
            f"{machine.system} has no Python {wanted} with its venv module.",
            f"`apt install python{first}` from the system's own medium (Debian 12 has "
            "3.11, Debian 13 3.13, Ubuntu 24.04 3.12; Ubuntu 22.04 has 3.11 in "
            "universe), or make the kit with --python for the one that is here.",
        )


def _of_size(machine: Machine, listing: Listing) -> Iterator[Trouble]:
    for folder, free_mb in machine.free_mb.items():
        if free_mb < listing.disk_mb:
            yield Trouble(
                f"The disk of {folder} has {free_mb} MB free of {listing.disk_mb} needed.",
                f"Free some space there, or mount a larger disk at {folder}.",
            )
    if 0 < machine.memory_mb < listing.memory_mb:
        yield Trouble(
            f"The machine has {machine.memory_mb} MB of memory; the models and the server "
            f"take {listing.memory_mb}.",
            "Add memory, or make the kit with smaller --models.",
        )


def _of_clock(machine: Machine, listing: Listing) -> Iterator[Trouble]:
    if not -CLOCK_SLACK_S <= machine.now - listing.made <= KIT_AGE_S:
        clock = time.strftime("%Y-%m-%d %H:%M", time.gmtime(machine.now))
        made = time.strftime("%Y-%m-%d", time.gmtime(listing.made))
        yield Trouble(
            f"The clock says {clock} UTC; the kit is of {made}.",
            "Set it: `timedatectl set-time`. Certificates and the record depend on it.",
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
