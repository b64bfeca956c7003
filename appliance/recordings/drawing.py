"""What is drawn of one leg, and how loud it is; fed as it is read. No IO."""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from appliance.recordings.spans import PER_MS

Samples: TypeAlias = NDArray[np.int16]

# As many as a wide screen has points for half of.
MOST_PEAKS = 2_000
WINDOW_MS = 50

FULL = 32_768.0

# Somebody speaks: 20 dB above the noise of a bad line, 20 below a voice.
VOICED_DB = -45.0

# A voice fills a twentieth of a call in which the other one speaks nearly all the time.
LOUDEST = 0.95

SILENCE_DB = -120.0


class Drawing:
    """`add` every sample of the call's length; then ask."""

    def __init__(self, samples: int) -> None:
        """`samples` is the length of the call, at 16 kHz."""
        windows = max(1, math.ceil(samples / (WINDOW_MS * PER_MS)))
        self._each = math.ceil(windows / MOST_PEAKS)
        self._rest: Samples = np.zeros(0, np.int16)
        self._peaks: list[int] = []  # of windows
        self._squares: list[float] = []

    @property
    def peak_ms(self) -> int:
        return self._each * WINDOW_MS

    @property
    def peaks(self) -> tuple[int, ...]:
        """The largest sample of each `peak_ms`, 0..255."""
        self._close()
        loudest = (
            max(self._peaks[at : at + self._each])
            for at in range(0, len(self._peaks), self._each)
        )
        return tuple(min(255, peak * 255 // 32_767) for peak in loudest)

    @property
    def voiced_ms(self) -> int:
        """In which somebody can be heard."""
        self._close()
        return WINDOW_MS * sum(_db(square) > VOICED_DB for square in self._squares)

    @property
    def level_db(self) -> float:
        """Of the loudest twentieth, below full scale."""
        self._close()
        if not self._squares:
            return SILENCE_DB
        return round(_db(float(np.quantile(self._squares, LOUDEST))), 1)

    def add(self, samples: Samples) -> None:
        whole = np.concatenate([self._rest, samples])
        size = WINDOW_MS * PER_MS
        count = len(whole) // size
        self._measure(whole[: count * size].reshape(count, size))
        self._rest = whole[count * size :]

    def _close(self) -> None:
        if len(self._rest):
            self._measure(self._rest.reshape(1, -1))
            self._rest = np.zeros(0, np.int16)

    def _measure(self, windows: Samples) -> None:
        if len(windows):
            wide = windows.astype(np.float64)
            self._peaks += [int(peak) for peak in np.abs(wide).max(axis=1)]
            self._squares += [float(square) for square in (wide**2).mean(axis=1)]


def _db(square: float) -> float:
    return 10 * math.log10(square / FULL**2) if square > 0 else SILENCE_DB
