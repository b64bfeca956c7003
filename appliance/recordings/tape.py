"""The sound of one person, cut into chunks as it comes. No clock, no IO."""

from typing import NamedTuple

from appliance.recordings.spans import RATE

# What a power cut may take: a chunk that is not full, and one on its way to the disk.
CHUNK = RATE
BYTES = 2


class Piece(NamedTuple):
    """Samples of a leg, s16le."""

    start: int  # place of the first, in samples of call time
    pcm: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.pcm) // BYTES


class Tape:
    """Takes every sample of the leg, recorded or not: so it knows where it is."""

    def __init__(self, start: int, *, on: bool) -> None:
        """`start` is the place of the leg's first sample."""
        self.start = self.at = start
        self.on = on
        self._begun = bytearray()

    def take(self, pcm: bytes) -> list[Piece]:
        """Chunks that are full now."""
        self.at += len(pcm) // BYTES
        if not self.on:
            return []
        self._begun += pcm
        full = []
        while len(self._begun) >= CHUNK * BYTES:
            full.append(Piece(self._start, bytes(self._begun[: CHUNK * BYTES])))
            del self._begun[: CHUNK * BYTES]
        return full

    def switch(self, *, on: bool) -> list[Piece]:
        """Record from here on, or no more."""
        rest = self.rest()
        self.on = on
        return rest

    def rest(self) -> list[Piece]:
        """What waits to become a chunk, now."""
        if not self._begun:
            return []
        piece = Piece(self._start, bytes(self._begun))
        self._begun.clear()
        return [piece]

    def silence(self, start: int, end: int) -> None:
        """What of this is not cut yet becomes silence."""
        silenced = muted(Piece(self._start, bytes(self._begun)), start, end)
        self._begun = bytearray(silenced.pcm)

    @property
    def _start(self) -> int:
        return self.at - len(self._begun) // BYTES if self.on else self.at


def muted(piece: Piece, start: int, end: int) -> Piece:
    """With silence in [start, end), as far as the piece has it."""
    first = min(max(start - piece.start, 0), piece.end - piece.start)
    last = max(first, min(end, piece.end) - piece.start)
    before, after = piece.pcm[: first * BYTES], piece.pcm[last * BYTES :]
    return Piece(piece.start, before + bytes((last - first) * BYTES) + after)
