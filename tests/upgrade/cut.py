"""`appliance upgrade` and `rollback` in a process that dies at a point that is chosen.

    python -m tests.upgrade.cut POINT COMMAND...

A point is anything that changes a disk, or starts a process, as Python's own audit events
tell: nothing in the code knows of it. Everything that was started dies as well, as when
power is lost. With POINT 0 it lives, and says on its last line how many points there were.
"""

import os
import signal
import sys

import typer

from appliance.cli.upgrade import rollback, upgrade
from appliance.errors import ApplianceError

CHANGES = {
    "os.rename",
    "os.remove",
    "os.symlink",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.chown",
    "os.truncate",
    "subprocess.Popen",
}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Cut:
    def __init__(self, point: int) -> None:
        self.point = point
        self.passed = 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            flags = arguments[2]
            if not (isinstance(flags, int) and flags & WRITES):
                return
        elif event not in CHANGES:
            return
        self.passed += 1
        if self.passed == self.point:
            os.killpg(0, signal.SIGKILL)


def main() -> None:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(upgrade)
    app.command()(rollback)
    cut = Cut(int(sys.argv.pop(1)))
    sys.addaudithook(cut)
    status = 0
    try:
        app(standalone_mode=False)
    except ApplianceError as error:
        typer.echo(f"Error: {error.problem}\nFix:   {error.fix}", err=True)
        status = 1
    typer.echo(cut.passed)
    sys.exit(status)


if __name__ == "__main__":
    main()
