"""The last minutes of one leg's audio, cut by leg time."""

BYTES_PER_MS = 32  # 16 kHz mono s16le

# Long enough for the model process to be restarted several times; a leg that is further
# behind loses its oldest audio, and the caller of `append` is told which.
KEEP_MS = 300_000


class LegBuffer:
    """Append at the end, cut anywhere, forget the beginning."""

    def __init__(self, keep_ms: int = KEEP_MS) -> None:
        self.keep_ms = keep_ms
        self.start_ms = 0  # leg time of the first byte kept
        self._pcm = bytearray()

    @property
    def end_ms(self) -> int:
        """Leg time of the newest whole ms."""
        return self.start_ms + len(self._pcm) // BYTES_PER_MS

    def append(self, pcm: bytes) -> None:
        self._pcm += pcm
        if self.end_ms - self.start_ms > self.keep_ms:
            self.forget_before(self.end_ms - self.keep_ms)

    def cut(self, start_ms: int, end_ms: int) -> bytes:
        """s16le audio of [start_ms, end_ms), as far as it is kept."""
        first = max(0, start_ms - self.start_ms) * BYTES_PER_MS
        last = max(0, end_ms - self.start_ms) * BYTES_PER_MS
        return bytes(self._pcm[first:last])

    def forget_before(self, at_ms: int) -> None:
        drop = min(at_ms - self.start_ms, len(self._pcm) // BYTES_PER_MS)
        if drop > 0:
            del self._pcm[: drop * BYTES_PER_MS]
            self.start_ms += drop
