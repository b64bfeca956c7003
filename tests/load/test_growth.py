"""What a soak concludes from sizes that were measured."""

import pytest

from tests.load.growth import Sample, by_minute, later_half, slope_of


def minutes(*mib: float) -> list[Sample]:
    return [Sample(60.0 * minute, size) for minute, size in enumerate(mib)]


def test_a_steady_gain_is_growth_by_as_much_an_hour() -> None:
    slope = slope_of(minutes(*(100 + minute for minute in range(30))))

    assert slope is not None
    assert slope == pytest.approx((60.0, 60.0, 60.0))
    assert slope.verdict == "grows"


def test_what_stays_as_it_is_is_flat() -> None:
    slope = slope_of(minutes(*[240.0] * 30))

    assert slope is not None
    assert slope.verdict == "flat"


def test_one_jump_within_hours_of_the_same_is_no_growth() -> None:
    slope = slope_of(minutes(*[100.0] * 5, *[130.0] * 120))

    assert slope is not None
    assert slope.verdict == "flat"


def test_noise_over_half_an_hour_proves_nothing_either_way() -> None:
    slope = slope_of(minutes(*(100, 124, 95, 118, 106, 130, 100, 124) * 4))

    assert slope is not None
    assert slope.low < 0 < slope.high
    assert slope.verdict == "not sure"


def test_growth_within_noise_is_found_given_time() -> None:
    noise = (3.0, -2.0, 0.0, 2.5, -3.0)
    sizes = [200 + minute / 6 + noise[minute % 5] for minute in range(120)]
    slope = slope_of(minutes(*sizes))

    assert slope is not None
    assert slope.low < 10.0 < slope.high
    assert slope.verdict == "grows"


def test_a_few_minutes_are_too_few_to_say_anything() -> None:
    assert slope_of(minutes(1, 2, 3, 4, 5)) is None


def test_a_minute_is_its_floor_whatever_a_moment_took() -> None:
    samples = [Sample(1, 10), Sample(20, 900), Sample(59, 11), Sample(130, 12)]

    assert by_minute(samples) == [Sample(0, 10), Sample(120, 12)]


def test_half_of_the_time_is_warming_up() -> None:
    samples = [Sample(0, 1), Sample(1, 2), Sample(2, 3), Sample(60, 4), Sample(100, 5)]

    assert later_half(samples) == [Sample(60, 4), Sample(100, 5)]
