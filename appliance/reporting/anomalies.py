"""What is out of the ordinary: against the same hour of past weeks, and against limits.

The distance is the modified z-score of Iglewicz and Hoaglin (How to Detect and Handle
Outliers, 1993): 0.6745 (x - median) / MAD, in which a few odd weeks do not weigh; where
more than half of the weeks are alike, their mean absolute deviation stands in for the MAD.
3.5 is their limit.

No clock: figures come in, the newest and those of past weeks.
"""

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean, median
from typing import NamedTuple, TypeAlias

from appliance.errors import SettingsError
from appliance.reporting.figures import Figure, MeasureInfo
from appliance.supervision import Anomaly, AnomalyKind

# Weeks without which nobody can say what is usual.
FEWEST_WEEKS = 4

# An hour with fewer of what a measure counts says little.
FEWEST = 5

# Something that is raised is over below this share of the limit that raised it, or as far
# behind a threshold: else it would come and go with every call.
BACK = 0.6
BACK_BEHIND = 0.1


class Limit(NamedTuple):
    """Raised where the measure is below, or above, this."""

    measure: str
    below: bool
    value: float

    def beyond(self, value: float, raised: bool) -> bool:
        """Once raised, it has to come back behind the limit by a tenth of it."""
        margin = BACK_BEHIND * abs(self.value) * raised
        if self.below:
            return value < self.value + margin
        return value > self.value - margin


def limit_of(text: str) -> Limit:
    """Of `service_level < 70`. Raises SettingsError."""
    for sign in "<>":
        measure, found, value = text.partition(sign)
        if found:
            try:
                return Limit(measure.strip(), sign == "<", float(value))
            except ValueError:
                break
    raise SettingsError(
        f"[reporting] limits has {text!r}.",
        fix="Write a measure, < or >, and a number, as in: service_level < 70",
    )


def distance(value: float, past: Sequence[float]) -> float | None:
    """The modified z-score; None where the past does not say what is usual."""
    if len(past) < FEWEST_WEEKS:
        return None
    middle = median(past)
    apart = [abs(one - middle) for one in past]
    spread = median(apart) / 0.6745 or fmean(apart) * 1.253314
    return (value - middle) / spread if spread else None


Known: TypeAlias = tuple[str, AnomalyKind]  # by measure and kind


class Watch:
    """Is shown the figures again and again; knows what is out of the ordinary now."""

    def __init__(self, most: float, limits: Sequence[Limit]) -> None:
        """`most`: a z-score from which something is unusual; 0: nothing is."""
        self._most = most
        self._limits = limits
        self._raised: dict[Known, Anomaly] = {}

    @property
    def raised(self) -> tuple[Anomaly, ...]:
        """In the order they came up."""
        return tuple(self._raised.values())

    def look(
        self, measure: MeasureInfo, now: Figure, past: Sequence[Figure], at: datetime
    ) -> None:
        """`past`: the same hour of past weeks in which there were any calls."""
        known = [one.value for one in past if one.value is not None]
        value = _telling(measure, now)
        unusual = value is not None and self._unusual(measure, value, known)
        usual = round(median(known), 3) if known else 0.0
        self._settle(measure, "unusual", value if unusual else None, usual, at)
        for limit in self._limits:
            if limit.measure == measure.name:
                raised = (measure.name, "limit") in self._raised
                over = value is not None and limit.beyond(value, raised)
                self._settle(measure, "limit", value if over else None, limit.value, at)

    def _unusual(self, measure: MeasureInfo, value: float, past: Sequence[float]) -> bool:
        z = distance(value, past)
        if z is None or not self._most:
            return False
        bad = {"higher": -z, "lower": z, "": abs(z)}[measure.better]
        raised = (measure.name, "unusual") in self._raised
        return bad >= self._most * (BACK if raised else 1)

    def _settle(
        self,
        measure: MeasureInfo,
        kind: AnomalyKind,
        value: float | None,
        usual: float,
        at: datetime,
    ) -> None:
        key: Known = (measure.name, kind)
        before = self._raised.get(key)
        if value is None:
            self._raised.pop(key, None)
            return
        self._raised[key] = Anomaly(
            measure=measure.name,
            title=measure.title,
            unit=measure.unit,
            kind=kind,
            value=value,
            usual=usual,
            since=before.since if before else at,
        )


def _telling(measure: MeasureInfo, figure: Figure) -> float | None:
    few = measure.unit != "count" and figure.n < FEWEST
    return None if few else figure.value
