"""What is told of figures: each with its formula, how many it rests on, and its unit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.reporting.periods import Grain
from appliance.store.sums import By

Unit: TypeAlias = Literal["count", "s", "ms", "percent", "score", "per_call", "per_minute"]

Better: TypeAlias = Literal["higher", "lower", ""]


class Figure(Struct, frozen=True, kw_only=True):
    """`value` None: it cannot be known, and nothing is to be shown, least of all 0. `n`:
    so many calls, lines, advices or hours it rests on."""

    value: float | None
    n: float
    provisional: bool = False  # may still change without anything new in the period


class MeasureInfo(Struct, frozen=True, kw_only=True):
    """What a measure is. `hidden` says why it cannot be known here; "" if it can."""

    name: str
    group: str  # which it stands with: volume, queue, time, outcome, customer, talk ...
    title: str
    unit: Unit
    formula: str
    source: str  # whose definition it is
    counted: str  # what `n` counts
    better: Better = ""  # which way is good
    hidden: str = ""
    # The calls behind it, as parameters of /api/sessions, beside those of its group, and
    # `from` and `to` of its bucket; None: the time of agents is behind it, not calls.
    sessions: Mapping[str, str] | None = {}


class Group(Struct, frozen=True, kw_only=True):
    """The site, an agent or a queue. `figures` are of the whole period, by measure;
    `series` of each bucket in order, None where nothing was counted."""

    id: str
    name: str
    sessions: Mapping[str, str] | None  # as in `MeasureInfo`; None: no list is of it alone
    figures: Mapping[str, Figure]
    series: Mapping[str, tuple[Figure | None, ...]] = {}


class Metrics(Struct, frozen=True, kw_only=True):
    """Figures over a period. Times are the site's; `starts` those of its buckets."""

    since: datetime
    until: datetime
    time_zone: str
    by: By
    grain: Grain | None
    starts: tuple[datetime, ...]
    measures: tuple[MeasureInfo, ...]
    groups: tuple[Group, ...]
