"""Service levels on Cisco's example, and what counts as waiting at all."""

import pytest

from appliance.reporting.figures import Figure
from appliance.store.event import CallStarted, Joined
from tests.reporting.calls import Told
from tests.reporting.site import Site

pytestmark = pytest.mark.anyio

HIDDEN = Figure(value=None, n=0)


def answered(n: int, wait_s: float) -> list[Told]:
    return [
        Told(f"{n}-{wait_s}-{i}").come().answer(wait_s).end(wait_s + 60) for i in range(n)
    ]


def gave_up(n: int, wait_s: float) -> list[Told]:
    return [Told(f"gone-{wait_s}-{i}").come().end(wait_s) for i in range(n)]


async def test_cisco_s_example_has_cisco_s_service_levels(site: Site) -> None:
    await site.keep([*answered(70, 15), *gave_up(10, 15), *answered(20, 40)])
    told = await site.figures()
    levels = {
        name: (figure.value, figure.n)
        for name, figure in told.items()
        if name.startswith("service_level")
    }
    assert levels == {
        "service_level": (77.778, 90),
        "service_level_handled": (77.778, 90),
        "service_level_positive": (80, 100),
        "service_level_negative": (70, 100),
        "service_level_connect": (80, 100),
    }
    assert told["abandonment"] == Figure(value=10, n=100)
    assert told["asa"] == Figure(value=20.556, n=90)


async def test_who_is_gone_at_once_never_came_but_for_amazon(site: Site) -> None:
    await site.keep([*answered(3, 15), *gave_up(1, 4.9), *gave_up(1, 5)])
    told = await site.figures()
    assert told["offered"] == Figure(value=4, n=4)
    assert told["abandonment"] == Figure(value=25, n=4)
    assert told["service_level_connect"] == Figure(value=100, n=5)


async def test_whoever_closes_the_page_was_gone_then_not_when_they_were_given_up(
    site: Site,
) -> None:
    await site.keep([Told("c1").come().leave(12).end(72, "timeout", settled_s=0)])
    told = await site.figures()
    assert told["abandon_wait"] == Figure(value=12, n=1)


async def test_where_a_gateway_brings_both_sides_no_wait_is_known(site: Site) -> None:
    call = Told("c1").come(person="tap").answer(9, agent="tap").end(60)
    await site.keep([call])
    told = await site.figures()
    for name in ("asa", "wait_p50", "service_level", "service_level_connect"):
        assert told[name] == HIDDEN
    assert told["handled"] == Figure(value=1, n=1)


async def test_whom_an_agent_waits_for_was_in_no_queue(site: Site) -> None:
    call = Told("c1").note(CallStarted(), 0).answer(0)
    await site.keep([call.note(Joined(role="customer", name="Ada"), 30).end(60)])
    told = await site.figures()
    assert told["asa"] == HIDDEN
    assert told["duration"] == Figure(value=30, n=1)
