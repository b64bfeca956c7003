"""Records calls: hands out a deck for each, and puts together what they leave.

Putting together is for a second thread at the lowest priority, one call at a time: the
recogniser needs the cores more, and nobody waits.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

from msgspec import Struct

from appliance.errors import ApplianceError
from appliance.recordings.deck import Deck
from appliance.recordings.joining import is_left_over, join, settle, stopped
from appliance.recordings.kept import Kept
from appliance.recordings.shelf import Shelf
from appliance.recordings.space import Space
from appliance.recordings.spans import Mark
from appliance.recordings.writer import Done, Writer
from appliance.settings import RecordingSettings
from appliance.supervision import SpaceState

GIGABYTE = 10**9
LEAST_PRIORITY = 19


class RoomFor(Struct, frozen=True, kw_only=True):
    """How recordings stand, for people and `/metrics`."""

    state: SpaceState
    problem: str | None
    used: int  # bytes
    left: int
    share: float  # of what they may take, 0..1
    waiting: int  # bytes on their way to the disk
    lost_s: float  # of sound that could not be written since the start


class Recorder:
    """Its threads begin with the first call that may be recorded."""

    def __init__(self, settings: RecordingSettings, data_dir: Path) -> None:
        self.settings = settings
        self.shelf = Shelf(settings.folder_in(data_dir))
        self._writer: Writer | None = None
        self._joiner = ThreadPoolExecutor(1, "joining", _yield_to_others)
        self._stopping = threading.Event()
        self._own: set[str] = set()  # calls of this life of the box

    @property
    def room(self) -> RoomFor | None:
        """None while nothing has been recorded since the start."""
        writer = self._writer
        if writer is None:
            return None
        space = writer.space
        return RoomFor(
            state=writer.state,
            problem=writer.problem,
            used=space.used,
            left=space.left,
            share=round(space.share, 3),
            waiting=writer.waiting,
            lost_s=round(writer.lost_s, 1),
        )

    @property
    def state(self) -> SpaceState:
        return "ok" if self._writer is None else self._writer.state

    @property
    def takes(self) -> bool:
        """Whether there is room for what is said now."""
        return self._writer is None or self._writer.takes

    def deck(self, call_id: str, day: date, *, on: bool) -> Deck:
        """For a call that began on this day (UTC)."""
        if self._writer is None:
            self._writer = Writer(self.shelf, self._space)
        self._own.add(call_id)
        return Deck(self.shelf.place(call_id, day), self._writer.put, on=on)

    def finish(self, deck: Deck) -> "Future[Kept | None]":
        """Once the call is over: what is kept of it, None if nothing. It has OSError where
        that cannot be written, and Stopped when the box ends before: then `mend`."""
        deck.finish()
        result = _result()
        if self._writer is None or not deck.began:
            result.set_result(None)
            return result
        self._writer.put(Done(partial(self._submit, deck.folder, result, deck.silenced)))
        return result

    def left_over(self, unjudged: Sequence[str]) -> Iterator[str]:
        """Calls of before whose chunks a crash has left, and those of `unjudged`, of which
        it may have left nothing. Blocks; raises OSError."""
        for call_id, day in self.shelf.calls():
            if is_left_over(self.shelf.place(call_id, day)) and self._is_of_before(call_id):
                yield call_id
        yield from filter(self._is_of_before, unjudged)

    def _is_of_before(self, call_id: str) -> bool:
        return call_id not in self._own  # a call of now may have begun meanwhile

    def mend(self, call_id: str, silenced: Sequence[Mark] = ()) -> "Future[Kept | None]":
        """Put together what is left of a call; `silenced` is to be taken out of it, whether
        that is on the disk or not. As `finish`, but blocks to find it."""
        result = _result()
        folder = self.shelf.folder_of(call_id)
        if folder is None:
            result.set_result(None)
        else:
            self._submit(folder, result, silenced)
        return result

    def settle(self, call_id: str) -> None:
        """What was put together is in the record. Blocks; raises OSError."""
        folder = self.shelf.folder_of(call_id)
        if folder is not None:
            settle(folder)
        self._own.discard(call_id)

    def close(self) -> None:
        """Write what is queued; what is left is put together at the next start. Blocks."""
        self._stopping.set()
        if self._writer is not None:
            self._writer.finish()
        self._joiner.shutdown(cancel_futures=True)

    def _submit(
        self, folder: Path, result: "Future[Kept | None]", silenced: Sequence[Mark]
    ) -> None:
        try:
            self._joiner.submit(self._join, folder, result, silenced)
        except RuntimeError:
            result.set_exception(stopped())

    def _join(
        self, folder: Path, result: "Future[Kept | None]", silenced: Sequence[Mark]
    ) -> None:
        def go_on() -> bool:
            return not self._stopping.is_set()

        try:
            kept = join(folder, self.settings.format, go_on, silenced)
        except (OSError, ApplianceError) as error:
            result.set_exception(error)
        else:
            result.set_result(kept)

    def _space(self, used: int, free: int) -> Space:
        settings = self.settings
        return Space(
            used=used,
            free=free,
            keep_free=round(settings.keep_free_gb * GIGABYTE),
            budget=round(settings.budget_gb * GIGABYTE),
        )


def _result() -> "Future[Kept | None]":
    """That nobody takes back by waiting for it no more."""
    result: Future[Kept | None] = Future()
    result.set_running_or_notify_cancel()
    return result


def _yield_to_others() -> None:
    # On Linux a thread has a priority of its own.
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LEAST_PRIORITY)
