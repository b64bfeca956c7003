"""What agents are doing, kept in the record as it changes."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from appliance.calls.agents import Agent
from appliance.store.event import AgentBecame, Event, Fact, OnDutyStill
from appliance.store.writer import Store

# After a crash somebody's time ends with the last event of all: in a quiet hour nothing
# else would tell that they were there.
SIGN_OF_LIFE_S = 60.0


class Shifts:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, AgentBecame] = {}  # by agent, as the record has them
        self._sign_at = 0.0  # monotonic s

    def look(self, agents: Iterable[Agent]) -> None:
        """Record what is new of those on duty."""
        for agent in agents:
            before = self._known.get(agent.id)
            wrote = before.call_id if before and before.state == "wrap_up" else ""
            now = AgentBecame(
                agent=agent.id,
                name=agent.name,
                state=agent.state,
                call_id=agent.call_id,
                wrote_up=wrote if wrote != agent.call_id else "",
            )
            if before is None or _does(before) != _does(now):
                self._known[agent.id] = now
                self._note(now)

    def off(self, agent_id: str, ago_s: float = 0.0) -> None:
        """This one is on duty no more, since so long ago."""
        before = self._known.pop(agent_id, None)
        if before is None:
            return
        wrote = before.call_id if before.state == "wrap_up" else ""
        gone = AgentBecame(agent=agent_id, name=before.name, state="off", wrote_up=wrote)
        self._note(gone, ago_s)

    def tick(self) -> None:
        """Called twice a second."""
        now = time.monotonic()
        if self._known and now - self._sign_at >= SIGN_OF_LIFE_S:
            self._sign_at = now
            self._note(OnDutyStill(agents=len(self._known)))

    def close(self) -> None:
        """The box stops: all who are on duty come anew."""
        for agent_id in list(self._known):
            self.off(agent_id)

    def _note(self, fact: Fact, ago_s: float = 0.0) -> None:
        wall = datetime.now(UTC) - timedelta(seconds=ago_s)
        self._store.append(Event.of_box(fact, wall))


def _does(became: AgentBecame) -> tuple[str, str]:
    return became.state, became.call_id
