"""The agents on duty and the sockets of their pages: who is told what, and when."""

import time
from collections.abc import Callable, Sequence

from appliance.calls.agents import Agent, Agents
from appliance.calls.outbox import Outbox
from appliance.calls.registry import Call, Registry
from appliance.duty import Be, Duty, Offer, OnDuty
from appliance.messages import Customer, encode
from appliance.pipeline.shifts import Shifts
from appliance.settings import CallSettings

# A page takes its line for dead after a few of these.
ALIVE_S = 10.0


class Floor:
    def __init__(
        self,
        settings: CallSettings,
        registry: Registry,
        customer_of: Callable[[str], Customer | None],
        shifts: Shifts,
    ) -> None:
        """`customer_of` says who the customer of the call of this id is, if known."""
        self._shifts = shifts
        self._registry = registry
        self._customer_of = customer_of
        self.agents = Agents(settings.rejoin_s)
        self._outboxes: dict[str, Outbox] = {}  # by agent
        self._alive_at = 0.0

    # ------------------------------------------------------------------ the agents' sockets

    def enter(self, agent_id: str, name: str, told: OnDuty, outbox: Outbox) -> None:
        """A page of this agent opens; one that was open before is told that it is replaced.

        Raises CallError if there are too many agents.
        """
        agent = self.agents.arrive(agent_id, name, told)
        before = self._outboxes.get(agent_id)
        self._outboxes[agent_id] = outbox
        if before is not None:
            before.close(4409, "Opened elsewhere.")
        self.deal()
        self._tell(agent)

    def leave(self, agent_id: str, outbox: Outbox) -> None:
        """A socket has closed."""
        if self._outboxes.get(agent_id) is not outbox:
            return  # another one has replaced it
        del self._outboxes[agent_id]
        self.agents.gone(self.agents.get(agent_id), time.monotonic())
        self.deal()

    def be(self, agent_id: str, wish: Be) -> None:
        """Raises CallError in mid call."""
        if wish.state == "off":
            self.agents.leave(agent_id)
            self._shifts.off(agent_id)
            self._outboxes.pop(agent_id).close(1000, "The shift is over.")
        else:
            self._changed(self.agents.be(agent_id, wish.state))

    # ------------------------------------------------------------------ their calls

    def answer(self, agent_id: str, take_seat: Callable[[], Call]) -> Call:
        """Raises CallError if they are not available, or if there is no seat."""
        self.agents.check_may_answer(agent_id)
        call = take_seat()
        self.agents.answered(agent_id, call.id)
        self._changed(self.agents.get(agent_id))
        return call

    def call_ended(self, call_id: str) -> None:
        self._changed(self.agents.call_ended(call_id))

    def wrapped_up(self, call_id: str) -> None:
        self._changed(self.agents.wrapped_up(call_id))

    def customer_found(self, call_id: str) -> None:
        """Who calls is known now, or is somebody else."""
        at_desks = [self.agents.get(agent_id) for agent_id in self._outboxes]
        self._tell_all([agent for agent in at_desks if agent.offered == call_id])

    # ------------------------------------------------------------------ telling

    def deal(self) -> None:
        """Somebody came, went, or changed: let the calls that wait ring where they may."""
        self._shifts.look(self.agents)
        self._tell_all(self.agents.deal([call.id for call in self._ready()]))

    def tick(self) -> None:
        """Called twice a second."""
        now = time.monotonic()
        overdue = self.agents.overdue(now)
        for agent in overdue:
            self._shifts.off(agent.id, now - (agent.gone_since or now))
        if overdue:
            self.deal()
        self._shifts.tick()
        if now - self._alive_at >= ALIVE_S:
            self._alive_at = now
            self._tell_all([self.agents.get(agent_id) for agent_id in self._outboxes])

    def _ready(self) -> Sequence[Call]:
        """Whose customer waits at an open line. None rings that may not be answered."""
        if self._registry.held:
            return []
        waiting = self._registry.waiting("customer")
        return [c for c in waiting if c.people["customer"].away_since is None]

    def _changed(self, agent: Agent | None) -> None:
        self.deal()
        if agent is not None:
            self._tell(agent)

    def _tell_all(self, agents: Sequence[Agent]) -> None:
        for agent in agents:
            self._tell(agent)

    def _tell(self, agent: Agent) -> None:
        outbox = self._outboxes.get(agent.id)
        if outbox is not None:
            duty = Duty(state=agent.state, call_id=agent.call_id, offer=self._offer(agent))
            outbox.say(encode(duty))

    def _offer(self, agent: Agent) -> Offer | None:
        if not agent.offered:
            return None
        call = self._registry.get(agent.offered)
        customer = call.people["customer"]
        return Offer(
            call_id=call.id,
            name=customer.name,
            reason=customer.reason,
            queue=call.queue,
            waited_ms=round((time.monotonic() - call.started) * 1000),
            customer=self._customer_of(call.id),
        )
