"""The parent's side of one model process: start, watch, restart, hand work over again.

    STARTING --READY--> LIVE --death, hang, broken pipe--> PAUSED --back-off--> STARTING

A job is remembered until its last reply. What was in flight when a process died is given
to the next one, as long as no reply had come and the job has not already outlived a
process: a job that kills two of them is taken to be the cause and is given back as
WorkerLost, so that one poisoned utterance cannot keep every call waiting.
"""

import json
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, TypeAlias

import anyio
from anyio.abc import Process, UNIXSocketStream

from appliance.errors import WorkerError, WorkerLost
from appliance.workers.backoff import Backoff
from appliance.workers.exits import describe_exit
from appliance.workers.frames import BEAT, Frame, FrameParser, Kind, pack
from appliance.workers.job import Job

log = logging.getLogger(__name__)

WorkerState: TypeAlias = Literal["starting", "live", "paused", "stopped"]

# The child beats twice a second. Ten seconds without a beat is twenty missed ones: far more
# than a machine under full load has been seen to hold back, far less than a caller accepts.
SILENT_S = 10.0
START_S = 120.0  # loading a 7-8B model from a cold disk
MAX_LIVES = 2
READ_BYTES = 1 << 18

# Frames on their way to one process. The stages keep few jobs in flight each; when the pipe
# is this far behind, the process hangs and its watchdog is about to end it.
UNSENT_FRAMES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What to run, and how gently."""

    name: str  # for people: "speech", "language"
    target: str  # "package.module:function", see appliance.workers.child
    config: bytes
    stall_s: float  # one step longer than this is a hang
    niceness: int = 0
    environment: Mapping[str, str] | None = None


class Link:
    """One life of the process, and the pipe to it."""

    def __init__(self, process: Process, stream: UNIXSocketStream) -> None:
        self.process = process
        self.stream = stream
        self.ready = False
        self.heard_at = time.monotonic()
        self.busy_ms = 0
        self.outbound = 0
        self.outbox, self.unsent = anyio.create_memory_object_stream[bytes](UNSENT_FRAMES)


class Worker:
    """A model process that is kept alive. Satisfies `appliance.workers.port.Port`."""

    def __init__(
        self, spec: Spec, on_state: Callable[[WorkerState], None] = lambda _: None
    ) -> None:
        self.spec = spec
        self.on_state = on_state
        self.state: WorkerState = "starting"
        self.problem: str | None = None  # why it is not live, for people
        self.fix: str | None = None
        self.restarts = 0
        self._outbound = 0  # of lives that have ended
        self._jobs: dict[int, Job] = {}
        self._next_id = 1
        self._link: Link | None = None
        self._settled = anyio.Event()  # first READY, BROKEN or death

    @property
    def pid(self) -> int | None:
        return self._link.process.pid if self._link else None

    @property
    def outbound(self) -> int:
        """Tries to reach out that were refused, in all of its lives."""
        return self._outbound + (self._link.outbound if self._link else 0)

    @property
    def jobs(self) -> int:
        """Jobs that wait for their last reply."""
        return len(self._jobs)

    async def settled(self) -> None:
        """Return once the first start has succeeded or failed."""
        await self._settled.wait()

    async def __call__(self, job: bytes) -> AsyncGenerator[bytes, None]:
        entry = Job(self._next_id, job)
        self._next_id += 1
        self._jobs[entry.id] = entry
        try:
            if self._link is not None and self._link.ready:
                await self._link.outbox.send(pack(Kind.JOB, entry.id, job))
            async for reply in entry.receive:
                if isinstance(reply, WorkerError):
                    raise reply
                yield reply
        finally:
            del self._jobs[entry.id]
            entry.close()
            if not entry.done:
                self._cancel(entry.id)

    def _cancel(self, job_id: int) -> None:
        if self._link is None or not self._link.ready:
            return
        try:
            self._link.outbox.send_nowait(pack(Kind.CANCEL, job_id))
        except (anyio.WouldBlock, anyio.BrokenResourceError, anyio.ClosedResourceError):
            return  # the process hangs or is gone; so is the job

    # ------------------------------------------------------------------ supervision

    async def run(self) -> None:
        """Keep a process alive until cancelled."""
        backoff = Backoff()
        try:
            while True:
                started = time.monotonic()
                reason = await self._one_life()
                self._bury(reason)
                await anyio.sleep(backoff.after_death(time.monotonic() - started))
                self.restarts += 1
        finally:
            self._set_state("stopped")

    async def _one_life(self) -> str:
        """Start a process, serve until it ends, return why it ended."""
        ours, theirs = socket.socketpair()
        process = await anyio.open_process(
            self._command(theirs.fileno()),
            stdin=None,
            stdout=None,
            stderr=None,
            pass_fds=[theirs.fileno()],
            env={**os.environ, **(self.spec.environment or {})},
            # Its own session: Ctrl-C in the terminal is for the server, which ends calls in
            # order; the child ends when the pipe closes.
            start_new_session=True,
        )
        theirs.close()
        ours.setblocking(False)
        link = Link(process, await UNIXSocketStream.from_socket(ours))
        self._link = link
        reason = ""
        try:
            async with anyio.create_task_group() as life:
                life.start_soon(self._write, link)
                life.start_soon(self._watch, link)
                await link.outbox.send(pack(Kind.START, 0, self.spec.config))
                await self._read(link)
                life.cancel_scope.cancel()
        finally:
            self._link = None
            self._outbound += link.outbound
            with anyio.CancelScope(shield=True):
                _kill(process)
                reason = describe_exit(self.spec.name, await process.wait())
                await link.stream.aclose()
                link.outbox.close()
                link.unsent.close()
        return reason

    def _command(self, descriptor: int) -> Sequence[str]:
        child = [sys.executable, "-m", "appliance.workers.child", self.spec.target]
        nice = ["nice", "-n", str(self.spec.niceness)] if self.spec.niceness else []
        return [*nice, *child, str(descriptor)]

    async def _write(self, link: Link) -> None:
        async for frame in link.unsent:
            try:
                await link.stream.send(frame)
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                return  # `_read` sees the same death and reports it

    async def _read(self, link: Link) -> None:
        parser = FrameParser()
        while True:
            try:
                data = await link.stream.receive(READ_BYTES)
                link.heard_at = time.monotonic()
                for frame in parser.feed(data):
                    await self._take(link, frame)
            except (
                anyio.EndOfStream,
                anyio.BrokenResourceError,
                anyio.ClosedResourceError,
            ):
                return
            except WorkerError as error:
                log.error("worker %s: %s", self.spec.name, error.problem)  # noqa: TRY400
                return

    async def _take(self, link: Link, frame: Frame) -> None:
        match frame.kind:
            case Kind.BEAT:
                link.busy_ms, link.outbound = BEAT.unpack(frame.payload)
            case Kind.READY:
                await self._hand_over(link)
            case Kind.BROKEN:
                self.problem, self.fix = json.loads(frame.payload)
                log.error("worker %s: %s %s", self.spec.name, self.problem, self.fix)
                self._settled.set()
            case Kind.REPLY | Kind.LAST | Kind.REFUSED:
                self._answer(frame)
            case _:
                log.error("worker %s sent %s", self.spec.name, frame.kind.name)

    def _answer(self, frame: Frame) -> None:
        job = self._jobs.get(frame.job_id)
        if job is None:
            return  # cancelled meanwhile
        if frame.kind is Kind.REFUSED:
            refusal = WorkerError(frame.payload.decode(), fix="The other jobs go on.")
            job.give(refusal, last=True)
        else:
            job.give(frame.payload, last=frame.kind is Kind.LAST)

    async def _hand_over(self, link: Link) -> None:
        """The process is ready: give it all that waits, oldest first."""
        self.problem = self.fix = None
        for job in list(self._jobs.values()):
            await link.outbox.send(pack(Kind.JOB, job.id, job.payload))
        link.ready = True
        self._set_state("live")
        self._settled.set()

    async def _watch(self, link: Link) -> None:
        """Kill a process that is silent, or stuck in one step, or never gets ready."""
        born = time.monotonic()
        while True:
            await anyio.sleep(0.5)
            now = time.monotonic()
            silent = now - link.heard_at > SILENT_S
            stuck = link.ready and link.busy_ms > self.spec.stall_s * 1000
            unborn = not link.ready and now - born > START_S
            if silent or stuck or unborn:
                what = "no heartbeat" if silent else "stuck" if stuck else "never ready"
                log.error("worker %s hangs (%s); killing it", self.spec.name, what)
                _kill(link.process)
                return

    def _bury(self, reason: str) -> None:
        if self.problem is None:
            self.problem = reason
            self.fix = "It is restarted by itself; if this repeats, see the log."
        log.error("worker %s: %s; restarting", self.spec.name, reason)
        for job in list(self._jobs.values()):
            job.lives += 1
            if job.answered or job.lives >= MAX_LIVES:
                job.give(WorkerLost(reason, fix="Ask again."), last=True)
        self._set_state("paused")
        self._settled.set()

    def _set_state(self, state: WorkerState) -> None:
        if state != self.state:
            self.state = state
            self.on_state(state)


def _kill(process: Process) -> None:
    # Not Process.kill: it polls first, and takes the exit status from under the loop's
    # own watcher, which then reports 255 in place of the signal.
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
