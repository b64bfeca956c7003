"""The audio of one leg that is still needed, cut by leg time."""

BYTES_PER_MS = 32  # 16 kHz mono s16le


class LegBuffer:
    """Append at the end, cut anywhere, forget the beginning. Its owner bounds it."""

    def __init__(self) -> None:
        self.start_ms = 0  # leg time of the first byte kept
        self._pcm = bytearray()

    @property
    def kept_ms(self) -> int:
        return len(self._pcm) // BYTES_PER_MS

    @property
    def end_ms(self) -> int:
        """Leg time of the newest whole ms."""
        return self.start_ms + self.kept_ms

    def append(self, pcm: bytes) -> None:
        self._pcm += pcm

    def cut(self, start_ms: int, end_ms: int) -> bytes:
        """s16le audio of [start_ms, end_ms), as far as it is kept."""
        first = max(0, start_ms - self.start_ms) * BYTES_PER_MS
        last = max(0, end_ms - self.start_ms) * BYTES_PER_MS
        return bytes(self._pcm[first:last])

    def forget_before(self, at_ms: int) -> None:
        drop = min(at_ms - self.start_ms, self.kept_ms)
        if drop > 0:
            del self._pcm[: drop * BYTES_PER_MS]
            self.start_ms += drop
