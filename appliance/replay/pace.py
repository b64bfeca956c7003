"""When each audio frame of a replay is due."""

FRAME_MS = 20


class Pace:
    """Absolute deadlines: a late frame does not make the next one late.

    Times are seconds of the caller's clock. Speed 2 plays twice as fast.
    """

    def __init__(self, start_s: float, speed: float) -> None:
        self.start_s = start_s
        self.speed = speed
        self.worst_late_s = 0.0

    def due_s(self, frame: int) -> float:
        return self.start_s + frame * FRAME_MS / 1000 / self.speed

    def sent(self, frame: int, now_s: float) -> None:
        """Note how late this frame went out."""
        self.worst_late_s = max(self.worst_late_s, now_s - self.due_s(frame))
