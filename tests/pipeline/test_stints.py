from datetime import UTC, datetime, timedelta

from appliance.calls.agents import Agent
from appliance.pipeline.stints import Stints

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def test_a_stint_begins_with_the_look_that_finds_another_state() -> None:
    stints, ann = Stints(), Agent("a1", "Ann")
    stints.seen([ann], NINE)
    assert [one.since for one in stints.seen([ann], later(30))] == [NINE]
    ann.state = "on_call"
    (told,) = stints.seen([ann], later(31))
    assert (told.state, told.since) == ("on_call", later(31))
    assert stints.seen([ann], later(90)) == (told,)


def test_who_comes_back_after_a_shift_begins_anew() -> None:
    stints, ann, bob = Stints(), Agent("a1", "Ann"), Agent("b1", "Bob")
    stints.seen([ann, bob], NINE)
    assert [one.name for one in stints.seen([bob], later(10))] == ["Bob"]
    came, stayed = stints.seen([ann, bob], later(20))
    assert (came.since, stayed.since) == (later(20), NINE)
