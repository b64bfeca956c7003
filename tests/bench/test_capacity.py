"""What a curve says, on curves small enough to reckon by hand."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.bench.capacity import Delay, Found, Report, Row, examine
from appliance.bench.level import Level
from appliance.bench.table import summary
from appliance.errors import ApplianceError

LIMIT_S = 2.0


def row(
    calls: int,
    final_s: float | None,
    *,
    advice_s: float | None = None,
    lost: int = 0,
    valid: bool = True,
    cores: float | None = None,
) -> Row:
    """100 turns; 0.1 cores and 1 MiB for each call beyond half a core and 200 MiB."""
    used = 0.5 + 0.1 * calls if cores is None else cores
    return Row(
        calls=calls,
        valid=valid,
        final_s=Delay(p95=final_s),
        first_advice_s=Delay(p95=advice_s),
        turns=100,
        turns_lost=lost,
        cpu={"server": 0.01, "speech": used / max(calls, 1) - 0.01},
        peak_mib={"server": 100.0 + calls, "speech": 100.0},
    )


def found(*rows: Row, cores: int = 2) -> Found:
    return examine(Report(cores=cores, levels=list(rows)), LIMIT_S)


def queue(calls: float, base_s: float, wait_s: float, full: float) -> float:
    return base_s + wait_s * calls / (full - calls)


def curve(calls: Sequence[int]) -> list[Row]:
    """Reaches 2 s at 12 calls: 0.5 + 0.5 * 12 / (16 - 12)."""
    return [row(n, queue(n, 0.5, 0.5, 16.0)) for n in calls]


def test_a_straight_line_is_found_again_with_no_error() -> None:
    line = found(*curve([1, 2, 4, 8])).cores

    assert line.base == pytest.approx(0.5)
    assert line.each == pytest.approx(0.1)
    assert line.error == pytest.approx(0, abs=1e-9)
    assert line.at(10) == pytest.approx(1.5)


def test_between_the_measured_points_the_fit_decides() -> None:
    box = found(*curve([1, 2, 4, 8, 10, 14]))

    assert (box.most, box.too_many) == (10, 14)
    assert box.calls in (11, 12)  # 12 to the hair; the pole is looked for in steps
    assert box.delay is not None
    assert box.delay.full == pytest.approx(16, rel=0.02)
    assert box.delay.error < 0.02


def test_beyond_the_last_point_nothing_is_promised() -> None:
    box = found(*curve([1, 2, 4, 8]))

    assert (box.most, box.too_many, box.calls) == (8, None, 8)
    assert box.delay is not None
    assert box.delay.calls_at(LIMIT_S) > 8  # what the fit would have said


def test_a_fit_never_overrules_what_was_measured() -> None:
    box = found(row(1, 0.5), row(2, 0.5), row(4, 0.5), row(12, 1.9), row(14, 2.1))
    assert box.calls in (12, 13)

    flat = found(row(1, 0.5), row(2, 0.6), row(4, 0.5), row(8, 0.6), row(10, 9.0))
    assert flat.calls in (8, 9)  # however flat the fit: 10 was too many


def test_one_point_gives_no_fit_and_shares_all_it_cost() -> None:
    box = found(row(12, 1.5))

    assert (box.calls, box.range, box.delay, box.power) == (12, (12, 12), None, None)
    assert box.cores.each == pytest.approx(1.7 / 12)
    assert box.cores.points == 1


def test_three_points_fit_anything_and_so_are_not_fitted() -> None:
    assert found(*curve([2, 4, 8])).delay is None
    assert found(*curve([2, 4, 8, 10])).delay is not None


def test_a_curve_that_is_too_slow_from_the_start_carries_nothing() -> None:
    box = found(row(1, 2.5), row(2, 4.0), row(4, 9.0))

    assert (box.most, box.too_many, box.calls) == (0, 1, 0)


def test_advice_counts_as_much_as_finals() -> None:
    box = found(row(1, 0.5, advice_s=0.7), row(4, 1.0, advice_s=3.2))

    assert (box.most, box.too_many) == (1, 4)


def test_a_call_that_was_not_read_is_too_many_however_soon_the_others_were() -> None:
    box = found(row(8, 1.0), row(12, 1.4), row(24, 1.4, lost=50))

    assert (box.most, box.too_many, box.left_out) == (12, 24, [24])


def test_a_row_whose_generator_was_late_is_left_out() -> None:
    box = found(row(4, 0.9), row(8, 5.0, valid=False), row(12, 1.4))

    assert (box.most, box.too_many, box.left_out) == (12, None, [8])


def test_more_that_was_fast_after_something_was_slow_is_not_believed() -> None:
    assert found(row(4, 0.9), row(8, 2.4), row(12, 1.4)).most == 4


def test_a_turn_or_two_that_nobody_heard_is_chance() -> None:
    few = msgspec.structs.replace(row(4, 1.0, lost=2), turns=20)

    assert found(few).most == 4


@pytest.mark.parametrize(
    "rows",
    [[], [row(0, 1.0)], [row(4, None)], [row(4, 1.0, valid=False)], [row(4, 1, lost=9)]],
    ids=["none", "no calls", "no finals", "invalid", "not read"],
)
def test_a_report_with_nothing_to_go_by_is_refused(rows: list[Row]) -> None:
    with pytest.raises(ApplianceError, match="no number of calls that was measured well"):
        found(*rows)


@pytest.mark.parametrize(
    ("power", "used"),
    [
        (1.0, lambda calls: 0.1 * calls),
        (0.5, lambda calls: 0.3 * calls**0.5),
        (2.0, lambda calls: 0.01 * calls**2),
    ],
)
def test_the_growth_of_cost_is_a_power_of_the_calls(power: float, used) -> None:  # type: ignore[no-untyped-def]
    box = found(*(row(n, 0.5, cores=used(n)) for n in (1, 2, 4, 8)))
    assert box.power == pytest.approx(power)


def test_the_range_is_what_leaving_out_one_point_would_change() -> None:
    points = curve([1, 2, 4, 8, 14])
    noisy = msgspec.structs.replace(points[3], final_s=Delay(p95=1.6))
    box = found(*points[:3], noisy, points[4])

    assert box.range[0] <= box.calls <= box.range[1]
    assert box.range[0] < box.range[1]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 64),
            st.floats(0.01, 100),
            st.integers(0, 100),
            st.booleans(),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_any_curve_is_refused_or_bracketed(
    points: list[tuple[int, float, int, bool]],
) -> None:
    rows = [row(calls, p95, lost=lost, valid=ok) for calls, p95, lost, ok in points]
    try:
        box = found(*rows)
    except ApplianceError:
        assert not any(r.usable for r in rows)
        return
    assert box.most <= box.calls
    assert box.too_many is None or box.calls < box.too_many
    if box.delay is not None:
        assert box.delay.base_s >= 0
        assert box.delay.wait_s >= 0


def test_what_the_bench_writes_is_what_is_read() -> None:
    level = Level(calls=4, final_s=[0.5, 0.7], turns=3, lost=1)
    level.cost.window_s, level.cost.cpu_s = 10.0, {"server": 1.0, "speech-1": 3.0}
    written = msgspec.json.encode({"cores": 2, "levels": [summary(level)]})
    report = msgspec.json.decode(written, type=Report)

    assert report.levels[0].cores == pytest.approx(0.4)
    assert report.levels[0].slowest_s == pytest.approx(0.69)
    assert (report.levels[0].turns, report.levels[0].turns_lost) == (3, 1)
