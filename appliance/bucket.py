"""How much may come at once, and how much from then on. No clock: times are passed in."""

from typing import NamedTuple


class Rate(NamedTuple):
    burst: float  # may come at once
    per_s: float  # and this much each second


class Bucket:
    """Holds `burst` at first and refills by `per_s`; who takes more waits. Times are
    monotonic seconds."""

    __slots__ = ("_at", "_left", "_rate")

    def __init__(self, rate: Rate, now: float) -> None:
        self._rate = rate
        self._left = rate.burst
        self._at = now

    def take(self, cost: float, now: float) -> float:
        """0.0 if there was so much, which is gone now; else the seconds until there will
        be, and nothing is taken."""
        self._refill(now)
        if cost <= self._left:
            self._left -= cost
            return 0.0
        return (cost - self._left) / self._rate.per_s

    def spend(self, cost: float, now: float) -> float:
        """For what has come already: take it, whether it is there or not. Seconds until
        the debt is paid back, 0.0 without one."""
        self._refill(now)
        self._left -= cost
        return max(0.0, -self._left) / self._rate.per_s

    def full(self, now: float) -> bool:
        """True if nothing was taken that is not back: as good as a new one."""
        self._refill(now)
        return self._left >= self._rate.burst

    def _refill(self, now: float) -> None:
        back = max(0.0, now - self._at) * self._rate.per_s
        self._left = min(self._rate.burst, self._left + back)
        self._at = now
