"""Both voices of a call as those hear them who listen in: longer frames, on one clock.

    u32 leg (0 agent, 1 customer) | u32 seq | u32 t_ms | PCM s16le 16 kHz mono

`seq` counts the frames of a leg that were made, so that a hole in it is sound that a slow
listener did not get; `t_ms` is call time. Whoever talks needs 20 ms frames, whoever only
listens does not, and each frame costs the box a write to every one of them.
"""

import struct
from dataclasses import dataclass, field

from appliance.calls.listeners import Listeners
from appliance.messages import ROLES, Role

HEADER = struct.Struct("<III")

FRAME_MS = 100

# Frames on their way to one listener: a second of both voices.
UNHEARD = 20

BYTES_PER_MS = 32


@dataclass(slots=True)
class _Voice:
    leg: int
    seq: int = 0
    start_ms: float = 0.0  # call time of the first sample that waits
    waits: bytearray = field(default_factory=bytearray)

    @property
    def end_ms(self) -> float:
        return self.start_ms + len(self.waits) / BYTES_PER_MS


class Overheard:
    """Makes frames of what is relayed, while somebody listens."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners
        self._voices: dict[Role, _Voice] = {
            role: _Voice(leg) for leg, role in enumerate(ROLES)
        }

    def relay(self, role: Role, pcm: bytes, end_ms: float) -> None:
        """Sound that goes to the partner; `end_ms` is call time."""
        if not self._listeners.hearing:
            return
        voice = self._voices[role]
        start_ms = end_ms - len(pcm) / BYTES_PER_MS
        if abs(voice.end_ms - start_ms) >= 1:
            self._send(voice)
            voice.start_ms = start_ms
        voice.waits += pcm
        if len(voice.waits) >= FRAME_MS * BYTES_PER_MS:
            self._send(voice)

    def flush(self) -> None:
        """Send what waits for the rest of its frame."""
        for voice in self._voices.values():
            self._send(voice)

    def _send(self, voice: _Voice) -> None:
        if not voice.waits:
            return
        head = HEADER.pack(voice.leg, voice.seq, round(voice.start_ms))
        self._listeners.play(head + voice.waits)
        voice.seq += 1
        voice.start_ms = voice.end_ms
        voice.waits = bytearray()
