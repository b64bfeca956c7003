"""From each figure to the calls behind it: as many as it counts, and no others."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import product
from random import Random

import pytest
from msgspec.structs import replace

from appliance.messages import AiSuggestion, Summary
from appliance.reporting.desk import Question
from appliance.reporting.figures import Group, MeasureInfo
from appliance.store.counted import CONDITIONS, Count
from appliance.store.event import AdviceBegan
from appliance.store.search import Search, page_of
from appliance.store.sums import By
from tests.reporting.calls import NOON, Told
from tests.reporting.site import DAY, Site
from tests.reporting.test_by_hand import ten_calls

pytestmark = pytest.mark.anyio

# What these count is not calls; each of the calls behind them has some of it.
MORE_THAN_CALLS = {
    *("ms of speech", "ms of calls", "minutes of speech"),
    *("advices", "lines", "weight"),
}


def some_call(n: int, chance: Random) -> Told:
    """As it might be; a few go on, a few are never answered."""
    call = Told(f"r{n}", NOON + timedelta(minutes=chance.randrange(-900, 900)))
    call.come(chance.choice(["", "sales", "billing"]), person=chance.choice(["", "tap"]))
    wait = chance.choice([2, 4, 15, 25])
    steps: list[tuple[float, Callable[[], Told]]] = [
        (0.5, lambda: call.know(f"K{chance.randrange(5)}")),
        (0.7, lambda: call.answer(wait, *chance.choice([("a1", "Ann"), ("a2", "Bob")]))),
        (0.6, lambda: call.say("agent", 1000, 3000, text=chance.choice(["so", ""]))),
        (0.6, lambda: call.say("customer", 1000, 3000, text=chance.choice(["so", ""]))),
        (0.5, lambda: call.feel(chance.randrange(-90, 90), "up")),
        (0.3, lambda: call.check(chance.randrange(2), chance.randrange(2), 1)),
        (0.6, lambda: call.note(advice(chance.choice(["", "Try this."])), 31)),
        (0.4, lambda: call.note(AdviceBegan(id="a1", after_ms=400), 30)),
        (0.9, lambda: call.end(wait + chance.choice([0, 30, 90]), settled_s=0)),
        (0.5, lambda: call.note(draft(chance.choice(["yes", "no", ""])), 130)),
        (0.3, lambda: call.wrap_up(140, "follow_up", 9)),
        (0.3, lambda: call.wrap_up(150, "resolved", 9, changed=0.2)),
    ]
    for share, step in steps:
        if chance.random() < share:
            step()
    return call


def advice(text: str) -> AiSuggestion:
    return AiSuggestion(
        id="a1", answers="t1", action="none", suggestion=text, reasoning="",
        confidence=1, is_final=True, status="done",
    )  # fmt: skip


def draft(resolution: str) -> Summary:
    return Summary(
        id="s", purpose="wrap_up", source="quotes",
        resolution=resolution,  # type: ignore[arg-type]
    )  # fmt: skip


async def behind(
    site: Site, asked: Question, measure: MeasureInfo, group: Group
) -> list[int]:
    """Where the calls begin that the parameters of these two find."""
    wish: Mapping[str, str] = {**(measure.sessions or {}), **(group.sessions or {})}
    search = Search(
        queue=wish.get("queue", ""),
        since=asked.since,
        until=asked.until,
        counted=Count(
            of=wish["counted"],  # type: ignore[arg-type]
            terms=site.reporting.terms,
            account=wish.get("account", ""),
        ),
    )
    return [n for (n,) in await site.store.ask(*page_of(search, None, 1000))]


@pytest.mark.parametrize("by", ["site", "agent", "queue"])
async def test_a_list_has_as_many_calls_as_its_figure_counts(site: Site, by: By) -> None:
    chance = Random(7)
    await site.keep([*ten_calls(), *(some_call(n, chance) for n in range(80))])
    asked = replace(DAY, by=by)
    metrics = await site.metrics(asked)
    seen = set()
    for measure, group in product(metrics.measures, metrics.groups):
        if measure.sessions is None or group.sessions is None:
            continue
        found = await behind(site, asked, measure, group)
        n = group.figures[measure.name].n
        if measure.counted in MORE_THAN_CALLS:
            assert bool(found) == bool(n), (measure.name, group.id)
        else:
            assert len(found) == n, (measure.name, group.id)
        seen.add(measure.sessions["counted"])
    assert seen == set(CONDITIONS)


async def test_a_figure_is_of_the_calls_behind_it_and_of_no_others(site: Site) -> None:
    chance = Random(8)
    await site.keep(some_call(n, chance) for n in range(60))
    metrics = await site.metrics()
    [whole] = metrics.groups
    await change(site, "CREATE TABLE aside AS SELECT * FROM measured")
    apart = {(one.sessions or {}).get("counted", ""): one for one in metrics.measures}
    for measure in apart.values():
        if measure.sessions is None:
            continue
        found = await behind(site, DAY, measure, whole)
        asked = replace(DAY, measures=(measure.name,))
        for others, n in (("", 0), ("NOT", whole.figures[measure.name].n)):
            taken = f"DELETE FROM measured WHERE n {others} IN (SELECT unnest(?))"
            await change(site, taken, found)
            assert (await site.figures(asked))[measure.name].n == n, measure.name
            await change(site, "DELETE FROM measured")
            await change(site, "INSERT INTO measured SELECT * FROM aside")


async def test_calls_that_go_on_are_behind_no_figure(site: Site) -> None:
    await site.keep([Told("over").come().answer(1).end(9), Told("on").come().answer(1)])
    count = Count(of="calls", terms=site.reporting.terms)
    listed = [
        {row.call_id for row in (await site.store.sessions(search)).sessions}
        for search in (Search(), Search(counted=count))
    ]
    assert listed == [{"over", "on"}, {"over"}]


async def change(site: Site, sql: str, *bound: object) -> None:
    await site.store.between_commits(lambda log: log.change([(sql, bound)]))


async def test_only_what_rests_on_the_time_of_agents_leads_to_no_calls(
    site: Site,
) -> None:
    measures = (await site.metrics()).measures
    times = {"occupancy", "utilisation", "time_on_call", "time_wrap_up"}
    assert {one.name for one in measures if one.sessions is None} == {
        *times, "time_available", "time_away",
    }  # fmt: skip
