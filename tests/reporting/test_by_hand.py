"""Ten calls and a shift, every measure of them computed by hand."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from appliance.messages import AiSuggestion, Alert, Summary
from appliance.received import Feedback
from appliance.reporting.figures import Figure
from appliance.store.event import AdviceBecame, AdviceBegan
from tests.reporting.calls import NOON, Told
from tests.reporting.site import DAY, Site

pytestmark = pytest.mark.anyio


def later(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


def advice(id_: str, suggestion: str = "Try this.") -> AiSuggestion:
    return AiSuggestion(
        id=id_, answers="t1", action="none", suggestion=suggestion, reasoning="",
        confidence=1, is_final=True, status="done",
    )  # fmt: skip


def ten_calls() -> list[Told]:
    """Wait, duration: 10, 100 | 30, 300 | gone after 12 | 3 | 50 | 20, 60 | not known, 200
    | 5, 60 until the box died | 8 days later | 0, 500."""
    first = (
        Told("c1").come("billing").know("K1").answer(10).hold(30, 50)
        .say("agent", 0, 4000, text="so are you  with me")
        .say("customer", 5000, 9000, text="I am")
        .say("agent", 13_000, 15_000)
        .say("customer", 14_000, 16_000, lag_ms=1500)
        .feel(40, "up").check(3, 1, unchecked=5)
        .note(AdviceBegan(id="a1", after_ms=400), 30).note(advice("a1"), 31)
        .note(AdviceBegan(id="a2", after_ms=800), 40).note(advice("a2"), 41)
        .note(advice("a3", ""), 42)
        .note(Feedback(id="a1", verdict="used"), 43)
        .note(Feedback(id="a2", verdict="dismissed"), 44)
        .end(110)
    )  # fmt: skip
    second = (
        Told("c2", NOON + later(10)).come("billing").know("K1").answer(30, "a2", "Bob")
        .feel(-20, "down").check(1, 3)
        .note(Alert(id="m", kind="mood", state="raised", lines=(), text=""), 50)
        .note(advice("a1"), 60).note(advice("a2"), 90)
        .note(Feedback(id="a1", verdict="copied"), 61)
        .note(AdviceBecame(id="a1", fate="said"), 65)
        .note(AdviceBecame(id="a2", fate="expired"), 120)
        .end(330).wrap_up(390, "resolved", after_s=60, changed=0.5)
        .wrap_up(400, "resolved")
    )  # fmt: skip
    died = Told("c8", NOON + later(70)).come("sales").answer(5)
    died.say("customer", 50_000, 59_500).end(9000, "interrupted", settled_s=0)
    draft = Summary(id="s", purpose="wrap_up", source="quotes", resolution="yes")
    last = Told("c10", NOON + later(90)).come("sales").know("K3").answer(0, "a2", "Bob")
    return [
        first,
        second,
        Told("c3", NOON + later(20)).come("sales").end(12),
        Told("c4", NOON + later(30)).come("sales").end(3),
        Told("c5", NOON + later(40)).come("sales").end(50),
        Told("c6", NOON + later(50)).come("sales").know("K2").answer(20).feel(10, "flat")
        .end(80).wrap_up(110, "follow_up", after_s=30, changed=0),
        Told("c7", NOON + later(60)).come(person="tap").answer(0, "tap", "").end(200),
        died,
        Told("c9", NOON + timedelta(days=8)).come("sales").know("K2").end(30),
        last.end(500).note(draft, 503),
    ]  # fmt: skip


SHIFT = (
    (0, "available", ""),
    (10, "on_call", "c1"),
    (110, "wrap_up", "c1"),
    (140, "available", ""),
    (200, "away", ""),
    (230, "off", ""),
)

SITE = {
    "calls": (9, 9),
    "handled": (6, 6),
    "duration": (203.333, 6),  # 1220 / 6
    "duration_p50": (150, 6),  # of 60 60 100 200 300 500
    "duration_p95": (450, 6),  # three quarters between the last two
    "aht": (223.333, 6),  # (1220 + 120) / 6
    "talk": (200, 6),  # (1220 - 20) / 6
    "hold": (3.333, 6),  # 20 / 6
    "wrap_up": (20, 6),  # (30 + 60 + 30) / 6
    "occupancy": (65, 0.056),  # 130 / 200 s
    "utilisation": (None, 0),
    "time_on_call": (100, 0.028),
    "time_wrap_up": (30, 0.008),
    "time_available": (70, 0.019),
    "time_away": (30, 0.008),
    "offered": (7, 7),  # without the one gone after 3 s
    "asa": (13, 5),  # (10 + 30 + 20 + 5 + 0) / 5
    "wait_p50": (10, 5),
    "wait_p95": (28, 5),  # four fifths between 20 and 30
    "service_level": (66.667, 6),  # 4 / (7 - 1)
    "service_level_handled": (80, 5),  # 4 / 5
    "service_level_positive": (71.429, 7),  # 5 / 7
    "service_level_negative": (57.143, 7),  # 4 / 7
    "service_level_connect": (75, 8),  # (4 + 2) / 8
    "abandonment": (28.571, 7),  # 2 / 7
    "abandon_wait": (31, 2),  # (12 + 50) / 2
    "first_response": (10, 1),
    "resolution": (66.667, 3),  # yes, no, and yes by the draft
    "repeat_calls": (25, 4),  # c1 of c1 c2 c6 c10; c9 came too late for c6
    "first_contact": (75, 4),
    "adherence": (50, 8),  # (3 + 1) / (4 + 4)
    "mood": (10, 3),
    "mood_up": (33.333, 3),
    "mood_down": (33.333, 3),
    "alerts": (11.111, 9),
    "talk_ratio": (27.907, 21_500),  # 6000 / (6000 + 6000 + 9500)
    "silence": (2.5, 160_000),  # 4 of 160 s
    "interruptions_agent": (0, 2),
    "interruptions_customer": (0.5, 2),
    "talk_speed_agent": (60, 0.1),  # (5 + 1) in 4 + 2 s
    "talk_speed_customer": (15.484, 0.258),  # (2 + 1 + 1) in 4 + 2 + 9.5 s
    "advice_shown": (0.667, 6),  # 4 / 6
    "advice_used": (25, 4),
    "advice_said": (25, 4),
    "advice_copied": (25, 4),
    "advice_dismissed": (25, 4),
    "advice_expired": (25, 4),
    "no_evidence": (20, 5),
    "advice_p50": (600, 2),
    "advice_p95": (780, 2),
    "draft_changed": (25, 2),  # half and nothing; who corrected it said nothing of it
    "lag_p50": (500, 4),  # of 500 500 500 1500; none is known of the call that died
    "lag_p95": (1350, 4),
}


async def test_every_measure_of_ten_calls_is_what_it_is_by_hand(site: Site) -> None:
    await site.keep(ten_calls())
    await site.duty("a1", *SHIFT)
    told = await site.figures()
    assert {name: (one.value, one.n) for name, one in told.items()} == SITE


async def test_each_agent_has_their_own_part(site: Site) -> None:
    await site.keep(ten_calls())
    await site.duty("a1", *SHIFT)
    metrics = await site.metrics(replace(DAY, by="agent"))
    by_name = {group.name: group.figures for group in metrics.groups if group.name}
    assert set(by_name) == {"Ann", "Bob"}
    assert by_name["Ann"]["duration"] == Figure(value=73.333, n=3)  # 100 60 60
    assert by_name["Bob"]["duration"] == Figure(value=400, n=2)  # 300 500
    assert by_name["Ann"]["occupancy"].value == 65
    assert by_name["Bob"]["occupancy"].value is None
    assert by_name["Ann"]["service_level"] == Figure(value=100, n=3)  # who are all answered


async def test_each_queue_has_its_calls_but_no_time_of_agents(site: Site) -> None:
    await site.keep(ten_calls())
    await site.duty("a1", *SHIFT)
    metrics = await site.metrics(replace(DAY, by="queue"))
    by_name = {group.id: group for group in metrics.groups}
    assert {name: group.figures["calls"].value for name, group in by_name.items()} == {
        "": 1, "billing": 2, "sales": 6,
    }  # fmt: skip
    assert by_name["sales"].sessions == {"queue": "sales"}
    assert by_name[""].sessions is None  # no filter finds those
    [occupancy] = [one for one in metrics.measures if one.name == "occupancy"]
    assert occupancy.hidden
    assert by_name["sales"].figures["occupancy"] == Figure(value=None, n=0)


async def test_the_hours_of_a_day_add_up_to_the_day(site: Site) -> None:
    await site.keep(ten_calls())
    await site.duty("a1", *SHIFT)
    [whole] = (await site.metrics(replace(DAY, grain="hour"))).groups
    calls = [figure.value if figure else 0 for figure in whole.series["calls"]]
    assert sum(filter(None, calls)) == 9
    assert calls[12:14] == [6, 3]
    assert whole.series["calls"][0] is None


async def test_a_period_of_one_bucket_is_the_same_with_and_without_buckets(
    site: Site,
) -> None:
    await site.keep(ten_calls())
    await site.duty("a1", *SHIFT)
    [whole] = (await site.metrics(replace(DAY, since=NOON - later(30), until=NOON))).groups
    assert whole.figures["calls"].value == 0  # which is known, unlike any mean of them
    assert whole.figures["duration"].value is None
    first = replace(DAY, since=NOON, until=NOON + later(15), grain="quarter_hour")
    [quarter] = (await site.metrics(first)).groups
    assert quarter.series["calls"] == (quarter.figures["calls"],)
    assert quarter.series["occupancy"] == (quarter.figures["occupancy"],)
    assert (quarter.figures["calls"].value, quarter.figures["occupancy"].value) == (2, 65)


async def test_who_may_still_call_again_makes_it_provisional(site: Site) -> None:
    await site.keep(ten_calls())
    week = replace(DAY, until=NOON + timedelta(days=29), grain="day")
    [whole] = (await site.metrics(week)).groups
    assert whole.figures["repeat_calls"].provisional
    days = [figure and figure.provisional for figure in whole.series["repeat_calls"]]
    assert days[0] is False
    assert not (await site.figures())["repeat_calls"].provisional
