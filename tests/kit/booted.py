"""A root of its own with a systemd that is booted: pid 1 of a container without a network.

Unified control groups, and the right to filter packets by them, which systemd-nspawn gives
only to whom it is told to: IPAddressDeny= would be in no force, and nothing would say so.
For root alone.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

PACKAGES = ("systemd-sysv", "dbus", "libgomp1")
ENVIRON = (
    "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LANG=C.UTF-8",
)

BOOT_S = 60.0

GROUPS = Path("/sys/fs/cgroup")
HIERARCHIES = (GROUPS, GROUPS / "unified", GROUPS / "systemd")


class Machine:
    """One that runs."""

    def __init__(self, leader: int) -> None:
        self._leader = leader

    def run(
        self, *command: str, limit_s: float | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """What the command said there. Raises TimeoutExpired."""
        return subprocess.run(
            [*self._within(), *command],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=limit_s,
            check=False,
        )

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """Without waiting for it."""
        return subprocess.Popen(
            [*self._within(), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _within(self) -> list[str]:
        spaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root"]
        enter = ["nsenter", "--target", str(self._leader), *spaces, "--wd"]
        return [*enter, "/usr/bin/env", "-i", *ENVIRON]


def permitted() -> bool:
    return os.getuid() == 0 and shutil.which("systemd-nspawn") is not None


@contextmanager
def booted(root: Path, kits: Sequence[Path], console: Path) -> Iterator[Machine]:
    """One that is up; off again afterwards. The kits lie in /kit, each by its name; what is
    said on the console goes to a file."""
    grants = ["--capability=all", "--system-call-filter=bpf", "--private-network"]
    binds = [f"--bind-ro={kit}:/kit/{kit.name}" for kit in kits]
    alone = ["--register=no", "--keep-unit", "--boot", "--quiet", *grants, *binds]
    # It wants a terminal; without one it says nothing and waits for ever.
    command = ["script", "--quiet", "--flush", "--return", "--command"]
    nspawn = " ".join(["exec systemd-nspawn", f"--directory={root}", *alone])
    with subprocess.Popen(
        [*command, nspawn, str(console)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
        start_new_session=True,
    ) as container:
        try:
            machine = _up(container.pid, console)
            yield machine
        finally:
            _off(container)


def _up(container: int, console: Path) -> Machine:
    until = time.monotonic() + BOOT_S
    while time.monotonic() < until:
        if leader := _leader(container):
            machine = Machine(leader)
            said = machine.run("systemctl", "is-system-running", "--wait").stdout.strip()
            if said in ("running", "degraded"):
                return machine
        time.sleep(0.2)
    raise TimeoutError(f"systemd is not up: {console.read_text()[-2000:]}")


def _leader(container: int) -> int:
    """Its pid 1, as this machine numbers it; 0 before there is one."""
    for process in psutil.Process(container).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if process.name() == "systemd":
                return int(process.pid)
    return 0


def _off(container: "subprocess.Popen[bytes]") -> None:
    """As a power cut would have it: what has to be in order was stopped before."""
    parts = psutil.Process(container.pid).children(recursive=True)
    for process in parts:
        # Each: its pid 1 outlives a systemd-nspawn that is killed.
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(parts, timeout=BOOT_S)
    container.wait(BOOT_S)
    for hierarchy in HIERARCHIES:
        for name in ("payload", "supervisor"):
            _remove(hierarchy / name)


def _remove(group: Path) -> None:
    """A control group that nspawn has left, empty, with all below it."""
    if group.is_dir():
        for folder, _, _ in sorted(os.walk(group), reverse=True):
            with suppress(OSError):  # somebody else's is in use
                Path(folder).rmdir()
