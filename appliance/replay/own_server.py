"""A server that a replay starts for itself, and stops again."""

import os
import re
import shutil
import signal
import sys
import threading
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from subprocess import DEVNULL

import anyio
from anyio.abc import Process

from appliance.errors import ApplianceError

# A whole line: the file may be read while it is being written.
READY = re.compile(r"^serving on (http\S+)\n", re.MULTILINE)
# Both models are loaded and proven first; on a slow disk that has taken a minute.
READY_S = 180.0
STOP_S = 20.0

# Runs the command behind it, and ends that when whoever started it is gone.
TETHER = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()

OWN = {"PYTHONUNBUFFERED": "1", "APPLIANCE_TLS_ENABLED": "false"}


def tether() -> tuple[str, ...]:
    """What to put before a command that is not to outlive this process, even if nobody can
    tell it to stop; nothing where the machine has no such thing."""
    # To the kernel the parent is the thread that forks: of another than the main one the
    # end says nothing about the process.
    return TETHER if threading.current_thread() is threading.main_thread() else ()


@asynccontextmanager
async def own_server(
    *arguments: str,
    program: tuple[str, ...] = (sys.executable, "-m", "appliance"),
    environ: Mapping[str, str] | None = None,
) -> AsyncGenerator[str, None]:
    """`appliance serve` on a free port of this machine; gives its URL once it is ready.

    It speaks plain http: nobody but this process knows of it, nothing leaves the machine,
    and what is measured on it stays comparable with what was before there was TLS.

    `arguments` go to `serve`, `environ` is added to its environment. Raises
    ApplianceError, with the server's last words, if it ends or says nothing for READY_S.
    """
    command = [*tether(), *program, "serve", "--port", "0", *arguments]
    async with anyio.NamedTemporaryFile(prefix="appliance-serve-", suffix=".log") as log:
        # What it says goes to a file, since a pipe nobody reads would stop it. A session
        # of its own, so that Ctrl-C reaches the replay alone and the server is stopped in
        # order.
        process = await anyio.open_process(
            command,
            stdin=DEVNULL,
            stdout=log.wrapped,
            stderr=log.wrapped,
            env=os.environ | OWN | dict(environ or {}),
            start_new_session=True,
        )
        async with process:
            try:
                yield await _ready(process, anyio.Path(str(log.wrapped.name)))
            finally:
                with anyio.CancelScope(shield=True):
                    await _stop(process)


async def _ready(process: Process, log: anyio.Path) -> str:
    with anyio.move_on_after(READY_S):
        while process.returncode is None:
            if ready := READY.search(await log.read_text()):
                return ready[1]
            await anyio.sleep(0.1)
    last_words = (await log.read_text()).strip().splitlines()[-3:]
    raise ApplianceError(
        f"The server did not start: {' / '.join(last_words) or 'it said nothing'}.",
        fix="Run `appliance serve` to see why, or name a running one with --url.",
    )


async def _stop(process: Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    with anyio.move_on_after(STOP_S):
        await process.wait()
        return
    # It leads its own process group, so its model processes go with it.
    os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
