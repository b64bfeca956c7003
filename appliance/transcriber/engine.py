"""The model as its process serves it: what costs one item, and what the process."""

from collections.abc import Callable

import msgspec

from appliance.transcriber.port import Decoded, DecodeJob, DecodeReply
from appliance.workers.one_by_one import OneByOne

# What the library raises for an item that it cannot compute.
REFUSED = (RuntimeError, ValueError, IndexError)


class GpuLost(Exception):
    """The process can use its GPU no more; another process can."""


def is_gpu_lost(error: RuntimeError) -> bool:
    """CUDA's errors stay: all later calls fail with the same, but for a lack of memory."""
    text = str(error)
    return text.startswith("CUDA failed") and "out of memory" not in text


# MKL and oneDNN, which compute for CTranslate2, where the system gives no more memory.
_NO_MEMORY = ("failed to allocate memory", "could not create a memory object")


def is_out_of_memory(error: RuntimeError) -> bool:
    """The system's, not the GPU's: this process may never get any again."""
    return any(sign in str(error) for sign in _NO_MEMORY)


def engine(model: Callable[[DecodeJob], list[Decoded]]) -> OneByOne:
    """Answers DecodeJobs with DecodeReplies."""

    def answer(payload: bytes) -> bytes:
        job = msgspec.msgpack.decode(payload, type=DecodeJob)
        try:
            return msgspec.msgpack.encode(DecodeReply(items=model(job)))
        except RuntimeError as error:
            if is_gpu_lost(error):
                raise GpuLost(str(error)) from error
            if is_out_of_memory(error):
                raise MemoryError(str(error)) from error
            raise

    return OneByOne(answer, refused=REFUSED)
