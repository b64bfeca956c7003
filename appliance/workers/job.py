"""One piece of work on its way through model processes, and its replies."""

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from appliance.errors import WorkerError

# Replies that one job's reader has not taken yet. Advice has at most some dozens; a reader
# that far behind is gone, and its job is ended.
UNREAD_REPLIES = 256


class Job:
    def __init__(self, job_id: int, payload: bytes) -> None:
        self.id = job_id
        self.payload = payload
        self.lives = 0  # processes that died while holding it
        self.answered = False
        self.done = False
        send, receive = anyio.create_memory_object_stream[bytes | WorkerError](
            UNREAD_REPLIES
        )
        self.send: MemoryObjectSendStream[bytes | WorkerError] = send
        self.receive: MemoryObjectReceiveStream[bytes | WorkerError] = receive

    def give(self, reply: bytes | WorkerError, *, last: bool) -> None:
        """Pass a reply on to the reader; never waits."""
        if self.done:
            return
        self.answered = True
        try:
            self.send.send_nowait(reply)
        except (anyio.WouldBlock, anyio.BrokenResourceError):
            last = True
        if last:
            self.done = True
            self.send.close()

    def close(self) -> None:
        self.receive.close()
        self.send.close()
