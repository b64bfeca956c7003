"""What to buy."""

import pytest

from appliance.bench.capacity import Delay, EngineCeiling, Found, Report, Row, examine
from appliance.bench.sizing import erlang_b, lines_for, loop_calls, need, other_box
from appliance.errors import ApplianceError


def found(*, p95_s: float = 1.5, server: float = 0.01) -> Found:
    """Two cores carry twelve calls; the server takes a hundredth of a core for each."""
    rows = [
        Row(
            calls=calls,
            valid=True,
            final_s=Delay(p95=p95_s),
            first_advice_s=Delay(),
            turns=10,
            turns_lost=0,
            cpu={"server": server, "speech": 0.09},
            peak_mib={"server": 100.0 + 2 * calls, "speech": 1000.0},
        )
        for calls in (6, 12)
    ]
    return examine(Report(cores=2, levels=rows), 2.0)


# From the tables of telephone engineering: so many erlangs on so many lines lose 1 %.
@pytest.mark.parametrize(("lines", "traffic"), [(1, 0.0101), (10, 4.461), (100, 84.06)])
def test_erlang_b_is_that_of_the_tables(lines: int, traffic: float) -> None:
    assert erlang_b(traffic, lines) == pytest.approx(0.01, rel=0.01)
    assert lines_for(traffic * 0.999, 0.01) == lines
    assert lines_for(traffic * 1.01, 0.01) == lines + 1


def test_no_traffic_needs_no_line() -> None:
    assert lines_for(0.0, 0.01) == 0
    assert erlang_b(5.0, 0) == 1


def test_calls_grow_with_the_cores_and_their_speed_until_the_loop_is_full() -> None:
    assert other_box(found(), 2).calls == 12
    assert other_box(found(), 4, 1.5).calls == 36
    box = other_box(found(), 64)
    assert (box.calls, box.loop_calls, box.bound_by_loop) == (70, 70, True)


def test_a_server_that_costs_nothing_bounds_nothing() -> None:
    assert loop_calls(found(server=0.0), 1.0) is None
    assert other_box(found(server=0.0), 64).calls == 384


def test_more_cores_have_more_speech_processes_in_memory() -> None:
    two, four = other_box(found(), 2), other_box(found(), 4)
    more_calls_gib = 12 * 2 / 1024

    assert four.gib - two.gib == pytest.approx(1000 / 1024 + more_calls_gib)


def test_a_few_agents_need_a_place_each_and_many_share() -> None:
    few, many = need(found(), 4, 0.68), need(found(), 200, 0.68)

    assert (few.calls, few.boxes, few.cores) == (4, 1, 1)
    assert many.traffic == pytest.approx(136)
    assert 136 < many.calls < 200
    assert many.boxes == 3  # of at most 70 calls each
    assert many.cores == 9  # a third of 155 calls, at 6 a core


def test_with_a_box_that_carries_nothing_nothing_can_be_bought() -> None:
    with pytest.raises(ApplianceError, match="not carry a single call"):
        need(found(p95_s=3.0), 10, 0.68)


def test_the_speed_of_a_core_is_what_the_ceiling_gives_it() -> None:
    ceiling = EngineCeiling(call_s=300.0, engine_s=10.0)

    assert Report(cores=2, levels=[], ceiling=ceiling).core_speed == 15
    assert Report(cores=2, levels=[]).core_speed is None
