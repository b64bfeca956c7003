"""The audio of one person: frames in, one unbroken stream at 16 kHz out.

Leg audio time is counted in samples: what the leg has produced, silence for lost frames
included. The client's own times only say how long a hole is.
"""

from typing import NamedTuple

from appliance.audio.pcm import PcmSource
from appliance.audio.resample import RATE, Resampler
from appliance.audio.source import Piece, Source
from appliance.audio.wire import U32_MAX, Frame, bytes_per_sample
from appliance.errors import ProtocolError
from appliance.messages import AudioFormat

# As long as a dropped person may take to come back by default; more is no longer a hole
# in a call, and a wrong date must not make an hour of silence.
MAX_GAP_MS = 60_000


class Taken(NamedTuple):
    """What one frame added. PCM is 16 kHz mono s16le."""

    pcm: bytes = b""  # with silence for what was lost
    spoken: bytes = b""  # without it, for the partner to hear
    gaps: tuple[tuple[int, int], ...] = ()  # start and end of that silence, leg audio ms
    duplicate: bool = False  # the frame had been taken before


class LegAudio:
    """Puts frames in order, decodes, resamples, fills holes.

    A frame that is refused with ProtocolError changes nothing; it then counts as lost, so
    the next one brings silence in its place.
    """

    def __init__(self, audio: AudioFormat, *, max_gap_ms: int = MAX_GAP_MS) -> None:
        """Raises ProtocolError for a codec and rate that do not go together."""
        bytes_per_sample(audio)
        self.audio = audio
        self.next_seq = 0  # first frame not yet taken; the first frame may say otherwise
        self._begun = False
        self._source = _source(audio, max_gap_ms)
        self._resampler = Resampler(self._source.rate)
        self._samples = 0  # produced, at 16 kHz

    @property
    def taken_ms(self) -> float:
        """Audio produced so far. Up to 30 ms of what came in may still be held back."""
        return self._samples * 1000 / RATE

    def push(self, frame: Frame) -> Taken:
        """Take one frame in.

        A frame below `next_seq` is a resent one and is ignored. Raises ProtocolError if
        it cannot be decoded, is in the wrong order or leaves too long a hole.
        """
        if self._begun and frame.seq < self.next_seq:
            return Taken(duplicate=True)
        if frame.seq >= U32_MAX:
            raise ProtocolError(
                f"Audio frame {frame.seq} is the last that 32 bits can number.",
                fix="Count frames from 0, and start a new call after two years.",
            )
        lost = self._begun and frame.seq > self.next_seq
        pieces = self._source.take(frame, lost=lost)
        self.next_seq = frame.seq + 1
        self._begun = True
        return self._join(pieces)

    def flush(self) -> bytes:
        """What the resampler held back, so that it is not smeared over what comes next,
        if anything does: a telephone gateway goes on sending after its call has ended."""
        tail = self._count(self._resampler.flush().tobytes())
        self._resampler = Resampler(self._source.rate)
        return tail

    def _join(self, pieces: list[Piece]) -> Taken:
        pcm, spoken, gaps = [], [], []
        for piece in pieces:
            silence = b""
            if piece.missing_ms > 0:
                tail = self.flush()
                start_ms = round(self.taken_ms)
                silence = self._count(bytes(2 * round(piece.missing_ms * RATE / 1000)))
                gaps.append((start_ms, round(self.taken_ms)))
                pcm += [tail, silence]
                spoken.append(tail)
            heard = self._count(self._resampler.push(piece.samples).tobytes())
            pcm.append(heard)
            spoken.append(heard)
        return Taken(b"".join(pcm), b"".join(spoken), tuple(gaps))

    def _count(self, pcm: bytes) -> bytes:
        self._samples += len(pcm) // 2
        return pcm


def _source(audio: AudioFormat, max_gap_ms: int) -> Source:
    if audio.codec != "webm_opus":
        return PcmSource(audio, max_gap_ms)
    # Only where it is needed: FFmpeg takes 18 MB and 0.1 s to load.
    from appliance.audio.webm import WebmSource

    return WebmSource(max_gap_ms)
