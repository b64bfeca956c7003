"""What agents were doing: kept with the events that tell it, and closed after a crash."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from appliance.duty import AgentState
from appliance.store.event import AgentBecame, CallEnded, Event, EventRefused, OnDutyStill
from appliance.store.log import SessionLog
from appliance.store.writer import Store
from tests.store.events import joined, of_kind, started, wall

TIMES = "SELECT agent, state, call_id, since, until FROM agent_time ORDER BY since, agent"
NOW = "SELECT agent, state FROM agent_now"


def became(
    minutes: float, state: AgentState, call_id: str = "", agent: str = "a", wrote: str = ""
) -> Event:
    fact = AgentBecame(
        agent=agent, name="Ann", state=state, call_id=call_id, wrote_up=wrote
    )
    return Event.of_box(fact, wall(minutes))


def ended(minutes: float) -> Event:
    fact = CallEnded(reason="hangup")
    return Event.note(fact, call_id="c1", seq=3, at_ms=0, wall=wall(minutes))


def stored(minutes: float) -> datetime:
    return wall(minutes).astimezone(UTC).replace(tzinfo=None)


def test_each_state_ends_where_the_next_begins(tmp_path: Path) -> None:
    log = SessionLog(tmp_path / "record.duckdb")
    log.write([became(0, "available"), became(0, "away", agent="b")])
    log.write([became(3, "on_call", "c1"), became(5, "wrap_up", "c1")])
    assert log.ask(TIMES) == [
        ("a", "available", "", stored(0), stored(3)),
        ("a", "on_call", "c1", stored(3), stored(5)),
    ]
    assert sorted(log.ask(NOW)) == [("a", "wrap_up"), ("b", "away")]
    log.close()


def test_a_clock_that_is_set_back_makes_no_time_less_than_none(tmp_path: Path) -> None:
    log = SessionLog(tmp_path / "record.duckdb")
    log.write([became(9, "available"), became(2, "away")])
    assert log.ask(TIMES) == [("a", "available", "", stored(9), stored(9))]
    log.close()


def test_a_fact_that_cannot_be_read_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    log = SessionLog(tmp_path / "record.duckdb")
    with pytest.raises(EventRefused):
        log.write([became(0, "available"), of_kind(0, "agent_became", b'{"agent":1}')])
    assert log.ask(NOW) == []
    log.write([became(0, "away")])
    assert log.ask(NOW) == [("a", "away")]
    log.close()


def test_a_call_is_counted_anew_once_its_agent_is_done_with_it(tmp_path: Path) -> None:
    log = SessionLog(tmp_path / "record.duckdb")
    log.write([started(), joined("customer", "Ada"), joined("agent", "Ann", seq=3)])
    log.write([ended(5), became(5, "wrap_up", "c1")])
    assert log.ask("SELECT wrap_up_ms FROM measured") == [(None,)]
    log.write([became(7, "available", wrote="c1")])
    assert log.ask("SELECT wrap_up_ms FROM measured") == [(120_000,)]
    log.close()


def test_after_a_crash_a_shift_ends_with_the_last_sign_of_life(tmp_path: Path) -> None:
    path = tmp_path / "record.duckdb"
    before = SessionLog(path)
    before.write([became(0, "available"), Event.of_box(OnDutyStill(agents=1), wall(30))])
    before.close()  # and nobody has said that the shift is over
    with Store.open(path) as store:
        closed = anyio.run(store.close_interrupted, wall(600) + timedelta(days=1))
    assert closed == 0  # calls
    after = SessionLog(path)
    assert after.ask(TIMES) == [("a", "available", "", stored(0), stored(30))]
    assert after.ask(NOW) == []
    after.close()


def test_shifts_are_closed_before_calls_are_which_would_be_signs_of_life(
    tmp_path: Path,
) -> None:
    path = tmp_path / "record.duckdb"
    before = SessionLog(path)
    before.write([started(), became(0, "on_call", "c1")])
    before.close()
    with Store.open(path) as store:
        anyio.run(store.close_interrupted, wall(600))
    after = SessionLog(path)
    kinds = after.ask("SELECT kind FROM event ORDER BY n")
    assert [kind for (kind,) in kinds][-2:] == ["agent_became", "call_ended"]
    after.close()
