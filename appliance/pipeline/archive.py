"""Recordings of calls that are over: put together, judged, told in the record."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

import anyio
from anyio import to_thread
from msgspec import convert

from appliance.errors import ApplianceError, StoreError
from appliance.messages import Role, Transcript, Verdict
from appliance.pipeline.unheard import secrets_of
from appliance.recordings.deck import Deck
from appliance.recordings.health import judged
from appliance.recordings.joining import Stopped, audio_of, read_about
from appliance.recordings.kept import Kept
from appliance.recordings.recorder import Recorder
from appliance.store.event import Event, Joined, RecordingKept
from appliance.store.rows import StoredEvent
from appliance.store.writer import Store

logger = logging.getLogger(__name__)

# A disk that is full is so for a while.
AGAIN_S = 60.0

# `making`: the call is over, and its recording is put together.
AudioState: TypeAlias = Literal["none", "making", "kept"]


class Archive:
    def __init__(self, recorder: Recorder, store: Store, *, reads: bool) -> None:
        """`reads`: calls are transcribed."""
        self.recorder = recorder
        self.verdicts: Counter[Verdict] = Counter()  # since the start
        self._store = store
        self._reads = reads
        self._again: list[str] = []  # could not be put together or judged

    async def run(self) -> None:
        """Put together what a crash has left, and later what a full disk has refused,
        until cancelled."""
        await self._mend()
        while True:
            await anyio.sleep(AGAIN_S)
            again, self._again = self._again, []
            for call_id in again:
                await self._keep(call_id, self._mended(call_id))

    async def _mend(self) -> None:
        try:
            unjudged = await self._store.unjudged()
            left = await to_thread.run_sync(
                lambda: list(dict.fromkeys(self.recorder.left_over(unjudged)))
            )
        except (OSError, StoreError) as error:
            logger.error("recordings cannot be seen: %s", error)  # noqa: TRY400 - it says why
            return
        for call_id in left:
            await self._keep(call_id, self._mended(call_id))

    async def _mended(self, call_id: str) -> Kept | None:
        detail = await self._store.session(call_id, partials=False)
        secrets = secrets_of(detail.events) if detail else []
        made = await to_thread.run_sync(self.recorder.mend, call_id, secrets)
        return await asyncio.wrap_future(made)

    async def keep(self, call_id: str, deck: Deck) -> None:
        """A call is over: return once its recording is in the record."""
        await self._keep(call_id, asyncio.wrap_future(self.recorder.finish(deck)))

    async def find(self, call_id: str) -> tuple[AudioState, Kept | None, Path | None]:
        """What there is of a call, and the file to be played. Raises OSError."""
        return await to_thread.run_sync(self._find, call_id)

    def _find(self, call_id: str) -> tuple[AudioState, Kept | None, Path | None]:
        folder = self.recorder.shelf.folder_of(call_id)
        if folder is None:
            return "none", None, None
        kept, audio = read_about(folder), audio_of(folder)
        if kept is None or audio is None or not audio.is_file():
            return "making", None, None
        return "kept", kept, audio

    async def _keep(self, call_id: str, made: Awaitable[Kept | None]) -> None:
        try:
            await self._judge(call_id, await made)
        except Stopped:
            pass  # the next start finds it
        except (OSError, ApplianceError) as error:
            logger.error("recording of call %s: %s", call_id, error)  # noqa: TRY400 - says why
            self._again.append(call_id)

    async def _judge(self, call_id: str, kept: Kept | None) -> None:
        detail = await self._store.session(call_id, partials=False)
        if detail is None or not _was_on(detail.events):
            await to_thread.run_sync(self.recorder.settle, call_id)
            return
        call_s = max(event.at_ms for event in detail.events) / 1000
        verdict, legs = judged(
            kept,
            call_s=call_s,
            came_s=_came(detail.events),
            read_s=_read(detail.events) if self._reads else None,
        )
        told = RecordingKept(
            verdict=verdict,
            format=kept.format if kept else "",
            bytes=kept.bytes if kept else 0,
            duration_s=kept.duration_ms / 1000 if kept else 0.0,
            legs=legs,
        )
        if told not in _told(detail.events):
            await self._store.commit(_next(call_id, detail.events[-1], told))
        await to_thread.run_sync(self.recorder.settle, call_id)
        self.verdicts[verdict] += 1
        if verdict != "ok":
            _warn(call_id, told)


def _told(events: Sequence[StoredEvent]) -> list[RecordingKept]:
    """Also right before a crash, which then left the marks."""
    kept = [event for event in events if event.kind == "recording_kept"]
    return [convert(event.payload, RecordingKept) for event in kept[-1:]]


def _next(call_id: str, last: StoredEvent, told: RecordingKept) -> Event:
    now = datetime.now(UTC)
    return Event.note(told, call_id=call_id, seq=last.seq + 1, at_ms=last.at_ms, wall=now)


def _warn(call_id: str, told: RecordingKept) -> None:
    faults = [f"{leg.role} {fault}" for leg in told.legs for fault in leg.faults]
    logger.warning(
        "the recording of call %s is %s: %s", call_id, told.verdict, ", ".join(faults)
    )


def _was_on(events: Sequence[StoredEvent]) -> bool:
    """Whether there is to be anything: a call nobody agreed to record has nothing."""
    return any(
        event.kind == "recording" and event.payload["state"] in ("on", "failing")
        for event in events
    )


def _came(events: Sequence[StoredEvent]) -> dict[Role, float]:
    came: dict[Role, float] = {}
    for event in events:
        if event.kind == "joined":
            came.setdefault(convert(event.payload, Joined).role, event.at_ms / 1000)
    return came


def _read(events: Sequence[StoredEvent]) -> dict[Role, float]:
    """Seconds of each person's utterances that have words."""
    lines: dict[str, Transcript] = {}
    for event in events:
        if event.kind == "transcript":
            line = convert(event.payload, Transcript)
            lines[line.id] = line
    read: Counter[Role] = Counter()
    for line in lines.values():
        if line.text:
            read[line.speaker] += line.end_ms - line.start_ms
    return {role: ms / 1000 for role, ms in read.items()}
