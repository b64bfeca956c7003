"""A record and its figures, for the tests."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from appliance.reporting.desk import Question, Reporting
from appliance.reporting.figures import Figure, Metrics
from appliance.settings import ReportingSettings
from appliance.store.event import AgentBecame, Event
from appliance.store.writer import Store
from tests.reporting.calls import NOON, Told

DAY = Question(since=NOON - timedelta(hours=12), until=NOON + timedelta(hours=12))
UTC_SITE = ReportingSettings(time_zone="UTC")
NEXT_MONTH = NOON + timedelta(days=30)


class Site(NamedTuple):
    store: Store
    reporting: Reporting

    async def keep(self, calls: Iterable[Told]) -> None:
        for call in calls:
            for event in call.events:
                self.store.append(event)
        await self.store.flush()

    async def duty(self, agent: str, *states: tuple[float, str, str]) -> None:
        """So many seconds after noon they did this, with that call."""
        before = ""
        for at_s, state, call_id in states:
            became = AgentBecame(
                agent=agent,
                name=agent,
                state=state,  # type: ignore[arg-type]
                call_id=call_id,
                wrote_up=before,
            )
            before = call_id if state == "wrap_up" else ""
            self.store.append(Event.of_box(became, NOON + timedelta(seconds=at_s)))
        await self.store.flush()

    async def metrics(self, question: Question = DAY) -> Metrics:
        return await self.reporting.metrics(question, NEXT_MONTH)

    async def figures(self, question: Question = DAY) -> dict[str, Figure]:
        """Of the whole site."""
        [whole] = (await self.metrics(question)).groups
        return dict(whole.figures)
