"""Any telephone or browser rate to 16 kHz, one stream per leg, cut anywhere."""

from typing import Any

import numpy as np
import soxr

from appliance.audio.source import Samples

RATE = 16_000  # Hz, what every stage after this one works in


class Resampler:
    """16-bit mono at `rate` Hz in, 16-bit mono at 16 kHz out.

    However the input is cut, the same samples come out. The last 10-30 ms of the input
    are held back until more comes or `flush` is called.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        # soxr's variable-rate engine, held at a fixed rate: at 8 kHz it holds back 30 ms
        # where the "HQ" one, made for files, holds back 115 and "LQ" 61 (and LQ loses 8 dB
        # at 3.4 kHz). Flat within 0.01 dB to 3.4 kHz, images below -80 dB, 12 us for a
        # 20 ms frame at 8 kHz and 42 at 48 kHz.
        # Floats, because soxr dithers 16-bit output with a seed taken from the clock and
        # a recorded call must replay to the same samples.
        self._stream: Any = None
        if rate != RATE:
            self._stream = soxr.ResampleStream(rate, RATE, 1, dtype="float32", vr=True)

    def push(self, samples: Samples) -> Samples:
        return self._run(samples, last=False)

    def flush(self) -> Samples:
        """What was held back. Nothing may be pushed afterwards."""
        return self._run(np.zeros(0, np.int16), last=True)

    def _run(self, samples: Samples, *, last: bool) -> Samples:
        if self._stream is None:
            return samples
        heard = self._stream.resample_chunk(samples.astype(np.float32), last=last)
        rounded: Samples = np.clip(np.rint(heard), -32768, 32767).astype(np.int16)
        return rounded
