"""The pipe between the server and a model process, without the pipe.

One frame is a little-endian header followed by a payload:

    u32 length of payload | u8 kind | u32 job id (0 where no job is meant) | payload

The parent sends START, JOB and CANCEL; the child answers READY or BROKEN, then REPLY,
LAST, REFUSED and BEAT.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from appliance.errors import WorkerError

HEADER = struct.Struct("<IBI")

# Milliseconds that the current step has taken, and tries to reach out that were refused.
BEAT = struct.Struct("<II")

# An hour-long transcript or a full batch of audio stays below 8 MB; a larger frame means
# that the two ends have lost step, and reading on would fill the memory.
MAX_PAYLOAD = 64 * 1024 * 1024


class Kind(IntEnum):
    START = 1  # payload: the engine's configuration
    JOB = 2
    CANCEL = 3
    READY = 4
    BROKEN = 5  # payload: JSON [problem, fix]; the engine could not be built
    REPLY = 6
    LAST = 7  # the job's last reply
    REFUSED = 8  # payload: the problem as text
    BEAT = 9  # payload: see BEAT


class Frame(NamedTuple):
    kind: Kind
    job_id: int
    payload: bytes


def pack(kind: Kind, job_id: int = 0, payload: bytes = b"") -> bytes:
    return HEADER.pack(len(payload), kind, job_id) + payload


class FrameParser:
    """Feed bytes in any pieces; take whole frames out."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Raises WorkerError when the bytes cannot be frames."""
        self._buffer += data
        while len(self._buffer) >= HEADER.size:
            size, kind, job_id = HEADER.unpack_from(self._buffer)
            if size > MAX_PAYLOAD or kind not in Kind.__members__.values():
                raise WorkerError(
                    f"The model process sent a frame of kind {kind} and {size} bytes.",
                    fix="It is restarted; if this repeats, reinstall with scripts/setup.",
                )
            end = HEADER.size + size
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[HEADER.size : end])
            del self._buffer[:end]
            yield Frame(Kind(kind), job_id, payload)
