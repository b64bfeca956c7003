"""When certificates begin, end and are renewed, by clocks that are right and wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import TlsError
from appliance.tls.dates import (
    EARLIEST,
    LEAF_LIFE,
    RENEWED_BEFORE,
    Dates,
    due,
    of_authority,
    of_leaf,
    worth_saying,
)

NOW = datetime(2027, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
AUTHORITY = of_authority(NOW)
LEAF = of_leaf(NOW, AUTHORITY)
NO_BATTERY = datetime(1970, 1, 1, tzinfo=UTC)

moments = st.floats(0, datetime(2100, 1, 1, tzinfo=UTC).timestamp()).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@given(made=moments, signed=moments)
def test_no_certificate_is_longer_than_browsers_take_or_than_its_authority(
    made: datetime, signed: datetime
) -> None:
    authority = of_authority(made)
    if signed > authority.end:
        with pytest.raises(TlsError, match="clock"):
            of_leaf(signed, authority)
        return
    leaf = of_leaf(signed, authority)
    assert leaf.begin < leaf.end < leaf.begin + LEAF_LIFE
    assert authority.begin <= leaf.begin
    assert leaf.end <= authority.end


@given(made=moments, signed=moments, now=moments)
def test_what_was_just_made_is_not_due_again(
    made: datetime, signed: datetime, now: datetime
) -> None:
    """Else the box would sign another one every hour."""
    authority = of_authority(made)
    if signed > authority.end or now > authority.end:
        return
    if due(of_leaf(signed, authority), authority, now):
        assert not due(of_leaf(now, authority), authority, now)


def test_a_certificate_is_due_a_month_before_its_end_and_not_before() -> None:
    assert not due(LEAF, AUTHORITY, NOW)
    assert not due(LEAF, AUTHORITY, LEAF.end - RENEWED_BEFORE)
    assert due(LEAF, AUTHORITY, LEAF.end - RENEWED_BEFORE + DAY)
    assert due(LEAF, AUTHORITY, LEAF.end + 500 * DAY)  # out of a store room


def test_a_clock_that_shows_what_cannot_be_renews_nothing() -> None:
    assert not due(LEAF, AUTHORITY, NO_BATTERY)
    assert not due(LEAF, AUTHORITY, AUTHORITY.end + DAY)


def test_a_box_first_started_without_a_battery_is_valid_once_the_clock_is_right() -> None:
    authority = of_authority(NO_BATTERY)
    leaf = of_leaf(NO_BATTERY, authority)
    assert leaf.begin <= EARLIEST <= leaf.end
    later = EARLIEST + 300 * DAY
    assert authority.has(later)
    assert leaf.has(later) or due(leaf, authority, later)


def test_a_certificate_signed_while_the_clock_was_ahead_is_made_anew() -> None:
    ahead = of_leaf(NOW + 3 * 365 * DAY, AUTHORITY)
    assert due(ahead, AUTHORITY, NOW)
    assert of_leaf(NOW, AUTHORITY).has(NOW)


def test_a_clock_before_the_authority_was_made_changes_nothing() -> None:
    assert not due(LEAF, AUTHORITY, NOW - 100 * DAY)


def test_a_clock_that_went_back_and_came_again_leaves_a_valid_certificate() -> None:
    leaf = of_leaf(NOW + 400 * DAY, AUTHORITY)
    behind, right = NOW + 100 * DAY, NOW + 500 * DAY
    assert due(leaf, AUTHORITY, behind)
    meanwhile = of_leaf(behind, AUTHORITY)
    assert due(meanwhile, AUTHORITY, right)
    assert of_leaf(right, AUTHORITY).has(right)


def test_the_last_certificate_ends_with_its_authority_and_is_not_made_every_hour() -> None:
    last = of_leaf(AUTHORITY.end - 100 * DAY, AUTHORITY)
    assert last.end == AUTHORITY.end
    assert not due(last, AUTHORITY, AUTHORITY.end - DAY)


@pytest.mark.fault("certificate runs out")
@pytest.mark.parametrize(
    ("now", "said"),
    [
        (NOW, None),
        (NOW - 10 * DAY, "is valid only from 2027-02-28"),
        (LEAF.end - 3 * DAY, "ends on 2028-03-30"),
        (LEAF.end + DAY, "ended on 2028-03-30"),
    ],
)
def test_dates_are_said_where_somebody_has_to_know(now: datetime, said: str | None) -> None:
    assert worth_saying(Dates(LEAF.begin, LEAF.end), now, RENEWED_BEFORE) == said
