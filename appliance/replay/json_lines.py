"""Everything the agent was told, one JSON object a line, written as it comes."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import msgspec
from anyio.streams.memory import MemoryObjectReceiveStream

from appliance.errors import ApplianceError
from appliance.replay.client import Told

# Some minutes of messages. A disk that is further behind is full or gone, and the file
# would lack what it was asked for: better to stop.
UNWRITTEN = 10_000


def json_line(told: Told) -> bytes:
    """The message in its wire form, with `received_ms` added."""
    fields = {**msgspec.json.decode(told.raw), "received_ms": round(told.received_ms, 1)}
    return msgspec.json.encode(fields) + b"\n"


@asynccontextmanager
async def json_lines(path: Path) -> AsyncGenerator[Callable[[Told], None], None]:
    """A function that writes one message, until the block ends.

    Raises ApplianceError if the file cannot be written, or not fast enough.
    """
    try:
        file = await anyio.open_file(path, "wb")
    except OSError as error:
        raise _trouble(path, str(error.strerror)) from error
    send, receive = anyio.create_memory_object_stream[bytes](UNWRITTEN)

    def put(told: Told) -> None:
        try:
            send.send_nowait(json_line(told))
        except anyio.WouldBlock as error:
            raise _trouble(path, "it is slower than the messages come") from error

    async with file, anyio.create_task_group() as tasks:
        tasks.start_soon(_write, path, file, receive)
        with send:
            yield put


async def _write(
    path: Path, file: anyio.AsyncFile[bytes], lines: MemoryObjectReceiveStream[bytes]
) -> None:
    try:
        async with lines:
            async for line in lines:
                await file.write(line)
                if not lines.statistics().current_buffer_used:
                    await file.flush()
    except OSError as error:
        raise _trouble(path, str(error.strerror)) from error


def _trouble(path: Path, why: str) -> ApplianceError:
    return ApplianceError(
        f"Cannot write {path}: {why}.",
        fix="Name another file with --json, on a local disk with room.",
    )
