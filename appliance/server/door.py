"""Where connections come in: TLS and plain http at one port, told apart by a byte.

People type the box's name and port, with http or https or neither. With one port whatever
they type reaches the box: a TLS handshake gets the app, anything else the plain app, which
answers nothing but where to go. uvicorn's own listening does either TLS or none, with a
context that is fixed at its start; so connections are accepted here, and given to uvicorn's
protocols once it is known what they speak.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import cast

import anyio
import uvicorn
from anyio.abc import TaskGroup

log = logging.getLogger(__name__)

# The first byte of a TLS handshake record (RFC 8446, 5.1); no http method begins with it.
HANDSHAKE = b"\x16"

# For the first byte, and for the handshake. A browser needs a round trip for each.
PATIENCE_S = 10.0

# Who is gone without a word does not answer a goodbye either.
GOODBYE_S = 2.0

# Connections that have not said yet what they want. One more, and the one that has been
# silent for longest goes: whoever opens many and says nothing keeps nobody out.
STRANGERS = 256

# Without a free file descriptor each accept fails at once, over and over.
ACCEPT_AGAIN_S = 1.0


class Door(uvicorn.Server):
    """uvicorn with listening sockets of ours. Leaves signals alone: uvicorn raises SIGTERM
    again once its sockets are closed, and the process would end before its calls have ended
    in the record."""

    def __init__(
        self,
        config: uvicorn.Config,
        listeners: Sequence[socket.socket],
        context: Callable[[], ssl.SSLContext] | None = None,
        plain: uvicorn.Config | None = None,
    ) -> None:
        """`context` gives that of the next handshake; without it everything is plain, and
        goes to the app of `config`. `plain` has the app of those who speak no TLS."""
        super().__init__(config)
        self._listeners = listeners
        self._context = context
        self._plain = plain or config
        self._open = anyio.CancelScope()
        self._closed = anyio.Event()
        self._strangers = dict[socket.socket, anyio.CancelScope]()  # the oldest first

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Until `should_exit`."""
        async with anyio.create_task_group() as work:
            self._work = work
            await super().serve(sockets or [])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if not self._plain.loaded:
            self._plain.load()
        await super().startup(sockets)
        self._work.start_soon(self._welcome)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._open.cancel()
        await self._closed.wait()
        for listener in self._listeners:
            listener.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    # ------------------------------------------------------------------------

    async def _welcome(self) -> None:
        try:
            with self._open:
                async with anyio.create_task_group() as arriving:
                    for listener in self._listeners:
                        listener.setblocking(False)
                        arriving.start_soon(self._accept, listener, arriving)
        finally:
            self._closed.set()

    async def _accept(self, listener: socket.socket, arriving: TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listener)
            except OSError as error:
                log.warning("cannot accept connections: %s", error.strerror)
                await anyio.sleep(ACCEPT_AGAIN_S)
                continue
            if len(self._strangers) >= STRANGERS:
                self._strangers.pop(next(iter(self._strangers))).cancel()
            scope = self._strangers[connection] = anyio.CancelScope()
            arriving.start_soon(self._let_in, connection, scope)

    async def _let_in(self, connection: socket.socket, scope: anyio.CancelScope) -> None:
        ours = True  # until uvicorn's protocol has it
        try:
            with scope, anyio.move_on_after(2 * PATIENCE_S):
                secure = await self._speaks_tls(connection)
                ours = False
                await self._hand_over(connection, secure)
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError
            # Somebody left, or does not trust us yet: their screen says so.
            log.debug("no connection: %s", error)
        finally:
            self._strangers.pop(connection, None)
            if ours:
                connection.close()

    async def _speaks_tls(self, connection: socket.socket) -> bool:
        if self._context is None:
            return False
        with anyio.fail_after(PATIENCE_S):
            await anyio.wait_readable(connection)
        # Left where it is: whoever reads the connection reads it from its first byte.
        return connection.recv(1, socket.MSG_PEEK) == HANDSHAKE

    async def _hand_over(self, connection: socket.socket, secure: bool) -> None:
        config = self.config if secure else self._plain
        # What uvicorn types as a class is made by name for each connection, as it does.
        make = cast(Callable[..., asyncio.Protocol], config.http_protocol_class)
        protocol = partial(
            make,
            config=config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        loop = asyncio.get_running_loop()
        if secure and self._context is not None:
            transport, _ = await loop.connect_accepted_socket(
                protocol,
                connection,
                ssl=self._context(),
                ssl_handshake_timeout=PATIENCE_S,
                ssl_shutdown_timeout=GOODBYE_S,
            )
            # By default TLS holds 512 KiB back for whoever reads slowly, 16 s of a voice,
            # beside the 64 KiB of the line beneath. Held back there, it is said at once.
            transport.set_write_buffer_limits(high=1, low=0)
        else:
            await loop.connect_accepted_socket(protocol, connection)
