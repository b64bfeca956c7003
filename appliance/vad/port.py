"""What the detector asks of the model process, and what it gets back.

The model keeps nothing between jobs: each leg's state travels with its windows, so that a
restarted process goes on in mid word.
"""

from msgspec import Struct

WINDOW_SAMPLES = 512  # the only size Silero takes at 16 kHz
WINDOW_MS = 32
WINDOW_BYTES = WINDOW_SAMPLES * 2

# float32 values per leg: LSTM state (2 x 128), then the last 64 samples before the window.
STATE_FLOATS = 2 * 128
CONTEXT_FLOATS = 64
STATE_BYTES = (STATE_FLOATS + CONTEXT_FLOATS) * 4
FRESH_STATE = bytes(STATE_BYTES)


class VadJob(Struct, frozen=True, kw_only=True, array_like=True):
    counts: list[int]  # windows of each leg, at least 1
    pcm: bytes  # s16le, 16 kHz: all windows of the first leg, then of the second, ...
    states: bytes  # STATE_BYTES for each leg


class VadReply(Struct, frozen=True, kw_only=True, array_like=True):
    probabilities: bytes  # float32, in the order of the windows in `pcm`
    states: bytes  # as in VadJob, after the last window
