"""Periods of local time: where the quarters of an hour, hours and days of a site begin."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import takewhile
from typing import Literal, TypeAlias

from appliance.errors import ProtocolError

Grain: TypeAlias = Literal["quarter_hour", "hour", "day"]

# A year in days, a month in hours, ten days in quarters: more nobody reads off a chart.
MOST_BUCKETS = 1000

_STEP = {"quarter_hour": timedelta(minutes=15), "hour": timedelta(hours=1)}


def edges(
    since: datetime, until: datetime, grain: Grain | None, zone: tzinfo
) -> tuple[datetime, ...]:
    """In order: `since`, each beginning of a bucket after it, `until`; in the site's time.

    A day has 23 or 25 hours where the clock is set; an hour that comes twice is two.
    Raises ProtocolError for a period that is empty or has too many buckets.
    """
    # In UTC: times of one zone compare by what the clock shows, and it shows some twice.
    begin, end = since.astimezone(UTC), until.astimezone(UTC)
    if begin >= end:
        raise ProtocolError("The period is empty.", fix="Give a `to` after `from`.")
    found = [begin]
    inner = _beginnings(begin, grain, zone) if grain is not None else ()
    for edge in takewhile(lambda edge: edge < end, inner):
        if edge > begin:
            found.append(edge)
        if len(found) > MOST_BUCKETS:
            raise ProtocolError(
                f"The period has more than {MOST_BUCKETS} times a {grain}.",
                fix="Ask for a coarser `grain`, or a shorter period.",
            )
    return tuple(edge.astimezone(zone) for edge in (*found, end))


def _beginnings(since: datetime, grain: Grain, zone: tzinfo) -> Iterator[datetime]:
    """Of the buckets from the one that `since` is in, in UTC."""
    local = since.astimezone(zone)
    if grain == "day":
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        while True:
            yield midnight.astimezone(UTC)
            midnight += timedelta(days=1)
    # Steps of real time, from where the local hour begins: not all zones are off by whole
    # hours.
    step = _STEP[grain]
    offset = (local.utcoffset() or timedelta()) % step
    whole = (since.timestamp() + offset.total_seconds()) // step.total_seconds()
    edge = datetime.fromtimestamp(whole * step.total_seconds(), UTC) - offset
    while True:
        yield edge
        edge += step
