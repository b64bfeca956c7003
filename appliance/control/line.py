"""The control socket: the command line's way to what the server has open.

A Unix socket in the folder of accounts, which is its owner's alone. One JSON line in, one
JSON line out, then it closes; a command that lasts is over when who asked closes it.
Whoever can open it could open the files as well.
"""

import logging
import os
import pwd
import socket
import struct
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

import anyio
import msgspec
from anyio.abc import SocketAttribute, SocketListener, SocketStream
from anyio.streams.buffered import BufferedByteReceiveStream

from appliance.control.words import Answer, Command, Refused
from appliance.errors import ApplianceError, ProtocolError, StoreError

A = TypeVar("A", bound=Answer)

logger = logging.getLogger(__name__)

NAME = "control.sock"

# Ten thousand people to import, or two thousand rows of the log, fit in.
_MOST = 8 << 20
# Somebody who connects and says nothing holds one of these for so long.
_ASKING_S = 10.0
_AT_ONCE = 8

_AGAIN_S = 1.0

# What lasts, and whoever asked for it hangs: a copy of a terabyte takes less.
LASTS_S = 4 * 3600.0

_UCRED = struct.Struct("3i")  # pid, uid, gid


class NoServer(ApplianceError):
    """No server that runs has these accounts open."""


class CommandRefused(ApplianceError):
    """The server understood, and will not."""


def user_name(uid: int | None = None) -> str:
    """For the log: who uses the command line on this machine."""
    uid = os.getuid() if uid is None else uid
    try:
        return f"{pwd.getpwuid(uid).pw_name} on this machine"
    except KeyError:
        return f"user {uid} on this machine"


class Desk(Protocol):
    """Who does what is asked for."""

    @property
    def command(self) -> object:
        """The type of every command it knows: a union of Commands."""

    def performing(self, command: Any, actor: str) -> AbstractAsyncContextManager[Answer]:
        """Done, with the answer, once entered; over when left. Raises ApplianceError."""


@contextmanager
def asking(folder: Path, command: Command, answers: type[A]) -> Iterator[A]:
    """What the server says, for as long as the line is open. `answers` is the type of what
    is expected, or a union of them. Blocks. Raises NoServer if none runs here,
    CommandRefused, ProtocolError."""
    with _reachable(folder) as path, socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            raise NoServer(
                f"No server has the accounts in {folder} open.", fix="Start one."
            ) from None
        except OSError as error:
            raise ProtocolError(
                f"The server's control socket {folder / NAME} does not answer: "
                f"{error.strerror}.",
                fix="Run this as the user that the service runs as.",
            ) from error
        try:
            line.sendall(msgspec.json.encode(command) + b"\n")
            with line.makefile("rb") as told:
                said = msgspec.json.decode(told.readline(), type=answers | Refused)
        except (OSError, msgspec.MsgspecError) as error:
            raise ProtocolError(
                "The server's answer cannot be read.",
                fix="Use the command line of the version that runs; restart the service "
                "after an update.",
            ) from error
        if isinstance(said, Refused):
            raise CommandRefused(said.problem, fix=said.fix)
        yield said


def ask(folder: Path, command: Command, answers: type[A]) -> A:
    """The same, of a command that does not last."""
    with asking(folder, command, answers) as said:
        return said


def is_served(folder: Path) -> bool:
    """Whether a server runs that has these accounts open."""
    try:
        with _reachable(folder) as path, socket.socket(socket.AF_UNIX) as line:
            return line.connect_ex(path) == 0
    except NoServer:
        return False


@contextmanager
def listening(folder: Path) -> Iterator[socket.socket]:
    """The socket in place, for `serve`. Only for who has the file of accounts open.

    Raises StoreError if it cannot be made.
    """
    with _reachable(folder) as path, socket.socket(socket.AF_UNIX) as listener:
        try:
            # Left by a server that was killed: none runs, we hold the file.
            Path(path).unlink(missing_ok=True)
            listener.bind(path)
            Path(path).chmod(0o600)
            listener.listen(_AT_ONCE)
        except OSError as error:
            raise StoreError(
                f"The control socket {folder / NAME} cannot be made: {error.strerror}.",
                fix=f"Give {folder} to the user the service runs as.",
            ) from error
        try:
            yield listener
        finally:
            Path(path).unlink(missing_ok=True)


async def serve(listener: socket.socket, desk: Desk) -> None:
    """Answer until cancelled."""
    # The others wait.
    limiter = anyio.CapacityLimiter(_AT_ONCE)

    async def one(stream: SocketStream) -> None:
        # Who does not wait for the answer has had it done all the same.
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            async with stream, limiter:
                await _answer(stream, desk)

    server = await SocketListener.from_socket(listener)
    async with server, anyio.create_task_group() as work:
        while True:
            try:
                work.start_soon(one, await server.accept())
            except anyio.BrokenResourceError as error:
                # Too many open files: no reason to end, and the calls with it.
                logger.warning("The control socket cannot be answered: %s", error.__cause__)
                await anyio.sleep(_AGAIN_S)


async def _answer(stream: SocketStream, desk: Desk) -> None:
    try:
        with anyio.fail_after(_ASKING_S):
            line = await _line(stream)
        command: Command = msgspec.json.decode(line, type=desk.command)
        async with desk.performing(command, user_name(_peer(stream))) as answer:
            await _tell(stream, answer)
            if command.lasts:
                with anyio.move_on_after(LASTS_S):
                    await _closed(stream)
    except ApplianceError as error:
        await _tell(stream, Refused(problem=error.problem, fix=error.fix))
    except (TimeoutError, anyio.IncompleteRead, anyio.DelimiterNotFound):
        return
    except msgspec.MsgspecError as error:
        refusal = Refused(
            problem=f"The server does not know this command: {error}.",
            fix="Use the command line of the version that runs; restart the service "
            "after an update.",
        )
        await _tell(stream, refusal)


async def _tell(stream: SocketStream, answer: Answer) -> None:
    await stream.send(msgspec.json.encode(answer) + b"\n")


async def _closed(stream: SocketStream) -> None:
    """Return once the other side has closed the line, or has died."""
    with suppress(anyio.EndOfStream, anyio.BrokenResourceError):
        while True:
            await stream.receive()


async def _line(stream: SocketStream) -> bytes:
    return await BufferedByteReceiveStream(stream).receive_until(b"\n", _MOST)


def _peer(stream: SocketStream) -> int:
    raw: socket.socket = stream.extra(SocketAttribute.raw_socket)  # noqa: S610 - anyio's
    told = raw.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    return int(_UCRED.unpack(told)[1])


@contextmanager
def _reachable(folder: Path) -> Iterator[str]:
    """A name of the socket that is short enough, wherever the folder is: 108 bytes."""
    try:
        handle = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    except FileNotFoundError:
        raise NoServer(f"There are no accounts in {folder}.", fix="Start one.") from None
    except OSError as error:
        raise StoreError(
            f"The folder of accounts {folder} cannot be entered: {error.strerror}.",
            fix="Run this as the user that the service runs as.",
        ) from error
    try:
        yield f"/proc/self/fd/{handle}/{NAME}"
    finally:
        os.close(handle)
