"""Where the buckets of local time begin, and what happens when the clock is set."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import ProtocolError
from appliance.reporting.periods import MOST_BUCKETS, Grain, edges

BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
ZONES = (
    ZoneInfo("UTC"),
    BERLIN,
    KOLKATA,
    ZoneInfo("America/Sao_Paulo"),
    ZoneInfo("Asia/Beirut"),
    ZoneInfo("Australia/Lord_Howe"),
)


def berlin(month: int, day: int, hour: int = 0, fold: int = 0) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=BERLIN, fold=fold)


def lengths(bounds: tuple[datetime, ...]) -> list[timedelta]:
    moments = [bound.astimezone(UTC) for bound in bounds]
    return [b - a for a, b in pairwise(moments)]


def hours(*counts: int) -> list[timedelta]:
    return [timedelta(hours=count) for count in counts]


def test_a_day_has_23_hours_when_summer_time_begins_and_25_when_it_ends() -> None:
    spring = edges(berlin(3, 29), berlin(4, 1), "day", BERLIN)
    autumn = edges(berlin(10, 25), berlin(10, 28), "day", BERLIN)
    assert lengths(spring) == hours(24, 23, 24)
    assert lengths(autumn) == hours(24, 25, 24)
    assert {edge.hour for edge in (*spring, *autumn)} == {0}


def test_the_hour_that_comes_twice_is_two_buckets() -> None:
    night = edges(berlin(10, 26, 1), berlin(10, 26, 4), "hour", BERLIN)
    assert [edge.hour for edge in night] == [1, 2, 2, 3, 4]
    assert lengths(night) == hours(1, 1, 1, 1)


def test_hours_begin_when_the_clock_there_strikes() -> None:
    since = datetime(2025, 3, 3, 6, 10, tzinfo=KOLKATA)
    found = edges(since, since + timedelta(hours=2), "hour", KOLKATA)
    assert [edge.minute for edge in found] == [10, 0, 0, 10]


def test_without_a_grain_the_period_is_one_bucket() -> None:
    assert len(edges(berlin(1, 1), berlin(12, 31), None, BERLIN)) == 2


def test_too_many_buckets_are_refused_with_advice() -> None:
    with pytest.raises(ProtocolError, match="coarser"):
        edges(berlin(1, 1), berlin(12, 31), "hour", BERLIN)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ProtocolError, match="empty"):
        edges(berlin(2, 1), berlin(1, 1), "day", BERLIN)


@given(
    since=st.integers(946_684_800, 2_208_988_800),
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=9)),
    grain=st.sampled_from(["quarter_hour", "hour", "day"]),
    zone=st.sampled_from(ZONES),
)
def test_buckets_lie_side_by_side_and_cover_the_period(
    since: int, length: timedelta, grain: Grain, zone: ZoneInfo
) -> None:
    begin = datetime.fromtimestamp(since, UTC)
    found = edges(begin, begin + length, grain, zone)
    moments = [edge.astimezone(UTC) for edge in found]
    assert moments[0] == begin
    assert moments[-1] == begin + length
    assert all(length > timedelta(0) for length in lengths(found))
    assert len(found) <= MOST_BUCKETS + 1
    longest = {"quarter_hour": 0.25, "hour": 1, "day": 25}[grain]
    assert max(lengths(found)) <= timedelta(hours=longest)
