"""The measurement of the event loop."""

import anyio
import pytest

from appliance.server.loop import LoopProbe, late_ms


def test_a_percentile_is_right_to_a_fifth() -> None:
    probe = LoopProbe()
    for ms in range(1, 1001):
        probe.late(ms / 10)

    assert late_ms(probe.counts, 0.5) == pytest.approx(50, rel=0.2)
    assert late_ms(probe.counts, 0.99) == pytest.approx(99, rel=0.2)


def test_nothing_counted_is_not_late() -> None:
    assert late_ms(LoopProbe().counts, 0.99) == 0


@pytest.mark.parametrize("ms", [-1.0, 0.0, 1e9])
def test_any_lateness_has_a_bucket(ms: float) -> None:
    probe = LoopProbe()
    probe.late(ms)

    assert sum(probe.counts) == 1


@pytest.mark.anyio
async def test_it_counts_for_as_long_as_it_runs() -> None:
    probe = LoopProbe()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(probe.run)
        while not sum(probe.counts):  # noqa: ASYNC110
            await anyio.sleep(0.01)  # the probe tells nobody, so as to cost nothing
        tasks.cancel_scope.cancel()
