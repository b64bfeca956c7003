"""PCM and G.711 frames of one leg: their samples, and what is missing before them."""

import numpy as np

from appliance.audio import g711
from appliance.audio.source import Piece, Samples, refuse_long_gap
from appliance.audio.wire import Frame, bytes_per_sample
from appliance.errors import ProtocolError
from appliance.messages import AudioFormat

# A frame may be dated this much off where counting samples would put it. Pages date
# frames by a clock that stalls with their main thread; anything worse is a mix-up.
JITTER_MS = 500

# The client's clock and its sound card drift apart, 100 ppm being common: 360 ms in an
# hour. Following the clock slowly forgives that, and still notices a stuck one.
_FOLLOW = 1 / 64


class PcmSource:
    """Decodes frames, and watches that their times go with their sample counts."""

    def __init__(self, audio: AudioFormat, max_gap_ms: int) -> None:
        self.audio = audio
        self.rate = audio.rate
        self.max_gap_ms = max_gap_ms
        self._bytes_per_ms = audio.rate * bytes_per_sample(audio) / 1000
        self._due_ms: float | None = None  # client's time of the next frame

    def take(self, frame: Frame, *, lost: bool) -> list[Piece]:
        """One piece, with the silence that is due before it if frames were lost.

        Raises ProtocolError, and takes nothing, if `t_ms` does not fit the order or leaves
        too long a hole.
        """
        due_ms = frame.t_ms if self._due_ms is None else self._due_ms
        off_ms = frame.t_ms - due_ms
        if off_ms < -JITTER_MS or (off_ms > JITTER_MS and not lost):
            raise ProtocolError(
                f"Audio frames come in the wrong order: frame {frame.seq} is dated "
                f"{frame.t_ms} ms and {due_ms:.0f} ms is due.",
                fix="Send frames in the order they were recorded, counting seq by one and "
                "t_ms by their length; leave a hole in seq only for frames that are lost.",
            )
        missing_ms = max(0.0, off_ms) if lost else 0.0
        refuse_long_gap(frame, missing_ms, self.max_gap_ms)
        due_ms += off_ms if lost else off_ms * _FOLLOW
        self._due_ms = due_ms + len(frame.payload) / self._bytes_per_ms
        return [Piece(missing_ms, self._decode(frame.payload))]

    def _decode(self, payload: bytes) -> Samples:
        if self.audio.codec == "pcm_s16le":
            return np.frombuffer(payload, "<i2").astype(np.int16, copy=False)
        return g711.decode(payload, "mulaw" if self.audio.codec == "mulaw" else "alaw")
