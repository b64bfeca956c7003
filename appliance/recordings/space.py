"""How much room there is for recordings, and what follows from it. No IO."""

from msgspec import Struct

from appliance.supervision import SpaceState

WARN_AT = 0.8

# Of a disk that was full so much has to be free again before anything more is recorded:
# else calls would begin and stop every second.
AGAIN = 0.01


class Space(Struct, frozen=True, kw_only=True):
    """In bytes. Without a budget the disk is the limit."""

    used: int = 0  # by recordings
    free: int = 0  # on their disk
    keep_free: int = 0  # of that
    budget: int = 0  # for all recordings; 0: as much as there is

    @property
    def capacity(self) -> int:
        """That recordings may take, with what they have."""
        disk = self.used + max(0, self.free - self.keep_free)
        return min(disk, self.budget) if self.budget else disk

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.used)

    @property
    def share(self) -> float:
        """Of the capacity that is taken, 0..1."""
        return 1.0 if self.left == 0 else self.used / self.capacity

    def state(self, *, was_full: bool) -> SpaceState:
        if self.left <= (AGAIN * self.capacity if was_full else 0):
            return "full"
        # A disk that others fill leaves recordings no larger share of it than before.
        return "filling" if self.share >= WARN_AT or self.left < self.keep_free else "ok"
