"""Service levels on Cisco's example, and what counts as waiting at all."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from appliance.reporting.desk import Question, Reporting
from appliance.reporting.figures import Figure, Metrics
from appliance.settings import ReportingSettings
from appliance.store.writer import Store
from tests.reporting.calls import NOON, Told

pytestmark = pytest.mark.anyio

DAY = Question(since=NOON - timedelta(hours=12), until=NOON + timedelta(hours=12))
UTC_SITE = ReportingSettings(time_zone="UTC")


class Site(NamedTuple):
    store: Store
    reporting: Reporting


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Store.open(tmp_path / "record.duckdb") as store:
        yield Site(store, Reporting(UTC_SITE, store))


async def keep(site: Site, calls: Iterable[Told]) -> None:
    for call in calls:
        for event in call.events:
            site.store.append(event)
    await site.store.flush()


async def figures(site: Site, question: Question = DAY) -> Metrics:
    return await site.reporting.metrics(question, NOON + timedelta(days=1))


async def of_site(site: Site) -> dict[str, Figure]:
    [whole] = (await figures(site)).groups
    return dict(whole.figures)


def answered(n: int, wait_s: float) -> list[Told]:
    return [
        Told(f"{n}-{wait_s}-{i}").come().answer(wait_s).end(wait_s + 60) for i in range(n)
    ]


def gave_up(n: int, wait_s: float) -> list[Told]:
    return [Told(f"gone-{wait_s}-{i}").come().end(wait_s) for i in range(n)]


async def test_cisco_s_example_has_cisco_s_service_levels(site: Site) -> None:
    calls = [*answered(70, 15), *gave_up(10, 15), *answered(20, 40)]
    await keep(site, calls)
    told = await of_site(site)
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
