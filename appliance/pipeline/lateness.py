"""How late one person's sound comes. No clock: times are monotonic seconds, passed in."""

# In each second of sound, in seconds. A sound card and a clock differ by 0.0001 s; a busy
# page drops up to 0.025 s before it says so (frame-clock.ts), and nothing stands in for
# that. Followed any faster, the minute that a page sends again would pass for punctual.
FOLLOWED = 1 / 32


class Lateness:
    """Of one leg, against the earliest of its sound. What falls behind slowly, as it does
    where samples go missing, is forgiven: nobody hears it any later for that."""

    def __init__(self, now: float) -> None:
        self._began = now  # when the first sample was spoken, as far as can be told
        self._taken_ms = 0.0

    def seconds(self, taken_ms: float, now: float) -> float:
        """`taken_ms` of sound have come by now, with silence for what was lost."""
        due = now - taken_ms / 1000
        new_s = (taken_ms - self._taken_ms) / 1000
        self._taken_ms = taken_ms
        self._began = min(due, self._began + new_s * FOLLOWED)
        return due - self._began

    def due_ms(self, now: float) -> float:
        """Of sound that should have come by now."""
        return (now - self._began) * 1000
