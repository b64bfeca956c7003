"""The one thread that writes what is recorded. Nobody who talks waits for it.

A disk that stalls makes the queue longer, up to a bound; one that refuses (full, broken)
is told as such, what it refused is gone, and it is tried again while nothing is recorded.
"""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import NamedTuple, TypeAlias

from appliance.durable import sync_folder, write
from appliance.messages import Role
from appliance.recordings import chunks
from appliance.recordings.shelf import Shelf
from appliance.recordings.space import Space
from appliance.recordings.spans import RATE, Mark
from appliance.recordings.tape import Piece
from appliance.supervision import SpaceState

logger = logging.getLogger(__name__)

# A disk may stall for about a minute under 20 calls. What comes then is not kept, and is
# told as missing; the process must not grow until it is killed with every call.
MOST_WAITING = 64 << 20  # bytes

LOOK_S = 1.0  # how often the room on the disk is looked at
COUNT_S = 60.0  # and the recordings are counted, for others remove some

TRIED = ".tried.tmp"


class Write(NamedTuple):
    folder: Path
    role: Role
    piece: Piece


class Silence(NamedTuple):
    folder: Path
    mark: Mark


class Note(NamedTuple):
    folder: Path
    mark: Mark


class Done(NamedTuple):
    """Everything before it has been written, or has been refused."""

    tell: Callable[[], None]


Job: TypeAlias = Write | Silence | Note | Done


class Writer:
    """`put` may come from any thread and never blocks."""

    def __init__(self, shelf: Shelf, room: Callable[[int, int], Space]) -> None:
        """`room` tells the room there is, of the bytes used and free."""
        self.state: SpaceState = "ok"
        self.space = Space()
        self.problem: str | None = None  # of the disk, while it refuses
        self.lost_s = 0.0  # of sound that could not be written
        self.written = 0  # bytes since the start
        self._shelf = shelf
        self._room = room
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        # Two counters, each of one thread: a difference of two needs no lock.
        self._put_bytes = 0
        self._taken_bytes = 0
        self._used = 0
        self._counted_at = -COUNT_S
        self._looked_at = -LOOK_S
        self._thread = Thread(target=self._run, name="recordings", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Bytes of sound that are not written yet."""
        return self._put_bytes - self._taken_bytes

    @property
    def takes(self) -> bool:
        """Whether what is put now will be written, as far as one can tell."""
        return self.state in ("ok", "filling")

    def put(self, job: Job) -> None:
        """Sound that there is no room for is left out; whatever else there is never is."""
        if isinstance(job, Write):
            size = len(job.piece.pcm)
            if self.waiting + size > MOST_WAITING:
                self._lose(job)
                return
            self._put_bytes += size
        self._queue.put(job)

    def finish(self) -> None:
        """Write what is queued and stop. Blocks."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._look()
            try:
                job = self._queue.get(timeout=LOOK_S)
            except Empty:
                continue
            if job is None:
                return
            self._do(job)
            # It knows its call, all of it, and the next one may come tomorrow.
            del job

    def _do(self, job: Job) -> None:
        if isinstance(job, Done):
            job.tell()
            return
        try:
            job.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            match job:
                case Write(folder, role, piece):
                    self._write(folder, role, piece)
                case Silence(folder, mark):
                    chunks.silence(folder, mark)
                case Note(folder, mark):
                    chunks.note(folder, mark)
        except OSError as error:
            self._refuse(error)
            if isinstance(job, Write):
                self._lose(job)
        finally:
            if isinstance(job, Write):
                self._taken_bytes += len(job.piece.pcm)

    def _write(self, folder: Path, role: Role, piece: Piece) -> None:
        if not self.takes:
            raise OSError(0, self.problem or "no room")
        size = chunks.write_chunk(folder, role, piece)
        self._used += size
        self.written += size

    def _lose(self, job: Write) -> None:
        self.lost_s += (job.piece.end - job.piece.start) / RATE

    def _refuse(self, error: OSError) -> None:
        if self.takes:
            logger.error("recording stops: %s", error.strerror or error)
            self.state, self.problem = "failing", error.strerror or str(error)
        self._looked_at = monotonic()

    def _look(self) -> None:
        """See how much room there is, and whether a disk that refused works again."""
        now = monotonic()
        if now - self._looked_at < LOOK_S:
            return
        self._looked_at = now
        before = self.state
        try:
            self._shelf.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if now - self._counted_at >= COUNT_S or before == "full":
                self._used, self._counted_at = self._shelf.size(), now
            free = shutil.disk_usage(self._shelf.folder).free
            self.space = self._room(self._used, free)
            if before == "failing":
                self._try()
            self.state, self.problem = self.space.state(was_full=not self.takes), None
        except OSError as error:
            self._refuse(error)
        if self.state != before:
            logger.warning("room for recordings: %s, was %s", self.state, before)

    def _try(self) -> None:
        """Raises OSError if the disk still refuses."""
        path = self._shelf.folder / TRIED
        try:
            write(path, bytes(1 << 16))
        finally:
            path.unlink(missing_ok=True)
        sync_folder(self._shelf.folder)
