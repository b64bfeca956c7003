"""Opus packets out of a WebM stream that arrives in pieces cut anywhere.

Only what browsers' recorders write is read, and nothing is read twice: an element is
taken when its last byte is there. Segments and clusters are entered, never awaited, so
it does not matter whether their writer knew how long they would become.
"""

from typing import NamedTuple

from appliance.audio.ebml import (
    Head,
    children,
    garbage,
    read_head,
    read_size,
    signed,
    unsigned,
)
from appliance.errors import ProtocolError

EBML = 0x1A45DFA3
SEGMENT = 0x18538067
INFO = 0x1549A966
TIMESTAMP_SCALE = 0x2AD7B1
TRACKS = 0x1654AE6B
TRACK_ENTRY = 0xAE
TRACK_NUMBER = 0xD7
CODEC_ID = 0x86
CODEC_PRIVATE = 0x63A2
CLUSTER = 0x1F43B675
TIMESTAMP = 0xE7
SIMPLE_BLOCK = 0xA3
BLOCK_GROUP = 0xA0
BLOCK = 0xA1
DISCARD_PADDING = 0x75A2

_ENTERED = {SEGMENT, CLUSTER}
_READ = {EBML, INFO, TRACKS, TIMESTAMP, SIMPLE_BLOCK, BLOCK_GROUP}
# Seek head, cues, chapters, attachments, tags, void, CRC-32, position, previous size.
_SKIPPED = {
    0x114D9B74, 0x1C53BB6B, 0x1043A770, 0x1941A469, 0x1254C367, 0xEC, 0xBF, 0xA7, 0xAB,
}  # fmt: skip

# The longest Opus packet, 120 ms at 510 kbit/s, has 61 KB. What is only skipped is not
# kept, so it may be longer (Chrome reserves room for cues).
MAX_READ_BYTES = 64 * 1024
MAX_SKIP_BYTES = 1024 * 1024

CLUSTER_ID = CLUSTER.to_bytes(4, "big")
EBML_ID = EBML.to_bytes(4, "big")
# A block may lie 32.767 s after its cluster's time.
_MAX_BLOCK_OFFSET_MS = 32_767
_LACED = 0x06


class Track(NamedTuple):
    """The Opus track of one recording."""

    number: int
    private: bytes  # the OpusHead of RFC 7845: channels, pre-skip


class Packet(NamedTuple):
    track: Track
    time_ms: float  # of its first sample, since the recorder started
    payload: bytes
    discard_ms: float  # at its end, padding of a recording that was finished properly


class Reader:
    """Feed chunks in order; take Opus packets out."""

    def __init__(self) -> None:
        self.track: Track | None = None
        self._buffer = bytearray()
        self._skip = 0  # bytes of an uninteresting element still to come
        self._scale_ms = 1.0  # length of a tick
        self._cluster_ticks: int | None = None
        self._newest_ms = 0.0  # time of the newest packet
        self._lost = False  # looking for a place to go on
        self._fresh = False  # no byte has come since the loss

    def feed(self, chunk: bytes) -> list[Packet]:
        """Packets that are complete now.

        Raises ProtocolError for bytes that are not WebM with Opus; the rest of the chunk
        is then lost, and reading goes on where a later one starts anew.
        """
        self._buffer += chunk
        try:
            if self._lost and not self._found_again():
                return []
            return self._packets()
        except ProtocolError:
            self.lose()
            raise

    def lose(self) -> None:
        """A chunk is missing: the next one may start in the middle of anything."""
        self._buffer.clear()
        self._skip = 0
        self._lost = self._fresh = True

    def _packets(self) -> list[Packet]:
        found: list[Packet] = []
        while True:
            skipped = min(self._skip, len(self._buffer))
            del self._buffer[:skipped]
            self._skip -= skipped
            head = None if self._skip else read_head(self._buffer)
            if head is None:
                return found
            if head.id in _READ:
                if (content := self._whole(head)) is None:
                    return found
                found += self._take(head.id, content)
            else:
                self._pass_over(head)

    def _pass_over(self, head: Head) -> None:
        if head.id in _SKIPPED and head.size is not None and head.size <= MAX_SKIP_BYTES:
            self._skip = head.size
        elif head.id not in _ENTERED:
            raise garbage(f"element {head.id:#x} of {head.size} bytes does not belong here")
        self._refuse_headless(head.id)
        del self._buffer[: head.length]

    def _whole(self, head: Head) -> bytes | None:
        """Content of the element at the front, or None while it is incomplete."""
        if head.size is None or head.size > MAX_READ_BYTES:
            raise garbage(f"element {head.id:#x} claims {head.size} bytes")
        self._refuse_headless(head.id)
        end = head.length + head.size
        if len(self._buffer) < end:
            return None
        content = bytes(self._buffer[head.length : end])
        del self._buffer[:end]
        return content

    def _refuse_headless(self, name: int) -> None:
        if self.track is None and name in (CLUSTER, TIMESTAMP, SIMPLE_BLOCK, BLOCK_GROUP):
            raise garbage("it has no header, which a recorder writes into its first chunk")

    def _take(self, name: int, content: bytes) -> list[Packet]:
        if name == EBML:
            # The first, or the page has started a new recorder.
            self.track = self._cluster_ticks = None
            self._newest_ms = 0.0
        elif name == INFO:
            ticks = dict(children(content)).get(TIMESTAMP_SCALE, b"\x0f\x42\x40")
            self._scale_ms = unsigned(ticks) / 1_000_000
        elif name == TRACKS:
            self.track = _opus_track(content)
        elif name == TIMESTAMP:
            self._cluster_ticks = unsigned(content)
        elif name == SIMPLE_BLOCK:
            return self._block(content, discard_ns=0)
        else:
            parts = dict(children(content))
            discard_ns = signed(parts.get(DISCARD_PADDING, b""))
            return self._block(parts.get(BLOCK, b""), discard_ns=discard_ns)
        return []

    def _block(self, content: bytes, *, discard_ns: int) -> list[Packet]:
        number = read_size(content)
        if number is None or len(content) < number[1] + 4:
            raise garbage(f"a block has only {len(content)} bytes")
        if self.track is None or number[0] != self.track.number:
            return []
        if self._cluster_ticks is None:
            raise garbage("a block comes before the time of its cluster")
        at = number[1]
        offset, flags = signed(content[at : at + 2]), content[at + 2]
        if flags & _LACED:
            raise garbage("its blocks are laced, which recorders never do")
        self._newest_ms = (self._cluster_ticks + offset) * self._scale_ms
        return [
            Packet(self.track, self._newest_ms, content[at + 3 :], discard_ns / 1_000_000)
        ]

    def _found_again(self) -> bool:
        """Move the buffer to the first place where reading can go on, if there is one."""
        if self._fresh and self._starts_with_our_block():
            self._lost = False
            return True
        self._fresh = False
        places = (self._buffer.find(CLUSTER_ID), self._buffer.find(EBML_ID))
        at = min((place for place in places if place >= 0), default=-1)
        self._lost = at < 0
        # Nothing found: an id may still be cut in half at the end of this chunk.
        del self._buffer[: max(0, len(self._buffer) - 3) if self._lost else at]
        return not self._lost

    def _starts_with_our_block(self) -> bool:
        """Recorders cut chunks between blocks, and a cluster lasts for many seconds:
        waiting for the next one would lose far more than the missing chunk.
        """
        if self.track is None or self._cluster_ticks is None:
            return False
        try:
            head = read_head(self._buffer)
            number = head and read_size(self._buffer, head.length)
        except ProtocolError:
            return False
        if head is None or not number or head.id != SIMPLE_BLOCK:
            return False
        at = head.length + number[1]
        if number[0] != self.track.number or len(self._buffer) < at + 3:
            return False
        time_ms = (self._cluster_ticks + signed(self._buffer[at : at + 2])) * self._scale_ms
        in_order = self._newest_ms < time_ms < self._newest_ms + _MAX_BLOCK_OFFSET_MS
        return in_order and not self._buffer[at + 2] & _LACED


def _opus_track(content: bytes) -> Track:
    codecs = []
    for name, entry in children(content):
        if name != TRACK_ENTRY:
            continue
        parts = dict(children(entry))
        codec = parts.get(CODEC_ID, b"").rstrip(b"\0").decode("ascii", "replace")
        codecs.append(codec)
        if codec == "A_OPUS":
            number = unsigned(parts.get(TRACK_NUMBER, b""))
            return Track(number, parts.get(CODEC_PRIVATE, b""))
    raise garbage(f"it holds {', '.join(codecs) or 'no track'} and not A_OPUS")
