"""A real kit on a machine with a live systemd: what its units promise, one by one.

    python -m tests.load.systemd KIT [--next KIT] [--suite bookworm] [--root FOLDER]

Boots a Debian as a container without a network, installs KIT and asks systemd, and the
service through systemd, for each thing the units say. With --next there is an upgrade to
it, and back. FOLDER is a root that is used
again (see tests.kit.booted.PACKAGES). Prints a table; for root alone.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kit.booted import PACKAGES, Machine, booted, permitted
from tests.kit.clean_root import debian

SERVICE = "appliance.service"
UNITS = ("appliance", "appliance-backup", "appliance-retention", "appliance-upgrade")
MOST_EXPOSED = 2.0

# Models are loaded by a machine that may have other work as well.
WELL_S = 300.0
# The watchdog's minute, and half of one for a core dump.
HUNG_S = 60.0 + 30.0
STOP_S = 30.0

REPLAY = ("appliance", "replay", "--sample", "lost-bank-card", "--plain")
URL = ("--url", "https://127.0.0.1:8080")

# From an address that is this machine's own, and not let in.
REACH = """\
import socket, sys
with socket.socket() as one:
    one.settimeout(3)
    one.bind((sys.argv[1], 0))
    one.connect((sys.argv[1], 8080))
"""
ELSEWHERE = """\
import fcntl, socket, struct
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    where = struct.pack("16sHH4s8x", b"lo:1", socket.AF_INET, 0, bytes([10, 1, 0, 9]))
    fcntl.ioctl(any_socket, 0x8916, where)  # SIOCSIFADDR
"""


class Story:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.failed = False

    # ------------------------------------------------------------------ telling

    def row(self, what: str, do: Callable[[], str]) -> None:
        begun = time.monotonic()
        try:
            said, mark = do(), "ok"
        except (AssertionError, TimeoutError) as error:
            said, mark, self.failed = str(error), "WRONG", True
        print(
            f"| {what} | {mark} | {said} | {time.monotonic() - begun:.0f} s |", flush=True
        )

    def run(self, *command: str) -> str:
        done = self._machine.run(*command)
        said = f"{done.stdout}{done.stderr}"
        assert done.returncode == 0, f"`{' '.join(command)}`: {said.strip()[-300:]}"
        return done.stdout

    def shown(self, name: str, unit: str = SERVICE) -> str:
        return self.run("systemctl", "show", unit, "--value", f"--property={name}").strip()

    def until(self, what: str, is_so: Callable[[], bool], limit_s: float) -> float:
        """How long it took."""
        begun = time.monotonic()
        while not is_so():
            if time.monotonic() - begun > limit_s:
                raise TimeoutError(f"not {what} after {limit_s:.0f} s")
            time.sleep(0.5)
        return time.monotonic() - begun

    def is_up(self) -> bool:
        return self.shown("ActiveState") == "active"

    # ------------------------------------------------------------------ the service

    def install(self, kit: Path) -> str:
        said = self.run(f"/kit/{kit.name}/install")
        assert self.is_up(), self.run("systemctl", "status", SERVICE)
        [took] = re.findall(r"Installed in .*", said)
        return f"{took} `{self.shown('SubState')}`, `Type={self.shown('Type')}`"

    def call(self) -> str:
        said = self.run(*REPLAY, *URL)
        heard = said.count(" customer: ") + said.count(" agent: ")
        assert heard > 0, "nothing was transcribed"
        assert " advice: [" in said, "no advice"
        return f"{heard} turns, with advice"

    def status(self) -> str:
        said = self.run("appliance", "status")
        assert "all of it works" in said, said
        return said.splitlines()[0]

    def doctor(self) -> str:
        said = self._machine.run("appliance", "doctor").stdout.splitlines()
        wrong = [line for line in said if line.startswith(("wrong", "unknown"))]
        assert not wrong, "; ".join(wrong)
        soon = [line.split()[1] for line in said if line.startswith("soon")]
        return f"{len(said)} lines; soon: {', '.join(soon) or 'nothing'}"

    def watchdog(self) -> str:
        seen = self.shown("WatchdogTimestampMonotonic")
        took = self.until(
            "fed", lambda: self.shown("WatchdogTimestampMonotonic") != seen, 30.0
        )
        return f"fed again after {took:.0f} s; `{self.shown('StatusText')}`"

    def limits(self) -> str:
        asked = [f"{name}={self.shown(name)}" for name in ("MemoryMax", "TasksMax")]
        group = "/sys/fs/cgroup" + self.shown("ControlGroup")
        files = {"memory.max": "MemoryMax", "pids.max": "TasksMax"}
        for file, name in files.items():
            there = self._machine.run("cat", f"{group}/{file}")
            if there.returncode:
                asked.append(f"no {file} in this kernel's unified groups")
            else:
                assert there.stdout.strip() == self.shown(name), there.stdout
        return ", ".join(asked)

    def exposure(self) -> str:
        found = []
        for unit in UNITS:
            said = self.run("systemd-analyze", "security", "--no-pager", f"{unit}.service")
            [score] = re.findall(r"Overall exposure level for \S+: ([\d.]+)", said)
            assert float(score) <= MOST_EXPOSED, f"{unit}: {score}"
            found.append(f"{unit} {score}")
        return ", ".join(found)

    def filtered(self) -> str:
        self.run("python3", "-c", ELSEWHERE)
        self.run("python3", "-c", REACH, "127.0.0.1")
        done = self._machine.run("python3", "-c", REACH, "10.1.0.9")
        assert "TimeoutError" in done.stderr, f"it answers others: {done.stderr[-200:]}"
        return "127.0.0.1 reaches it, 10.1.0.9 does not"

    def let_in(self, kit: Path) -> str:
        self.run(f"/kit/{kit.name}/install", "--lan", "10.1.0.0/16")
        self.run("python3", "-c", REACH, "10.1.0.9")
        return "`install --lan 10.1.0.0/16`: 10.1.0.9 reaches it"

    def reload(self) -> str:
        pid = self.shown("MainPID")
        self.run("systemctl", "reload", SERVICE)
        assert (self.shown("MainPID"), self.is_up()) == (pid, True)
        return "the same process goes on"

    # ------------------------------------------------------------------ the night

    def backup(self) -> str:
        self.run("systemctl", "start", "appliance-backup.service")
        made = self.run("sh", "-c", "ls -d /var/lib/appliance/backups/*Z").split()
        size = self.run("du", "-sm", made[-1]).split()[0]
        inside = self.run("ls", f"{made[-1]}/data").split()
        assert "models" not in inside, f"{size} MB, with the models"
        assert self.shown("Result", "appliance-backup.service") == "success"
        return f"{Path(made[-1]).name}, {size} MB"

    def retention(self) -> str:
        self.run("systemctl", "start", "appliance-retention.service")
        assert self.shown("Result", "appliance-retention.service") == "success"
        return "a round was made"

    def timers(self) -> str:
        said = self.run("systemctl", "list-timers", "--no-pager", "--no-legend")
        due = [line.split()[-2] for line in said.splitlines() if "appliance" in line]
        assert len(due) == 2, said
        return f"due: {', '.join(due)}"

    # ------------------------------------------------------------------ faults

    def killed(self) -> str:
        return self._hurt("KILL", 30.0)

    def hung(self) -> str:
        return self._hurt("STOP", HUNG_S + 15.0)

    def _hurt(self, signal: str, limit_s: float) -> str:
        pid, before = self.shown("MainPID"), int(self.shown("NRestarts"))
        assert pid != "0", "it does not run"
        self.run("kill", f"-{signal}", pid)
        gone = self.until(
            "started again", lambda: self.shown("MainPID") not in (pid, "0"), limit_s
        )
        up = self.until("up", self.is_up, WELL_S)
        restarts = int(self.shown("NRestarts")) - before
        assert restarts == 1, f"{restarts} restarts"
        return f"started again after {gone:.0f} s, up after {up:.0f} more; 1 restart"

    def stopped_in_calls(self) -> str:
        with self._calling() as lines:
            begun = time.monotonic()
            self.run("systemctl", "stop", SERVICE)
            took = time.monotonic() - begun
            assert took < STOP_S, f"it took {took:.0f} s"
            assert self.shown("Result") == "success", self.shown("Result")
        self.run("systemctl", "start", SERVICE)
        heard = [line for line in lines if " customer: " in line or " agent: " in line]
        return (
            f"in order after {took:.1f} s, {len(heard)} turns told; `{lines[-1].strip()}`"
        )

    @contextmanager
    def _calling(self) -> Iterator[list[str]]:
        """While a call goes on, of which something was heard; what it said comes after."""
        player = self._machine.start(*REPLAY, *URL)
        assert player.stdout is not None
        lines: list[str] = []
        for line in player.stdout:
            lines.append(line)
            if " customer: " in line:
                break
        yield lines
        lines += player.stdout.read().splitlines()
        player.wait()

    # ------------------------------------------------------------------ upgrades

    def no_upgrade(self) -> str:
        self.run("systemctl", "start", "appliance-upgrade.service")
        assert self.shown("ConditionResult", "appliance-upgrade.service") == "no"
        return "without a journal it does nothing"

    def upgrade(self, kit: Path) -> str:
        self.run("appliance", "upgrade", f"/kit/{kit.name}", "--drain-minutes", "1")
        return self.status()

    def rollback(self) -> str:
        self.run("appliance", "rollback", "--set-aside", "--drain-minutes", "1")
        return self.status()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--next", type=Path)
    parser.add_argument("--suite", default="bookworm")
    parser.add_argument("--root", type=Path)
    given = parser.parse_args()
    if not permitted():
        sys.exit("This needs root, and systemd-nspawn (Debian: systemd-container).")
    with tempfile.TemporaryDirectory(prefix="appliance-root-") as folder:
        root = given.root or Path(folder)
        if not (root / "usr").exists():
            debian(root, given.suite, *PACKAGES)
        kits = [kit.absolute() for kit in (given.kit, given.next) if kit is not None]
        with booted(root, kits, Path(folder, "console")) as machine:
            story = Story(machine)
            print("| What | | Seen | Took |\n|---|---|---|---|")
            tell(story, *kits)
            if story.failed:
                print(machine.run("journalctl", "--unit", SERVICE, "--lines=40").stdout)
    sys.exit(story.failed)


def tell(story: Story, kit: Path, after: Path | None = None) -> None:
    story.row("installed, started by `Type=notify`", lambda: story.install(kit))
    if story.failed:
        return
    story.row("a call through the service", story.call)
    story.row("`appliance status`", story.status)
    story.row("the watchdog", story.watchdog)
    story.row("limits", story.limits)
    story.row("exposure, as it runs", story.exposure)
    story.row("`IPAddressDeny=any`", story.filtered)
    story.row("the network let in", lambda: story.let_in(kit))
    story.row("`systemctl reload`", story.reload)
    story.row("timers", story.timers)
    story.row("`appliance-backup.service`", story.backup)
    story.row("`appliance-retention.service`", story.retention)
    story.row("`appliance doctor`", story.doctor)
    story.row("killed", story.killed)
    story.row("hangs", story.hung)
    story.row("stopped in mid call", story.stopped_in_calls)
    story.row("`appliance-upgrade.service`", story.no_upgrade)
    if after is not None:
        story.row("upgraded", lambda: story.upgrade(after))
        story.row("rolled back", story.rollback)


if __name__ == "__main__":
    main()
