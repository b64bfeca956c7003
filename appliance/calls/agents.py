"""Which agents are on duty, what each is doing, and who rings with whom. No clock, no IO.

    AVAILABLE --answers--> ON_CALL --the call ends--> WRAP_UP --saved, or by wish--+
        ^ <-----------------------------------------------------------------------+
        +-- by wish --> AWAY

Times are monotonic seconds, passed in.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from appliance.duty import AgentState, OnDuty
from appliance.errors import CallError

# Far above the agents whom one box serves; it bounds what a faulty or hostile client can
# make the box remember.
MAX_AGENTS = 1000


@dataclass(slots=True)
class Agent:
    id: str
    name: str
    state: AgentState = "available"
    call_id: str = ""  # which they are in, or write up
    offered: str = ""  # id of the call that rings at their desk
    gone_since: float | None = None  # s; None while a socket is open

    @property
    def takes_calls(self) -> bool:
        return self.state == "available" and self.gone_since is None


class Agents:
    def __init__(self, rejoin_s: float) -> None:
        """Who is gone for longer than `rejoin_s` is off duty."""
        self._rejoin_s = rejoin_s
        self._agents: dict[str, Agent] = {}

    def __iter__(self) -> Iterator[Agent]:
        """Who is on duty, in the order they came."""
        return iter(self._agents.values())

    def get(self, agent_id: str) -> Agent:
        agent = self._agents.get(agent_id)
        if agent is None:
            raise CallError(
                f"No agent {agent_id!r} is on duty.", fix="Start the shift anew on /calls."
            )
        return agent

    def knows(self, agent_id: str) -> bool:
        """Whether they are on duty: what their page last heard does not count then."""
        return agent_id in self._agents

    # ------------------------------------------------------------------ coming and going

    def arrive(self, agent_id: str, name: str, told: OnDuty) -> Agent:
        """A socket of this agent opens. What the box knows counts; after it has forgotten,
        what the agent's page last heard. Raises CallError if there are too many agents."""
        agent = self._agents.get(agent_id)
        if agent is None:
            agent = self._new(agent_id, name, told)
        agent.name = name
        agent.gone_since = None
        return agent

    def _new(self, agent_id: str, name: str, told: OnDuty) -> Agent:
        if len(self._agents) >= MAX_AGENTS:
            raise CallError(
                f"The box has {MAX_AGENTS} agents already.", fix="End a shift somewhere."
            )
        state: AgentState = "away" if told.state == "away" else "available"
        if told.call_id:
            # A call whose agent the box does not know is over: calls outlive no restart.
            state = "wrap_up"
        self._agents[agent_id] = Agent(agent_id, name, state, told.call_id)
        return self._agents[agent_id]

    def gone(self, agent: Agent, now: float) -> None:
        """Their socket closed; they may come back."""
        agent.gone_since = now

    def overdue(self, now: float) -> list[Agent]:
        """Who stayed away for too long, and is off duty from now on."""
        late = [a for a in self._agents.values() if self._is_overdue(a, now)]
        for agent in late:
            del self._agents[agent.id]
        return late

    def _is_overdue(self, agent: Agent, now: float) -> bool:
        if agent.gone_since is None or agent.state == "on_call":
            return False  # a call that its agent has left ends by itself first
        return now - agent.gone_since > self._rejoin_s

    # ------------------------------------------------------------------ what they do

    def be(self, agent_id: str, state: AgentState) -> Agent:
        """By the agent's wish. It ends a wrap-up, but not a call: raises CallError."""
        agent = self._free_to_choose(agent_id)
        agent.state, agent.call_id = state, ""
        return agent

    def leave(self, agent_id: str) -> None:
        """The shift is over. Raises CallError in mid call."""
        del self._agents[self._free_to_choose(agent_id).id]

    def _free_to_choose(self, agent_id: str) -> Agent:
        agent = self.get(agent_id)
        if agent.state == "on_call":
            raise CallError("You are in a call.", fix="End the call first.")
        return agent

    def check_may_answer(self, agent_id: str) -> None:
        """Raises CallError unless the agent is available."""
        agent = self.get(agent_id)
        if agent.state != "available":
            raise CallError(
                f"{agent.name or 'This agent'} is {agent.state.replace('_', ' ')}.",
                fix="Finish that and become available, then answer.",
            )

    def answered(self, agent_id: str, call_id: str) -> None:
        agent = self.get(agent_id)
        agent.state, agent.call_id = "on_call", call_id

    def call_ended(self, call_id: str) -> Agent | None:
        """Its agent, if any, who has to write it up now."""
        return self._move(call_id, "on_call", "wrap_up")

    def wrapped_up(self, call_id: str) -> Agent | None:
        """Its agent, if they were still at it, who takes calls again."""
        agent = self._move(call_id, "wrap_up", "available")
        if agent is not None:
            agent.call_id = ""
        return agent

    def _move(self, call_id: str, before: AgentState, after: AgentState) -> Agent | None:
        for agent in self._agents.values():
            if agent.call_id == call_id and agent.state == before:
                agent.state = after
                return agent
        return None

    # ------------------------------------------------------------------ who rings

    def deal(self, waiting: Sequence[str]) -> list[Agent]:
        """Let the calls that wait, the longest first, ring with agents who are available;
        gives those for whom that is news.

        What rings goes on ringing until it is answered, so that nobody answers somebody
        else than they have just read about. A new ring goes to the call with the fewest:
        as long as enough people wait, no two agents reach for the same one.
        """
        before = {agent.id: agent.offered for agent in self._agents.values()}
        for agent in self._agents.values():
            if not agent.takes_calls or agent.offered not in waiting:
                agent.offered = ""
        rings = Counter(agent.offered for agent in self._agents.values())
        for agent in self._agents.values():
            if waiting and agent.takes_calls and not agent.offered:
                agent.offered = min(waiting, key=rings.__getitem__)
                rings[agent.offered] += 1
        return [a for a in self._agents.values() if a.offered != before[a.id]]

    def counts(self) -> dict[AgentState, int]:
        """How many are doing what, those included who may come back."""
        found = Counter(agent.state for agent in self._agents.values())
        return {state: found[state] for state in _STATES}


_STATES: Iterable[AgentState] = get_args(AgentState)
