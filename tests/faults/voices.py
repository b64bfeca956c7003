"""What people say in calls that are cut off, and whether that is what was kept of it."""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from appliance.audio.wire import encode_frame
from appliance.messages import Role
from appliance.recordings.chunks import chunks_of, marks_of, read_chunk
from appliance.recordings.tape import Piece

RATE = 16_000
FRAME_MS = 100
FRAME = RATE * FRAME_MS // 1000

# What a crash may cost of the end, and nothing more.
MOST_LOST_S = 2.0

# Opus keeps what is heard, not samples: the tone of each frame, away from its edges, and
# silence as something 60 dB below full scale. Of tones above 2.5 kHz that change ten times
# a second one in thirty comes back 200 Hz off, crash or not.
EDGE = FRAME // 5
PITCHES = range(300, 2000, 100)  # Hz
NEAR = 50  # Hz
SILENT = 32.0

Samples = NDArray[np.int16]


class Voice:
    """One person. Each frame is a tone of its own, so that none is taken for another."""

    def __init__(self, role: Role, chance: random.Random) -> None:
        self.role = role
        self.pitches: list[int] = []
        self.secret: list[tuple[int, int]] = []  # samples that nobody may hear afterwards
        self.paying = False
        self._chance = chance
        self._secret_from: int | None = None

    @property
    def sent(self) -> int:
        """Samples."""
        return len(self.pitches) * FRAME

    @property
    def said(self) -> Samples:
        return np.concatenate([tone(pitch) for pitch in self.pitches])

    def frame(self) -> bytes:
        """The next one, as it goes over the wire."""
        self.pitches.append(self._chance.choice(PITCHES))
        seq = len(self.pitches) - 1
        pcm = tone(self.pitches[-1]).astype("<i2").tobytes()
        return encode_frame(seq, seq * FRAME_MS, pcm)

    def hush(self) -> None:
        """They were told that nothing is kept."""
        if self.paying:
            self._secret_from = self.sent

    def speak_up(self) -> None:
        """Somebody is about to ask that it is kept again; what is on its way may be."""
        if self._secret_from is not None and self.sent - 3 * FRAME > self._secret_from:
            self.secret.append((self._secret_from, self.sent - 3 * FRAME))
        self._secret_from, self.paying = None, False

    def cut_off(self) -> None:
        """The line is dead."""
        if self._secret_from is not None:
            self.secret.append((self._secret_from, self.sent))


def tone(pitch: int) -> Samples:
    wave = np.sin(2 * np.pi * pitch * np.arange(FRAME) / RATE)
    return np.asarray(np.round(8000 * wave), np.int16)


def wrong_on_disk(voice: Voice, folder: Path | None) -> Iterator[str]:
    """In the chunks of a call, as the crash has left them."""
    pieces = _pieces(voice.role, folder) if folder else []
    start = _start(voice.role, folder, pieces) if folder else 0
    yield from lost(voice, max((piece.end for piece in pieces), default=start) - start)
    said = voice.said if voice.sent else np.zeros(0, np.int16)
    for piece in pieces:
        first = piece.start - start
        heard = np.frombuffer(piece.pcm, "<i2")
        meant = said[first : first + len(heard)]
        if len(meant) < len(heard) or np.any((heard != meant) & (heard != 0)):
            yield f"{voice.role}: the chunk at {first / RATE:.1f} s is not what was said"
        for begin, end in voice.secret:
            if heard[max(0, begin - first) : max(0, end - first)].any():
                yield f"{voice.role}: a payment can be heard on the disk at {first / RATE}"


def _pieces(role: Role, folder: Path) -> list[Piece]:
    read = map(read_chunk, chunks_of(folder, role))
    return [piece for piece in read if piece.pcm]


def _start(role: Role, folder: Path, pieces: list[Piece]) -> int:
    marked = [m.start for m in marks_of(folder) if m.role == role and m.kind == "leg"]
    return (marked or [piece.start for piece in pieces] or [0])[0]


def wrong_in_file(
    voice: Voice, heard: Samples, spans: Iterable[tuple[int, int]], *, exact: bool
) -> Iterator[str]:
    """In their channel of the recording, from where they began to where it ends; `spans`
    are marked as silence."""
    if len(heard) > voice.sent:
        yield f"{voice.role}: there is more than was said"
        return
    silent = np.zeros(len(heard), bool)
    for begin, end in spans:
        silent[begin:end] = True
    for begin, end in voice.secret:
        if not silent[begin:end].all():
            yield f"{voice.role}: a payment is not marked"
    if exact:
        meant = np.where(silent, 0, voice.said[: len(heard)])
        if not np.array_equal(heard, meant):
            first = int(np.flatnonzero(heard != meant)[0])
            yield f"{voice.role}: another sound at {first / RATE:.2f} s"
    else:
        yield from _unlike(voice, heard, silent)


def _unlike(voice: Voice, heard: Samples, silent: NDArray[np.bool_]) -> Iterator[str]:
    for n in range(len(heard) // FRAME):
        inner = slice(n * FRAME + EDGE, (n + 1) * FRAME - EDGE)
        kept, quiet = heard[inner].astype(float), silent[inner]
        if quiet.all():
            if np.sqrt(np.mean(kept**2)) > SILENT:
                yield f"{voice.role}: sound in a silence at {n / 10} s"
        elif not quiet.any() and abs(_pitch(kept) - voice.pitches[n]) > NEAR:
            yield f"{voice.role}: another tone at {n / 10} s"


def _pitch(heard: NDArray[np.float64]) -> float:
    strength = np.abs(np.fft.rfft(heard, RATE // 10))
    return float(np.argmax(strength)) * 10


def lost(voice: Voice, kept: int) -> Iterator[str]:
    lost_s = (voice.sent - kept) / RATE
    if lost_s > MOST_LOST_S:
        yield f"{voice.role}: {lost_s:.1f} s are lost"
