"""The model process: reads jobs from the parent, steps the engine, sends replies.

Started as `python -m appliance.workers.child MODULE:FUNCTION FD`. The function gets the
START frame's payload and returns an Engine that has proved that its library works: a stock
build of a native library may die at its first instruction on some virtual machines, and
must do so here, before a call depends on it.
"""

import faulthandler
import importlib
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from appliance.airgap import fence
from appliance.errors import ApplianceError
from appliance.workers.frames import BEAT, Frame, FrameParser, Kind, pack
from appliance.workers.port import Engine, Refusal

BEAT_S = 0.5
READ_BYTES = 1 << 18

# Where memory runs out the kernel should take a model, which comes back by itself, and not
# the server, which holds the calls (range -1000..1000, higher dies first).
OOM_SCORE = "700"


OUT_OF_MEMORY = (
    "The model process ran out of memory.",
    "It is restarted by itself; if this repeats, choose a smaller model "
    "(`appliance models list`), or give it more memory.",
)


class Child:
    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self.inbox: SimpleQueue[Frame] = SimpleQueue()  # bounded by the parent's own limits
        self.sending = threading.Lock()
        self.step_started = 0.0  # monotonic s; 0 while no step runs

    def send(self, kind: Kind, job_id: int = 0, payload: bytes = b"") -> None:
        try:
            with self.sending:
                self.link.sendall(pack(kind, job_id, payload))
        except OSError:
            os._exit(0)  # the parent has gone, as `read` is about to find out

    def read(self) -> None:
        """Thread: jobs in. The parent's death ends this process, even in mid step."""
        parser = FrameParser()
        with suppress(OSError):  # a killed parent that left replies unread resets the link
            while data := self.link.recv(READ_BYTES):
                for frame in parser.feed(data):
                    self.inbox.put(frame)
        os._exit(0)

    def beat(self) -> None:
        """Thread: proof of life, with how long the current step has taken."""
        while True:
            started = self.step_started
            busy_ms = int((time.monotonic() - started) * 1000) if started else 0
            self.send(Kind.BEAT, 0, BEAT.pack(busy_ms, fence.attempts))
            time.sleep(BEAT_S)

    def serve(self, build: Callable[[bytes], Engine]) -> None:
        start = self.inbox.get()
        try:
            engine = build(start.payload)
        except ApplianceError as error:
            self.send(Kind.BROKEN, 0, json.dumps([error.problem, error.fix]).encode())
            return
        self.send(Kind.READY)
        while True:
            self.take_in(engine)
            self.step_started = time.monotonic()
            replies = engine.step()
            self.step_started = 0.0
            for reply in replies:
                if isinstance(reply, Refusal):
                    self.send(Kind.REFUSED, reply.job_id, reply.problem.encode())
                else:
                    kind = Kind.LAST if reply.last else Kind.REPLY
                    self.send(kind, reply.job_id, reply.payload)

    def take_in(self, engine: Engine) -> None:
        """Hand over what has arrived; wait for something if there is nothing to do."""
        with suppress(Empty):
            while True:
                frame = self.inbox.get(block=engine.idle())
                if frame.kind is Kind.JOB:
                    engine.submit(frame.job_id, frame.payload)
                elif frame.kind is Kind.CANCEL:
                    engine.cancel(frame.job_id)


def yield_to_other_sessions() -> None:
    """Let this process's niceness count everywhere; call it in a session of its own."""
    with suppress(OSError):  # a kernel without it
        # Where the scheduler groups processes by session, as most distributions have it,
        # `nice` counts only within the session, and each of ours is one of its own.
        Path("/proc/self/autogroup").write_text(str(os.nice(0)))


def main(target: str, descriptor: str) -> None:
    faulthandler.enable()
    with suppress(OSError):  # not Linux, or a container without /proc
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
    yield_to_other_sessions()
    fence.put_up()
    child = Child(socket.socket(fileno=int(descriptor)))
    threading.Thread(target=child.read, daemon=True).start()
    threading.Thread(target=child.beat, daemon=True).start()
    module, _, function = target.partition(":")
    try:
        child.serve(getattr(importlib.import_module(module), function))
    except MemoryError:
        # A new process begins with less, and gets the job again. What this one could still
        # do with so little is not worth finding out.
        child.send(Kind.BROKEN, 0, json.dumps(OUT_OF_MEMORY).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
