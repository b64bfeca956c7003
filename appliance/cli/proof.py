"""Whether the service still does what it is for, asked as somebody from outside would."""

import ssl
import time
from contextlib import suppress

import anyio
from anyio.abc import ByteStream

from appliance.address import local_host
from appliance.errors import StoreError
from appliance.store.writer import Store

# A disk that hangs for minutes is no reason to end the calls that still go on: a process
# that waits for it could not be ended anyway. One that hangs for longer may be a fault of
# ours, which a new start heals.
RECORD_S = 300.0
RECORD_ANSWERS_S = 2.0  # waited for each time


class Proof:
    """Through the front door like everybody: the address, the handshake, the limits, the
    routes and the event loop behind them; and through the thread that keeps the record.
    The model processes are watched where they are started, and started again alone."""

    def __init__(self, address: tuple[str, int], store: Store, *, secure: bool) -> None:
        host, port = address
        self._address = (local_host(host), port)
        self._context = _anyone() if secure else None
        self._store = store
        self._recorded_s = time.monotonic()

    async def __call__(self) -> None:
        """Raises OSError or TimeoutError."""
        answer = await self._ask()
        # Whatever it thinks of itself, it answers.
        if not answer.startswith(b"HTTP/1.1 "):
            raise ConnectionError(f"/healthz was answered with {answer!r}")
        with anyio.move_on_after(RECORD_ANSWERS_S):
            await self._record()
        if time.monotonic() - self._recorded_s > RECORD_S:
            raise TimeoutError(f"the record has not answered for {RECORD_S:.0f} s")

    async def _ask(self) -> bytes:
        host, port = self._address
        stream: ByteStream
        if self._context is None:
            stream = await anyio.connect_tcp(host, port)
        else:
            stream = await anyio.connect_tcp(
                host, port, ssl_context=self._context, tls_standard_compatible=False
            )
        async with stream:
            name = f"[{host}]" if ":" in host else host
            lines = ["GET /healthz HTTP/1.1", f"Host: {name}:{port}", "Connection: close"]
            try:
                await stream.send("\r\n".join([*lines, "", ""]).encode("ascii"))
                return await stream.receive(64)
            except (anyio.EndOfStream, anyio.BrokenResourceError) as error:
                raise ConnectionError("/healthz was not answered") from error

    async def _record(self) -> None:
        # What is wrong with the disk is told elsewhere: the record answers.
        with suppress(StoreError):
            await self._store.flush()
        self._recorded_s = time.monotonic()


def _anyone() -> ssl.SSLContext:
    """It asks itself: there is nobody in between, and a certificate that has run out is
    told elsewhere."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
