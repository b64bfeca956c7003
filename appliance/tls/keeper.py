"""The certificate of a running service: renewed in time, and taken over when it changes.

A new certificate comes as a new context for the handshakes to come. Lines that are open
keep theirs, and no call notices. The context in use is never changed: one that was loaded
half, as from a key and a certificate that do not fit, would end every handshake.
"""

import logging
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import anyio
import anyio.to_thread

from appliance.errors import TlsError
from appliance.tls.context import server_context
from appliance.tls.facts import Facts
from appliance.tls.keyring import Keyring

log = logging.getLogger(__name__)

LOOK_S = 5.0  # so soon after `tls import` new handshakes have it
RENEW_S = 3600.0  # between two looks at dates, at the clock and at this host's names


def utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)  # certificates have whole seconds


class Keeper:
    context: ssl.SSLContext
    served: Facts
    site: bool  # the certificate is a site's own, not the box's
    authority: Facts | None  # of the box; None while a site's own is served
    authority_pem: bytes
    problem: TlsError | None  # what somebody has to see to

    def __init__(self, keyring: Keyring, clock: Callable[[], datetime] = utc_now) -> None:
        """Makes what is missing, and loads it. Blocks. Raises TlsError if nothing can be
        served."""
        self.keyring = keyring
        self.clock = clock
        self._seen: list[tuple[int, int, int]] = []
        self.problem = self._renew()
        if self.problem is not None:
            log.warning("%s", self.problem)
        try:
            self._load()
        except TlsError as error:
            raise self.problem or error from error

    async def run(self) -> None:
        """Until cancelled."""
        renewed_s = time.monotonic()
        while True:
            await anyio.sleep(LOOK_S)
            due = time.monotonic() - renewed_s >= RENEW_S
            renewed_s = time.monotonic() if due else renewed_s
            await anyio.to_thread.run_sync(partial(self.look, renew=due))

    def look(self, *, renew: bool) -> None:
        """Take over what has changed in the folder, after renewing what is due. Blocks."""
        if not renew and self._files() == self._seen:
            return
        problem = self._renew()
        if self._files() != self._seen:
            try:
                self._load()
            except TlsError as error:
                problem = error
                self._seen = []  # tried again at the next look
        # Once, not at every look.
        if problem is not None and str(problem) != str(self.problem):
            log.warning("%s", problem)
        self.problem = problem

    def _renew(self) -> TlsError | None:
        """What goes wrong is told, not raised: what is there is served meanwhile."""
        try:
            reason = self.keyring.prepare(self.clock())
            if reason is not None:
                log.info("a new certificate was made: %s", reason)
            return self.keyring.trouble(self.clock())
        except TlsError as error:
            return error

    def _load(self) -> None:
        # Seen before it is read: what changes in between is loaded again.
        seen = self._files()
        keyring = self.keyring
        pair, context = keyring.served(), server_context(keyring.served_file)
        authority = None if keyring.has_site else keyring.authority()
        self.context = context
        self.served = pair.own
        self.site = keyring.has_site
        self.authority = authority.own if authority else None
        self.authority_pem = authority.certificates() if authority else b""
        self._seen = seen
        log.info(
            "serving the certificate of %s for %s until %s",
            "the site" if self.site else "the box's own authority",
            self.served.names,
            f"{self.served.dates.end:%Y-%m-%d}",
        )

    def _files(self) -> list[tuple[int, int, int]]:
        """Changes when one of the files does."""
        keyring = self.keyring
        found = []
        for file in (keyring.site_file, keyring.own_file, keyring.authority_file):
            try:
                seen = file.stat()
            except OSError:
                found.append((0, 0, 0))
            else:
                found.append((seen.st_ino, seen.st_mtime_ns, seen.st_size))
        return found
