"""How long to wait before a model process is started again. No clock."""

# The first restart is at once: most deaths are single, and a call is waiting. A process
# that keeps dying is tried again each half minute, so that it heals when an admin mends
# the cause.
DELAYS_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

# A process that has served this long was healthy; its death starts the row again.
HEALTHY_S = 60.0


class Backoff:
    def __init__(self) -> None:
        self.deaths = 0

    def after_death(self, served_s: float) -> float:
        """Seconds to wait, given how long the process that died had been serving."""
        if served_s >= HEALTHY_S:
            self.deaths = 0
        delay = DELAYS_S[min(self.deaths, len(DELAYS_S) - 1)]
        self.deaths += 1
        return delay
