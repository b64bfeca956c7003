"""More calls than the engine can read: what gives way, in which order, and what never."""

import numpy as np
import pytest

from appliance.transcriber.port import DecodeJob
from tests.transcriber.simulation import Figures, Simulation

pytestmark = pytest.mark.anyio


def two_cores(job: DecodeJob) -> float:
    """ms of a pass of whisper-base, int8, one of two busy threads of a 2-core machine: per
    item 150 for the encoder at 1250 frames, and for the words 60 and what items share."""
    items = len(job.items)
    words = 80 + 70 * items if job.careful else 60 + 40 * items
    return items * 0.12 * job.context_frames + words


async def talk(calls: int, seconds: int) -> Figures:
    return await Simulation(two_cores).run(calls, seconds)


async def test_what_the_box_can_carry_is_live_all_the_time() -> None:
    figures = await talk(10, 300)
    assert figures.states == []
    assert len(figures.final_ms) == figures.ended > 400
    assert np.percentile(figures.final_ms, 95) < 1200
    assert figures.partials > figures.ended


@pytest.mark.parametrize(("calls", "seconds"), [(100, 60), (1000, 30)])
async def test_beyond_it_partials_stop_first_then_advice_and_every_final_comes(
    calls: int, seconds: int
) -> None:
    figures = await talk(calls, seconds)
    assert [load for _, load in figures.states] == ["degraded", "overloaded", "live"]
    assert len(figures.final_ms) == figures.ended
    assert figures.failed == 0
    began_ms = figures.states[0][0]
    assert began_ms < 20_000
    assert figures.last_partial_ms <= figures.states[0][0] + 1000
    # With nothing but finals to read, the engine is never idle and never does one twice.
    assert figures.careful_items <= 1.05 * figures.ended


async def test_a_burst_is_over_soon_after_it_is_over() -> None:
    figures = await talk(60, 60)
    recovered_ms, load = figures.states[-1]
    assert load == "live"
    assert recovered_ms < 2 * 60_000
