"""What systemd is told of the service: ready, well, stopping; see sd_notify(3).

A datagram for each, to a socket that systemd names in the environment. Where it names none,
nothing is told.
"""

import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread
from typing import Self

import anyio

from appliance.cli.proof import Proof
from appliance.pipeline.box import Box

log = logging.getLogger(__name__)

# systemd kills what has not said that it is well for WatchdogSec. With so many tries within
# that, one that fails, or that a busy machine holds up, ends nothing.
TRIES = 4

# What a start may take from when this was last told, TimeoutStartSec of the unit. A record
# of a million calls takes longer to be brought up to date.
START_S = 300.0


class Manager:
    """The service manager of this process."""

    def __init__(self, address: str = "", watchdog_s: float = 0.0) -> None:
        """`address` of the socket, "" where nobody asks. `watchdog_s` after which silence
        is taken for death, 0 for never."""
        # A name in the abstract namespace is written with an @ in place of its first byte.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog_s = watchdog_s

    @classmethod
    def from_environ(cls, environ: MutableMapping[str, str] = os.environ) -> Self:
        """Takes what it reads out of `environ`: the model processes are not to answer."""
        address = environ.pop("NOTIFY_SOCKET", "")
        return cls(address, _watchdog_s(environ))

    def tell(self, **facts: str) -> None:
        """Such as `READY="1"`. Never raises: a service manager that does not listen must
        not end a call."""
        if not self._address:
            return
        text = "\n".join(f"{name}={value}" for name, value in facts.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                line.setblocking(False)  # one that hangs itself is not waited for
                line.sendto(text.encode(), self._address)
        except OSError as error:
            log.warning("systemd was not told %s: %s", ", ".join(facts), error)

    @contextmanager
    def waiting(self, doing: str) -> Iterator[None]:
        """While the start does what takes as long as it takes: its time is extended."""
        done = Event()
        told = {"STATUS": doing, "EXTEND_TIMEOUT_USEC": str(round(START_S * 1e6))}

        def extend() -> None:
            while not done.wait(START_S / TRIES):
                self.tell(**told)

        self.tell(**told)
        thread = Thread(target=extend, name="extending the start", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    async def assure(
        self, prove: Callable[[], Awaitable[None]], say: Callable[[], str]
    ) -> None:
        """Say that the service is well for as long as `prove` returns, and how it does.

        Until cancelled. `prove` raises OSError or TimeoutError where it is not well.
        """
        if not (self._address and self.watchdog_s):
            return
        each_s = self.watchdog_s / TRIES
        while True:
            try:
                with anyio.fail_after(each_s):
                    await prove()
                self.tell(WATCHDOG="1", STATUS=say())
            except (OSError, TimeoutError) as error:
                log.error(  # noqa: TRY400 - where it was raised says nothing
                    "the service does not answer itself: %s. After %.0f s of this systemd "
                    "starts it anew.",
                    str(error) or "no answer in time",
                    self.watchdog_s,
                )
            await anyio.sleep(each_s)


async def report(manager: Manager, box: Box, listener: socket.socket) -> None:
    """How the service at `listener` is, from when its models are proven or have said why
    not. Until cancelled."""
    await box.ready()
    manager.tell(READY="1")
    address = listener.getsockname()[:2]
    prove = Proof(address, box.store, secure=box.settings.tls.enabled)
    await manager.assure(prove, partial(_in_a_line, box))


def _in_a_line(box: Box) -> str:
    calls, parts = box.registry.stats(), box.parts
    record = "failing" if box.store.failing else "ok"
    return (
        f"{calls['active']} calls, {calls['waiting']} waiting; speech {parts.speech}, "
        f"suggestions {parts.suggestions}, record {record}"
    )


def _watchdog_s(environ: Mapping[str, str]) -> float:
    """Raises nothing: a value that is none counts as no watchdog."""
    pid, usec = environ.get("WATCHDOG_PID", ""), environ.get("WATCHDOG_USEC", "")
    if not usec.isdecimal() or pid not in ("", str(os.getpid())):
        return 0.0
    return int(usec) / 1_000_000
