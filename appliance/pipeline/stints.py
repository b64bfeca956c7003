"""Since when each agent has been doing what they do. No clock, no IO."""

from collections.abc import Iterable
from datetime import datetime

from appliance.calls.agents import Agent
from appliance.supervision import AgentOnDuty


class Stints:
    """Is shown the agents again and again; knows each change to within the time between
    two looks."""

    def __init__(self) -> None:
        self._known: dict[str, AgentOnDuty] = {}

    def seen(self, agents: Iterable[Agent], now: datetime) -> tuple[AgentOnDuty, ...]:
        """Those who are on duty, in the order they came. Who is not among them any more is
        forgotten."""
        self._known = {agent.id: self._stint(agent, now) for agent in agents}
        return tuple(self._known.values())

    def _stint(self, agent: Agent, now: datetime) -> AgentOnDuty:
        known = self._known.get(agent.id)
        same = known is not None and known.state == agent.state
        since = known.since if known is not None and same else now
        return AgentOnDuty(id=agent.id, name=agent.name, state=agent.state, since=since)
