"""The files of a call that goes on: a second of one leg each, and the marks beside them.

A chunk is a whole FLAC file, so that it needs nothing else to be played, costs little to
make (0.2 ms for each second of a leg), and is silenced by making it again. What is kept for
good is made of them after the call, in the site's format: sound that goes through Opus
twice is worse for it.
"""

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import get_args

import msgspec
import numpy as np
import soundfile

from appliance.durable import sync_folder, write
from appliance.messages import Role
from appliance.recordings.spans import RATE, Mark
from appliance.recordings.tape import CHUNK, Piece, muted

MARKS = "marks.jsonl"

_ROLES: tuple[Role, ...] = get_args(Role)


def write_chunk(folder: Path, role: Role, piece: Piece) -> int:
    """Durably; bytes that were written. Raises OSError, having left nothing behind."""
    path = folder / f"{role}-{piece.start:012d}.flac"
    content = _encoded(piece.pcm)
    try:
        write(path, content, "xb")
    except OSError:
        with suppress(OSError):
            path.unlink()  # half a chunk is noise, and takes room that there is not
        raise
    return len(content)


def read_chunk(path: Path) -> Piece:
    """As far as it is whole: a power cut tears the last one. Raises OSError."""
    start = _start(path)
    try:
        samples, rate = soundfile.read(io.BytesIO(path.read_bytes()), dtype="int16")
    except soundfile.LibsndfileError:
        return Piece(start, b"")
    whole = rate == RATE and samples.ndim == 1
    return Piece(start, samples.astype("<i2").tobytes() if whole else b"")


def chunks_of(folder: Path, role: Role) -> list[Path]:
    """In order. Raises OSError."""
    return sorted(folder.glob(f"{role}-*.flac"))


def silence(folder: Path, mark: Mark) -> None:
    """Take what is marked out of what is on the disk, durably. Raises OSError.

    Where there is no room to write a chunk again all of it goes: a card number must not
    stay because a disk is full.
    """
    start, end = mark.start, mark.start if mark.end is None else mark.end
    for path in chunks_of(folder, mark.role):
        if _start(path) + CHUNK <= start or _start(path) >= end:
            continue
        piece = read_chunk(path)
        beside = path.with_suffix(".new")
        try:
            beside.unlink(missing_ok=True)
            write(beside, _encoded(muted(piece, start, end).pcm), "xb")
            beside.rename(path)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            path.unlink()
    sync_folder(folder)


def note(folder: Path, mark: Mark) -> None:
    """Durably. Raises OSError, having left nothing behind."""
    path = folder / MARKS
    before = path.stat().st_size if path.exists() else 0
    try:
        with path.open("ab") as file:
            file.write(msgspec.json.encode(mark) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            os.truncate(path, before)  # half a line would spoil the next one, too
        raise


def marks_of(folder: Path) -> list[Mark]:
    """In the order they were made; one that a crash tore is left out. Raises OSError."""
    try:
        lines = (folder / MARKS).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return list(_decoded(lines))


def clear(folder: Path) -> None:
    """Remove all but the marks: what is kept has been made of it. Raises OSError."""
    for role in _ROLES:
        for path in chunks_of(folder, role):
            path.unlink()
    for path in folder.glob("*.new"):
        path.unlink(missing_ok=True)


def _start(path: Path) -> int:
    """By its name."""
    return int(path.stem.rpartition("-")[2])


def _decoded(lines: Sequence[bytes]) -> Iterator[Mark]:
    for line in lines:
        with suppress(msgspec.MsgspecError):
            yield msgspec.json.decode(line, type=Mark)


def _encoded(pcm: bytes) -> bytes:
    file = io.BytesIO()
    samples = np.frombuffer(pcm, "<i2")
    soundfile.write(file, samples, RATE, format="FLAC", subtype="PCM_16")
    return file.getvalue()
