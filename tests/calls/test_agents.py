import pytest

from appliance.calls.agents import MAX_AGENTS, Agents
from appliance.duty import AgentState, OnDuty
from appliance.errors import CallError


def floor(*names: str) -> Agents:
    agents = Agents(rejoin_s=60)
    for name in names:
        agents.arrive(name, name, OnDuty())
    return agents


def rings(agents: Agents, *names: str) -> list[str]:
    return [agents.get(name).offered for name in names]


def test_an_agent_goes_from_call_to_wrap_up_and_back() -> None:
    agents = floor("ann")
    agents.answered("ann", "c1")
    assert agents.get("ann").state == "on_call"
    assert agents.call_ended("c1") is agents.get("ann")
    assert agents.get("ann").state == "wrap_up"
    assert agents.wrapped_up("c1") is agents.get("ann")
    assert (agents.get("ann").state, agents.get("ann").call_id) == ("available", "")


def test_a_wrap_up_ends_by_the_agents_wish_and_what_is_saved_later_changes_nothing() -> (
    None
):
    agents = floor("ann")
    agents.answered("ann", "c1")
    agents.call_ended("c1")
    agents.be("ann", "away")
    assert agents.wrapped_up("c1") is None
    assert agents.get("ann").state == "away"


def test_nobody_walks_out_of_a_call() -> None:
    agents = floor("ann")
    agents.answered("ann", "c1")
    with pytest.raises(CallError, match="in a call"):
        agents.be("ann", "away")
    with pytest.raises(CallError, match="in a call"):
        agents.leave("ann")


@pytest.mark.parametrize("state", ["away", "wrap_up", "on_call"])
def test_only_who_is_available_may_answer(state: str) -> None:
    agents = floor("ann")
    agents.check_may_answer("ann")
    agents.answered("ann", "c1")
    if state != "on_call":
        agents.call_ended("c1")
    if state == "away":
        agents.be("ann", "away")
    with pytest.raises(CallError, match=state.replace("_", " ")):
        agents.check_may_answer("ann")
    with pytest.raises(CallError, match="on duty"):
        agents.check_may_answer("joe")


def test_who_drops_off_is_as_they_were_when_they_come_back_in_time() -> None:
    agents = floor("ann")
    agents.be("ann", "away")
    agents.gone(agents.get("ann"), 100)
    assert agents.overdue(160) == []
    agents.arrive("ann", "Ann", OnDuty(state="available"))
    assert agents.get("ann").state == "away"
    assert agents.overdue(1000) == []


def test_who_stays_away_is_off_duty() -> None:
    agents = floor("ann", "joe")
    agents.gone(agents.get("ann"), 100)
    assert [agent.id for agent in agents.overdue(161)] == ["ann"]
    assert agents.counts() == {"available": 1, "on_call": 0, "wrap_up": 0, "away": 0}


def test_an_agent_in_a_call_is_not_forgotten_before_the_call_is_over() -> None:
    agents = floor("ann")
    agents.answered("ann", "c1")
    agents.gone(agents.get("ann"), 100)
    assert agents.overdue(1000) == []
    agents.call_ended("c1")
    assert len(agents.overdue(1000)) == 1


@pytest.mark.parametrize(
    ("heard", "call_id", "is_now"),
    [
        ("available", "", "available"),
        ("away", "", "away"),
        ("wrap_up", "c1", "wrap_up"),
        ("on_call", "c1", "wrap_up"),
        ("on_call", "", "available"),
    ],
)
def test_a_box_that_has_forgotten_an_agent_believes_the_page(
    heard: AgentState, call_id: str, is_now: AgentState
) -> None:
    agents = Agents(rejoin_s=60)
    agent = agents.arrive("ann", "Ann", OnDuty(state=heard, call_id=call_id))
    assert (agent.state, agent.call_id) == (is_now, call_id)


def test_a_call_rings_with_all_who_are_available_and_with_nobody_else() -> None:
    agents = floor("ann", "joe", "eve", "ida")
    agents.be("eve", "away")
    agents.gone(agents.get("ida"), 0)
    assert [agent.id for agent in agents.deal(["c1"])] == ["ann", "joe"]
    assert rings(agents, "ann", "joe", "eve", "ida") == ["c1", "c1", "", ""]
    agents.answered("ann", "c1")
    assert {agent.id for agent in agents.deal([])} == {"ann", "joe"}
    assert rings(agents, "ann", "joe") == ["", ""]


def test_while_enough_people_wait_no_two_agents_reach_for_the_same_one() -> None:
    agents = floor("ann", "joe", "eve")
    agents.deal(["c1", "c2"])
    assert rings(agents, "ann", "joe", "eve") == ["c1", "c2", "c1"]


def test_a_ring_does_not_change_into_another_before_it_is_answered() -> None:
    agents = floor("ann", "joe")
    agents.deal(["c2"])
    assert agents.deal(["c1", "c2"]) == []
    agents.answered("ann", "c2")
    assert {agent.id for agent in agents.deal(["c1"])} == {"ann", "joe"}
    assert rings(agents, "ann", "joe") == ["", "c1"]


def test_the_number_of_agents_has_a_bound() -> None:
    agents = floor(*(str(n) for n in range(MAX_AGENTS)))
    with pytest.raises(CallError, match="agents already"):
        agents.arrive("one more", "One", OnDuty())
    agents.arrive("0", "Known", OnDuty())
