"""Opus in WebM, decoded as its chunks arrive. The only module that may import av."""

import struct
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from appliance.audio.ebml import FIX, garbage
from appliance.audio.matroska import Packet, Reader, Track
from appliance.audio.opus import packet_ms
from appliance.audio.source import Piece, Samples, refuse_long_gap
from appliance.audio.wire import Frame
from appliance.errors import ProtocolError

RATE = 48_000  # Hz, what every Opus decoder works in (RFC 7845)
# Magic, version, channels, pre-skip (in samples at 48 kHz), rate, gain, mapping.
_OPUS_HEAD = struct.Struct("<8sBBHIhB")

# What a recorder writes at once: a page that was kept busy hands over some seconds. Two
# bytes of Opus can stand for 120 ms, so that a message of 128 KB would be half an hour.
MOST_CHUNK_MS = 10_000

# And a page that starts its recorder anew sends the end of one and the start of another.
# For each a decoder is made.
MOST_TRACKS = 4

# Chrome dates packets by its capture clock, which is some 10 ms off their sample count
# from packet to packet. A jump larger than this is audio that was not recorded.
JUMP_MS = 200


class WebmSource:
    """Decodes a recorder's chunks. Their own times count; the frame's `t_ms` does not."""

    rate = RATE

    def __init__(self, max_gap_ms: int) -> None:
        self.max_gap_ms = max_gap_ms
        self._reader = Reader()
        self._track: Track | None = None
        self._decoder: Any = None  # av has no types for its codec contexts
        self._pre_skip = 0  # samples still to be thrown away
        self._due_ms = 0.0  # recorder's time of the next packet
        self._lost = False  # a chunk is missing and no packet has come since

    def take(self, frame: Frame, *, lost: bool) -> list[Piece]:
        """What became complete with this chunk, possibly nothing."""
        if lost:
            self._reader.lose()
            self._lost = True
        packets = self._reader.feed(frame.payload)
        self._refuse_bomb(packets)
        due_ms, pieces = self._due_ms, []
        for packet in packets:
            if packet.track is not self._track:
                self._open(packet.track)
                due_ms = packet.time_ms
            missing_ms = packet.time_ms - due_ms
            refuse_long_gap(frame, missing_ms, self.max_gap_ms)
            samples = self._decode(packet.payload)
            due_ms = packet.time_ms + len(samples) * 1000 / RATE
            hole = missing_ms > (0 if self._lost else JUMP_MS)
            pieces.append(Piece(missing_ms if hole else 0.0, self._trim(samples, packet)))
            self._lost = False
        # Only now: if a packet was refused, so were all of them, and their time is missing.
        self._due_ms = due_ms
        return pieces

    def _refuse_bomb(self, packets: list[Packet]) -> None:
        whole_ms = sum(packet_ms(packet.payload) for packet in packets)
        tracks = {id(packet.track) for packet in packets}
        if whole_ms > MOST_CHUNK_MS or len(tracks) > MOST_TRACKS:
            self._reader.lose()
            raise garbage(
                f"one chunk of {len(tracks)} recordings holds {whole_ms / 1000:.0f} s"
            )

    def _decode(self, payload: bytes) -> Samples:
        try:
            frames = self._decoder.decode(av.Packet(payload))
        except FFmpegError as error:
            raise garbage("an Opus packet cannot be decoded") from error
        sound = [_mono(frame.to_ndarray()) for frame in frames]
        return np.concatenate(sound) if sound else np.zeros(0, np.int16)

    def _trim(self, samples: Samples, packet: Packet) -> Samples:
        """Without what only warmed the decoder up, and the padding at the very end."""
        skipped = min(self._pre_skip, len(samples))
        self._pre_skip -= skipped
        padding = round(packet.discard_ms * RATE / 1000)
        return samples[skipped : max(skipped, len(samples) - padding)]

    def _open(self, track: Track) -> None:
        if len(track.private) < _OPUS_HEAD.size or track.private[:8] != b"OpusHead":
            raise garbage("its track has no OpusHead")
        head = _OPUS_HEAD.unpack_from(track.private)
        channels, self._pre_skip, mapping = head[2], head[3], head[6]
        if mapping != 0 or channels not in (1, 2):
            raise ProtocolError(
                f"The webm audio has {channels} channels in mapping {mapping}.",
                fix=FIX.replace("Record", "Record mono or stereo", 1),
            )
        self._decoder = av.CodecContext.create("opus", "r")
        # FFmpeg skips by itself, or not, from version to version: told 0, it never does.
        self._decoder.extradata = track.private[:10] + bytes(2) + track.private[12:]
        self._track = track


def _mono(planes: NDArray[np.float32]) -> Samples:
    """From one row for each channel, full scale being 1."""
    mixed = planes.mean(axis=0) * 32768
    samples: Samples = np.clip(np.rint(mixed), -32768, 32767).astype(np.int16)
    return samples
