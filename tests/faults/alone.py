"""A network that is this machine alone, in which the kernel counts what would leave it.

    python -m tests.faults.alone COMMAND...

runs COMMAND where there is nothing but loopback and fails if anything tried to go further,
in Python or in compiled code: each packet and each connection without a way out counts in
`OutNoRoutes`. A question to a name server is a datagram, even to one on loopback, and
nothing of ours sends any.
"""

import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

# linux/if.h, linux/sockios.h
UP_AND_RUNNING, SET_FLAGS = 0x1 | 0x40, 0x8914

# Of all sockets of a network namespace, since it was made.
COUNTERS = {
    "IpOutNoRoutes": "without a way out (IPv4)",
    "Ip6OutNoRoutes": "without a way out (IPv6)",
    "UdpOutDatagrams": "datagrams, as name servers are asked with",
    "Udp6OutDatagrams": "datagrams (IPv6)",
}

REPORT = "ALONE_REPORT"  # names the file that the counts go to
THIS = [sys.executable, "-m", "tests.faults.alone"]

WHY_NOT = "needs unshare, and the right to make a network namespace"


class Left(Struct, frozen=True):
    """What tried to leave, by the kernel's name of the counter."""

    counts: dict[str, int]

    @property
    def nothing(self) -> bool:
        return not any(self.counts.values())

    def __str__(self) -> str:
        return ", ".join(f"{n} {COUNTERS[name]}" for name, n in self.counts.items())


@cache
def namespace() -> list[str]:
    """What makes one around the command behind it; empty where nobody may."""
    if shutil.which("unshare") is None:
        return []
    for command in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        tried = subprocess.run([*command, "true"], capture_output=True, check=False)
        if tried.returncode == 0:
            return command
    return []


def counted(
    command: Sequence[str], report: Path, environ: Mapping[str, str]
) -> tuple[subprocess.CompletedProcess[str], Left]:
    """Run it alone, where `namespace` is not empty; `report` is a file to use."""
    done = subprocess.run(
        [*namespace(), *THIS, *command],
        env={**environ, REPORT: str(report)},
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    return done, Left(json.loads(report.read_text()))


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        wish = struct.pack("16sH14s", b"lo", UP_AND_RUNNING, b"")
        fcntl.ioctl(any_socket, SET_FLAGS, wish)


def _count() -> Left:
    """Since the network was made."""
    lines = Path("/proc/net/snmp").read_text().splitlines()
    found = {}
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        layer = names.partition(":")[0]
        pairs = zip(names.split()[1:], values.split()[1:], strict=True)
        found.update({f"{layer}{name}": int(value) for name, value in pairs})
    for line in Path("/proc/net/snmp6").read_text().splitlines():
        name, value = line.split()
        found[name] = int(value)
    return Left({name: found.get(name, 0) for name in COUNTERS})


def _within(command: Sequence[str]) -> int:
    _loopback_up()
    before = _count().counts
    status = subprocess.run(command, check=False).returncode
    left = Left({name: n - before[name] for name, n in _count().counts.items()})
    if report := os.environ.get(REPORT):
        Path(report).write_text(json.dumps(left.counts))
        return status
    print(f"Tried to leave this machine: {left}.")  # noqa: T201 - a tool of the command line
    return status or int(not left.nothing)


def main(command: Sequence[str]) -> int:
    only_loopback = [name for _, name in socket.if_nameindex()] == ["lo"]
    if only_loopback:
        return _within(command)
    if namespace():
        os.execvp("unshare", [*namespace(), *THIS, *command])
    print(f"This {WHY_NOT}.", file=sys.stderr)  # noqa: T201 - as above
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
