"""What counts as out of the ordinary, and that it does not come and go."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import SettingsError
from appliance.reporting.anomalies import Limit, Watch, distance, limit_of
from appliance.reporting.figures import Figure, MeasureInfo
from appliance.reporting.handling import HANDLING
from appliance.reporting.lookout import HOUR, WEEKS, Lookout, hours_of_weeks
from appliance.reporting.queues import queue_measures
from appliance.settings import ReportingSettings
from tests.reporting.calls import NOON, Told
from tests.reporting.site import Site

INFOS: dict[str, MeasureInfo] = {
    one.info.name: one.info for one in (*HANDLING, *queue_measures(20, 5))
}
USUAL = (10, 11, 9, 10, 12, 10, 9, 11)


def figures(values: Sequence[float]) -> list[Figure]:
    return [Figure(value=value, n=100) for value in values]


@dataclass
class Seen:
    """One measure, looked at hour by hour."""

    name: str = "abandonment"
    limits: tuple[Limit, ...] = ()
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(3.5, self.limits)

    def raised(
        self, value: float | None, past: Sequence[float] = USUAL, n: float = 100
    ) -> bool:
        now = Figure(value=value, n=n)
        self.watch.look(INFOS[self.name], now, figures(past), NOON)
        return bool(self.watch.raised)


def test_the_distance_is_that_of_iglewicz_and_hoaglin() -> None:
    # Median 10.5, deviations 0.5 0.5 1.5 0.5 1.5 0.5 1.5 0.5: MAD 0.5.
    past = (10, 11, 9, 10, 12, 10, 12, 11)
    assert distance(13.5, past) == pytest.approx(0.6745 * 3 / 0.5)


def test_where_most_weeks_are_alike_their_mean_deviation_counts() -> None:
    assert distance(4, [0, 0, 0, 0, 0, 0, 0, 8]) == pytest.approx(4 / 1.253314)


def test_without_enough_weeks_or_with_weeks_all_alike_nothing_is_unusual() -> None:
    assert distance(99, [10, 11, 9]) is None
    assert distance(99, [10, 10, 10, 10]) is None


def test_only_the_bad_way_is_told() -> None:
    assert Seen().raised(40)
    assert not Seen().raised(0)
    assert Seen("service_level").raised(0)
    assert not Seen("service_level").raised(40)
    assert Seen("calls").raised(40)
    assert Seen("calls").raised(0)


def test_one_odd_week_does_not_hide_what_is_odd_now() -> None:
    assert Seen().raised(40, (*USUAL[:-1], 95))


def test_it_is_over_only_when_it_is_well_back() -> None:
    seen = Seen()
    # Median 10, MAD 1: raised at 3.5 / 0.6745 above, over at 0.6 of that.
    assert not seen.raised(15.0)
    assert seen.raised(15.5)
    assert seen.raised(13.5)
    assert not seen.raised(13.0)
    assert not seen.raised(13.5)


def test_too_few_calls_say_nothing_but_a_count_of_them_does() -> None:
    assert not Seen().raised(40, n=4)
    assert Seen("calls").raised(0, n=0)


def test_what_is_not_known_any_more_is_over() -> None:
    seen = Seen()
    assert seen.raised(40)
    assert not seen.raised(None)


def test_a_limit_holds_without_any_past_and_is_left_by_a_tenth() -> None:
    seen = Seen("service_level", (limit_of("service_level < 70"),))
    assert not seen.raised(70, past=())
    assert seen.raised(69.9, past=())
    assert seen.raised(76.9, past=())
    assert not seen.raised(77, past=())
    assert not seen.raised(76.9, past=())


def test_since_when_it_is_raised_stays() -> None:
    seen = Seen()
    seen.raised(40)
    later = NOON + timedelta(hours=1)
    seen.watch.look(INFOS["abandonment"], Figure(value=50, n=100), figures(USUAL), later)
    [anomaly] = seen.watch.raised
    assert (anomaly.since, anomaly.value, anomaly.usual) == (NOON, 50, 10)


@pytest.mark.parametrize("text", ["service_level", "service_level < much", "a = 3"])
def test_a_limit_that_cannot_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match="service_level < 70"):
        limit_of(text)


@given(
    values=st.lists(st.floats(0, 100), min_size=1, max_size=30),
    past=st.lists(st.floats(0, 100), min_size=4, max_size=8),
)
def test_between_raising_and_ending_lies_a_real_step(
    values: list[float], past: list[float]
) -> None:
    """Whatever the past: a value that ends an alert would not have raised it."""
    seen = Seen()
    before = False
    for value in values:
        after = seen.raised(value, past)
        if before and not after:
            assert not Seen().raised(value, past)
        before = after


def test_the_same_hour_of_past_weeks_is_the_same_by_the_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = NOON.replace(month=4, day=7)  # a week after summer time began
    bounds = [bound.astimezone(berlin) for bound in hours_of_weeks(now, berlin)]
    assert len(bounds) == 2 * (WEEKS + 1)
    assert {bound.hour for bound in bounds[1::2]} == {14}
    assert {b - a for a, b in zip(bounds[::2], bounds[1::2], strict=True)} == {HOUR}
    assert {bound.weekday() for bound in bounds} == {now.weekday()}


def hour(weeks_ago: int, gave_up: int) -> list[Told]:
    """Ten calls, half an hour before noon."""
    came = NOON - timedelta(weeks=weeks_ago, minutes=30)
    calls = [Told(f"{weeks_ago}-{n}", came).come() for n in range(10)]
    return [
        call.end(10) if n < gave_up else call.answer(10).end(60)
        for n, call in enumerate(calls)
    ]


@pytest.mark.anyio
async def test_an_hour_in_which_far_more_give_up_than_in_past_weeks_is_raised(
    site: Site,
) -> None:
    lookout = Lookout(ReportingSettings(watched=("abandonment",)), site.reporting)
    for week in range(1, 7):
        await site.keep(hour(week, gave_up=1 + week % 2))
    await site.keep(hour(0, gave_up=8))
    await lookout.look(NOON)
    [anomaly] = lookout.raised
    assert (anomaly.measure, anomaly.kind, anomaly.value) == ("abandonment", "unusual", 80)
    assert anomaly.usual == 15
    assert lookout.watched() == {"abandonment": True}


def test_a_measure_that_there_is_not_cannot_be_watched(site: Site) -> None:
    with pytest.raises(SettingsError, match="luck"):
        Lookout(ReportingSettings(limits=("luck < 1",)), site.reporting)
