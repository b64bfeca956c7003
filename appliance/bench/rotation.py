"""What each of K simultaneous callers plays, and for how long all are measured. No clock.

The recordings form one ring. At any moment the K callers stand evenly spread on it, so
they never run in lockstep, and a window of whole rounds hears every turn equally often
whatever K is: the word error rates of two K are over the same words.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from appliance.replay.pace import FRAME_MS

# One caller starts this long after the other. Not a multiple of a frame (20 ms) or of a
# window of the voice activity model (32 ms): those would all fall due at one moment.
APART_MS = 247

FRAMES_PER_S = 1000 // FRAME_MS


class Piece(NamedTuple):
    """One call: a recording, from this frame to its end."""

    recording: int
    first_frame: int


def pieces(lengths: Sequence[int], slot: int, slots: int) -> Iterator[Piece]:
    """The calls of one of `slots` callers, without end. `lengths` are in frames."""
    ring = sum(lengths)
    # What the caller's late start costs is given back, so that all are evenly spread.
    place = (slot * ring // slots + slot * APART_MS // FRAME_MS) % ring
    recording = 0
    while place >= lengths[recording]:
        place -= lengths[recording]
        recording += 1
    while True:
        yield Piece(recording, place)
        recording, place = (recording + 1) % len(lengths), 0


def whole_rounds_s(lengths: Sequence[int], slots: int, at_least_s: float) -> float:
    """The shortest window of at least so long in which `slots` callers together play every
    recording equally often."""
    ring_s = sum(lengths) / FRAMES_PER_S
    rounds = max(1, math.ceil(slots * at_least_s / ring_s))
    return rounds * ring_s / slots
