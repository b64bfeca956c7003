"""What is told once in a while, however often it happens. No clock, no IO."""


class Sparing:
    """Remembers what was told lately, as far as it has room: the oldest goes first, and is
    then told once too often rather than never."""

    def __init__(self, every_s: float, most: int) -> None:
        self._every_s = every_s
        self._most = most
        self._told: dict[str, float] = {}  # when, the oldest first

    def due(self, kind: str, now: float) -> bool:
        """Whether this was not told for a while. `now` is in s."""
        told = self._told.get(kind)
        return told is None or now - told >= self._every_s

    def told(self, kind: str, now: float) -> None:
        self._told.pop(kind, None)
        self._told[kind] = now
        while len(self._told) > self._most:
            del self._told[next(iter(self._told))]
