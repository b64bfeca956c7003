"""After a call: one file of its chunks, with what is drawn and told of it.

One stereo file, agent left and customer right: a page plays two people in step only from
one clock, and whoever gets a copy can still tell them apart. Read and written second by
second, so that a call of any length takes the same memory.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from errno import EIO, ENOSPC
from pathlib import Path
from typing import TypeAlias

import msgspec
import numpy as np
import soundfile
from numpy.typing import NDArray

from appliance.durable import sync_file, sync_folder, write
from appliance.errors import RecordingError
from appliance.messages import ROLES
from appliance.recordings import chunks
from appliance.recordings.drawing import Drawing
from appliance.recordings.kept import Format, Kept, KeptLeg, KeptSpan
from appliance.recordings.spans import (
    PER_MS,
    RATE,
    Leg,
    Mark,
    leg_of,
    length_of,
    silenced_too,
)

Samples: TypeAlias = NDArray[np.int16]

ABOUT = "about.json"
NAME = "call"

# In libsndfile's measure, in which 1 is the least: 35 kbit/s for both legs of the sample
# calls. RFC 6716 (2.1.1) has 16-20 for wide-band speech.
OPUS_LEVEL = 0.93

# Chunks do not overlap, and a leg's next one may begin anywhere.
STEP = RATE


class Stopped(RecordingError):
    """The box stops; the chunks are still there, and are put together at its next start."""


def stopped() -> Stopped:
    return Stopped("The recording is not put together yet.", fix="Start again.")


def audio_of(folder: Path) -> Path | None:
    """The file to be played, if the recording is complete. Raises OSError."""
    kept = read_about(folder)
    return folder / f"{NAME}.{kept.format}" if kept else None


def read_about(folder: Path) -> Kept | None:
    """None where nothing is complete. Raises OSError."""
    try:
        return msgspec.json.decode((folder / ABOUT).read_bytes(), type=Kept)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise RecordingError(
            f"{folder / ABOUT} cannot be read: {error}.",
            fix="Take it from a backup; the sound beside it is whole.",
        ) from error


def is_left_over(folder: Path) -> bool:
    """Whether a crash left chunks there. Raises OSError."""
    return (folder / chunks.MARKS).exists() or any(folder.glob("*-*.flac"))


def join(
    folder: Path,
    format_: Format,
    go_on: Callable[[], bool] = lambda: True,
    more: Sequence[Mark] = (),
) -> Kept | None:
    """Durably, then without the chunks; None if nothing was recorded. The marks stay until
    `settle`: begun again after a crash, this makes the same. Blocks. `more` is marked
    beside what is on the disk.

    Raises OSError, and Stopped once `go_on` says no.
    """
    kept = read_about(folder)
    if kept is None:
        legs = _legs(folder, more)
        if not legs:
            return None
        try:
            kept = _join(folder, legs, format_, go_on)
        except (soundfile.LibsndfileError, AssertionError) as error:
            # The library's words for a write that was short, and for one that failed.
            raise OSError(EIO, str(error) or "not written", str(folder)) from error
        _replace(folder / ABOUT, msgspec.json.encode(kept))
        sync_folder(folder)
    chunks.clear(folder)
    return kept


def settle(folder: Path) -> None:
    """Everything about it is told where it has to be. Raises OSError."""
    chunks.clear(folder)
    (folder / chunks.MARKS).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()  # nothing was kept: whoever looks is not to wait for it


def _legs(folder: Path, more: Sequence[Mark]) -> list[Leg]:
    marks = chunks.marks_of(folder)
    found = []
    for role in ROLES:
        pieces = map(chunks.read_chunk, chunks.chunks_of(folder, role))
        places = [(piece.start, piece.end) for piece in pieces if piece.pcm]
        if (leg := leg_of(role, marks, places)) is not None and places:
            found.append(silenced_too(leg, more))
    return found


def _join(
    folder: Path, legs: Sequence[Leg], format_: Format, go_on: Callable[[], bool]
) -> Kept:
    end = max(leg.end for leg in legs)
    drawings = {leg.role: Drawing(end) for leg in legs}
    sources = [
        _seconds(folder, leg, end) if leg else None
        for leg in (next((one for one in legs if one.role == role), None) for role in ROLES)
    ]
    path = folder / f"{NAME}.{format_}"
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with _writer(part, format_) as file:
        for start in range(0, end, STEP):
            if not go_on():
                raise stopped()
            both = np.zeros((min(STEP, end - start), len(ROLES)), np.int16)
            for column, (role, source) in enumerate(zip(ROLES, sources, strict=True)):
                if source is not None:
                    both[:, column] = next(source)
                    drawings[role].add(both[:, column])
            file.write(both)
    _check_whole(part, end)
    part.rename(path)
    return Kept(
        format=format_,
        bytes=path.stat().st_size,
        duration_ms=end // PER_MS,
        peak_ms=next(iter(drawings.values())).peak_ms,
        legs=tuple(_kept(leg, drawings[leg.role]) for leg in legs),
    )


def _seconds(folder: Path, leg: Leg, end: int) -> Iterator[Samples]:
    """The leg from 0 to `end` in steps, silent where there is nothing."""
    left = iter(chunks.chunks_of(folder, leg.role))
    piece = next((chunks.read_chunk(path) for path in left), None)
    for start in range(0, end, STEP):
        stop = min(start + STEP, end)
        heard = np.zeros(stop - start, np.int16)
        while piece is not None and piece.start < stop:
            first, last = max(piece.start, start), min(piece.end, stop)
            if first < last:
                samples = np.frombuffer(piece.pcm, "<i2")
                heard[first - start : last - start] = samples[
                    first - piece.start : last - piece.start
                ]
            if piece.end > stop:
                break
            piece = next((chunks.read_chunk(path) for path in left), None)
        for span in leg.spans:
            first, last = max(span.start, start), min(span.end, stop)
            if first < last:
                heard[first - start : last - start] = 0
        yield heard


def _kept(leg: Leg, drawing: Drawing) -> KeptLeg:
    there = leg.end - leg.start - length_of(leg, "lost", "missing", "off")
    return KeptLeg(
        role=leg.role,
        start_ms=leg.start // PER_MS,
        end_ms=leg.end // PER_MS,
        recorded_ms=there // PER_MS,
        muted_ms=length_of(leg, "paused", "silenced") // PER_MS,
        voiced_ms=drawing.voiced_ms,
        level_db=drawing.level_db,
        spans=tuple(
            KeptSpan(
                kind=span.kind, start_ms=span.start // PER_MS, end_ms=span.end // PER_MS
            )
            for span in leg.spans
        ),
        peaks=drawing.peaks,
    )


def _writer(path: Path, format_: Format) -> soundfile.SoundFile:
    container, subtype = ("OGG", "OPUS") if format_ == "opus" else ("FLAC", "PCM_16")
    level = OPUS_LEVEL if format_ == "opus" else None
    return soundfile.SoundFile(
        path,
        "w",
        RATE,
        len(ROLES),
        format=container,
        subtype=subtype,
        compression_level=level,
    )


def _check_whole(path: Path, samples: int) -> None:
    """libsndfile closes a file that a full disk has cut short without a word."""
    sync_file(path)
    if soundfile.info(path).frames != samples:
        raise OSError(ENOSPC, os.strerror(ENOSPC), str(path))


def _replace(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    write(part, content)
    part.rename(path)
