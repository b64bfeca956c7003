"""The table people read."""

import msgspec

from appliance.bench.ceiling import Ceiling
from appliance.bench.level import Level
from appliance.bench.reference import Errors
from appliance.bench.table import HEADINGS, ceiling_line, markdown, summary
from appliance.bench.watch import Cost


def level() -> Level:
    return Level(
        calls=4,
        final_s=[0.5] * 99 + [3.0],
        errors=Errors(words=200, substituted=10, deleted=4, inserted=2),
        turns=101,
        lost=1,
        cost=Cost(
            window_s=100.0,
            cpu_s={"server": 8.0, "vad": 4.0, "speech": 120.0},
            peak_mib={"server": 150.4, "vad": 250.0, "speech": 300.0},
            engine_busy_s=60.0,
            passes={"final": 30, "partial": 70},
            items={"final": 60, "partial": 90},
            samples=50,
            degraded=5,
        ),
    )


def test_costs_are_for_each_second_of_one_call() -> None:
    row = summary(level())

    assert row.cpu == {"server": 0.02, "vad": 0.01, "speech": 0.3}
    assert (row.cores, row.engine_busy, row.engine_batch) == (1.32, 0.6, 1.5)
    assert (row.degraded, row.wer) == (0.1, 8.0)


def test_what_was_not_measured_is_null_for_programs_and_a_dash_for_people() -> None:
    row = summary(level())

    assert msgspec.to_builtins(row)["first_advice_s"]["p95"] is None
    assert "| - | - |" in markdown([row])


def test_every_row_has_a_cell_for_each_heading() -> None:
    lines = markdown([summary(level()), summary(Level(calls=8))]).splitlines()

    assert len(lines) == 4
    assert {line.count("|") for line in lines} == {len(HEADINGS) + 1}
    assert "0.50 / 0.50 / 0.53" in lines[2]
    assert "8.0 (10 / 4 / 2 of 200)" in lines[2]
    assert "0.020 / 0.010 / 0.300 / -" in lines[2]


def test_a_run_with_a_late_generator_says_that_it_is_invalid() -> None:
    late = level()
    late.worst_late_s = 0.2

    assert "4 (invalid: generator late)" in markdown([summary(late)])


def test_the_ceiling_is_told_in_calls() -> None:
    ceiling = Ceiling(
        call_s=300.0,
        vad_s=1.5,
        engine_s=20.0,
        passes=30,
        items=100,
        wer=10.0,
        errors=Errors(),
    )

    assert ceiling_line(ceiling).startswith("Engine ceiling: 15.0 calls.")
