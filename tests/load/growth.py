"""Does a series of sizes grow? The slope of Theil and Sen, and how sure it is.

A least-squares line follows the one jump of an allocator; the median of the slopes between
all pairs does not. The interval around it is Sen's (1968), from the variance of Kendall's
statistic: it takes neighbours as independent, so one sample of each minute goes in.
"""

from collections.abc import Sequence
from itertools import combinations
from math import sqrt
from statistics import median
from typing import Literal, NamedTuple, TypeAlias

HOUR_S = 3600.0
MINUTE_S = 60.0
SURE = 1.96  # of the normal distribution: 95 in 100

# Minutes. With three calls the record moves its log into its file every 14, and the server
# gains 17 MiB until then: eleven of them between two such moments looked like 73 an hour.
FEWEST = 30

# MiB an hour: of a box that is started anew once a month, 3 GiB. Less cannot be told from
# none in four hours: the end of calls takes the server 30 MiB up and down.
ALLOWED = 4.0

Verdict: TypeAlias = Literal["flat", "grows", "not sure"]


class Sample(NamedTuple):
    at_s: float
    mib: float


class Slope(NamedTuple):
    """MiB an hour; with 95 % confidence between `low` and `high`."""

    middle: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """`flat` only where more than what is allowed can be excluded."""
        if self.low > ALLOWED:
            return "grows"
        return "flat" if self.high <= ALLOWED else "not sure"

    def __str__(self) -> str:
        return f"{self.middle:+.1f} ({self.low:+.1f} to {self.high:+.1f}) MiB/h"


def by_minute(samples: Sequence[Sample]) -> list[Sample]:
    """One for each minute in which there are any, at its beginning: the least. What the
    end of a call takes for a moment is no growth; the floor that it comes back to is."""
    minutes: dict[int, list[float]] = {}
    for sample in samples:
        minutes.setdefault(int(sample.at_s // MINUTE_S), []).append(sample.mib)
    return [Sample(n * MINUTE_S, min(minutes[n])) for n in sorted(minutes)]


def later_half(samples: Sequence[Sample]) -> list[Sample]:
    """Of the time, not of the number: the first is warming up."""
    if not samples:
        return []
    half_s = (samples[0].at_s + samples[-1].at_s) / 2
    return [sample for sample in samples if sample.at_s >= half_s]


def slope_of(samples: Sequence[Sample]) -> Slope | None:
    """Of samples at different moments; None where there are too few to say anything."""
    count = len(samples)
    if count < FEWEST:
        return None
    slopes = sorted(
        (b.mib - a.mib) / (b.at_s - a.at_s) * HOUR_S for a, b in combinations(samples, 2)
    )
    spread = SURE * sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low = max(0, int((len(slopes) - spread) / 2))
    return Slope(median(slopes), slopes[low], slopes[-1 - low])
