"""How late one person's sound comes. No clock: times are monotonic seconds, passed in."""

# So long at one pace is how late a line is; nothing is won by waiting for it.
LOOK_S = 2.0

# What catches up gains more than this meanwhile: the minute that a page sends again comes
# several times as fast as it was spoken.
STEADY_S = 0.25


class Lateness:
    """Of one leg, against the earliest of its sound.

    What falls behind for good is forgiven: a sound card slower than the clock, samples that
    a page drops before it says so (frame-clock.ts), a line that has become slower.
    """

    def __init__(self, now: float) -> None:
        self._began = now  # when the first sample was spoken, as far as can be told
        # Since when there is a look at its pace, and what it found first and earliest.
        self._since = self._first = self._earliest = now

    def seconds(self, taken_ms: float, now: float) -> float:
        """`taken_ms` of sound have come by now, with silence for what was lost."""
        due = now - taken_ms / 1000
        self._began = min(self._began, due)
        self._earliest = min(self._earliest, due)
        if now - self._since >= LOOK_S:
            if abs(due - self._first) <= STEADY_S:
                self._began = self._earliest
            self._since = now
            self._first = self._earliest = due
        return due - self._began

    def due_ms(self, now: float) -> float:
        """Of sound that should have come by now."""
        return (now - self._began) * 1000
