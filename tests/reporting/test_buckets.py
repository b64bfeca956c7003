"""A period in buckets says of each what it says of that bucket alone."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import add
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from appliance.duty import AgentState
from appliance.reporting.periods import Grain, edges
from appliance.store import purge
from appliance.store.adding import Part, found
from appliance.store.buckets import bucket_of, runs
from appliance.store.event import AgentBecame, Event
from appliance.store.log import SessionLog
from appliance.store.sums import Asked, By, CallSums, Found, Terms, TimeSums
from tests.reporting.calls import Told

# Both nights in which the clock is set are among them, and in between hardly any call.
SPRING = datetime(2025, 3, 28, tzinfo=UTC)
AUTUMN = datetime(2025, 10, 24, tzinfo=UTC)
NOW = datetime(2025, 10, 29, 3, 30, tzinfo=UTC)
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "Australia/Lord_Howe")]
PARTS: tuple[Part, ...] = ("calls", "repeats", "delays", "times")
TERMS = Terms(answer_within_ms=20_000, short_ms=5000, resolved=("resolved",))
AGENTS, QUEUES = ("a1", "a2", "a3"), ("", "billing", "sales")


def some_moment(chance: Random) -> datetime:
    days = 4.5 * chance.random()
    return chance.choice((SPRING, AUTUMN)) + timedelta(days=days)


def some_call(number: int, chance: Random) -> Told:
    """Answered or not; some are written up, a day later at most."""
    call = Told(f"c{number}", some_moment(chance)).come(chance.choice(QUEUES))
    if chance.random() < 0.7:
        call.know(f"K{chance.randrange(12)}")
    if chance.random() < 0.3:
        return call.end(chance.randrange(60))
    agent = chance.choice(AGENTS)
    call.answer(chance.randrange(60), agent, agent.upper())
    for turn in range(chance.randrange(4)):
        call.say("customer", 9000 * turn, 9000 * turn + 4000, chance.randrange(3000))
    call.feel(chance.randrange(-100, 100), chance.choice(("up", "down", "steady")))
    call.check(chance.randrange(4), chance.randrange(4)).end(60 + chance.randrange(900))
    if chance.random() < 0.5:
        call.wrap_up(1000 + chance.randrange(86_400), chance.choice(("resolved", "other")))
    return call


def shifts(chance: Random) -> list[Event]:
    """Of each agent, over days and weeks; two are on duty at the end."""
    states: list[AgentState | Literal["off"]] = [
        "available",
        "on_call",
        "wrap_up",
        "away",
        "off",
    ]
    found = []
    for agent in AGENTS:
        for moment in sorted(some_moment(chance) for _ in range(12)):
            became = AgentBecame(agent=agent, name=agent, state=chance.choice(states))
            found.append(Event.of_box(became, moment))
        last = AgentBecame(
            agent=agent, name=agent, state="off" if agent == "a3" else "away"
        )
        found.append(Event.of_box(last, AUTUMN + timedelta(days=4.6)))
    return found


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionLog]:
    """With a hundred calls, of which some customers were erased."""
    chance = Random(7)
    log = SessionLog(tmp_path_factory.mktemp("buckets") / "record.duckdb")
    calls = sorted((some_call(n, chance) for n in range(100)), key=lambda call: call.came)
    log.write([event for call in calls for event in call.events])
    log.write(shifts(chance))
    erased = log.ask("SELECT n FROM measured WHERE customer IN ('K3', 'K4')")
    assert erased
    for (n,) in erased:
        log.change(purge.emptied(n, ["resolved"], "", NOW, keep_name=False))
    yield log
    log.close()


PERIODS = st.builds(
    lambda since, length, grain, zone: edges(since, since + length, grain, zone),
    since=st.sampled_from([SPRING, AUTUMN]).flatmap(
        lambda day: st.timedeltas(timedelta(0), timedelta(days=3)).map(day.__add__)
    ),
    length=st.timedeltas(timedelta(microseconds=1), timedelta(days=2)),
    grain=st.sampled_from(["hour", "day"]),
    zone=st.sampled_from(ZONES),
)
SECONDS = st.integers(0, 370 * 86_400)
YEARS = SECONDS.map(
    lambda seconds: edges(
        SPRING - timedelta(seconds=seconds), NOW, "day", ZONES[seconds % len(ZONES)]
    )
)
ANYWHERE = st.lists(SECONDS, min_size=2, max_size=9, unique=True).map(
    lambda seconds: tuple(NOW - timedelta(seconds=one) for one in sorted(seconds)[::-1])
)


def of_bucket(found: Sequence[Found], bucket: int | None) -> dict[str, tuple[object, ...]]:
    return {
        one.group: (one.name, one.calls, one.spreads, one.times)
        for one in found
        if one.bucket == bucket
    }


def test_each_bucket_is_what_it_is_alone_whatever_the_buckets(log: SessionLog) -> None:
    @settings(max_examples=25, deadline=None)
    @given(
        bounds=PERIODS | ANYWHERE,
        by=st.sampled_from(["site", "agent", "queue"]),
        agent=st.sampled_from([None, None, "a2"]),
        queue=st.sampled_from([None, None, "sales"]),
        chance=st.randoms(use_true_random=False),
    )
    def alike(
        bounds: tuple[datetime, ...],
        by: By,
        agent: str | None,
        queue: str | None,
        chance: Random,
    ) -> None:
        def ask(some: tuple[datetime, ...]) -> list[Found]:
            asked = Asked(edges=some, by=by, terms=TERMS, agent=agent, queue=queue)
            return found(log, asked, PARTS, NOW)

        together = ask(bounds)
        assert of_bucket(together, None) == of_bucket(ask((bounds[0], bounds[-1])), None)
        buckets = range(len(bounds) - 1)
        for bucket in chance.sample(buckets, min(3, len(buckets))):
            alone = ask(bounds[bucket : bucket + 2])
            assert of_bucket(together, bucket) == of_bucket(alone, None)

    alike()


@settings(max_examples=10, deadline=None)
@given(bounds=YEARS)
def test_the_days_of_a_year_add_up_to_it(
    log: SessionLog, bounds: tuple[datetime, ...]
) -> None:
    asked = Asked(edges=bounds, by="site", terms=TERMS)
    rows = found(log, asked, PARTS, NOW)
    [whole] = [row for row in rows if row.bucket is None]
    days = [row for row in rows if row.bucket is not None]
    assert reduce(add, (day.times for day in days), TimeSums()) == whole.times
    assert reduce(add, (day.calls for day in days), CallSums()) == whole.calls


@settings(max_examples=20, deadline=None)
@given(bounds=PERIODS | ANYWHERE | YEARS, at=st.floats(0, 1, exclude_max=True))
def test_a_moment_is_in_the_bucket_that_begins_last_before_it(
    log: SessionLog, bounds: tuple[datetime, ...], at: float
) -> None:
    begun = [edge.astimezone(UTC) for edge in bounds]
    moments = [*begun[:-1], begun[0] + at * (begun[-1] - begun[0])]
    stored = encode([moment.replace(tzinfo=None) for moment in moments]).decode()
    rows = log.ask(
        f"SELECT {bucket_of('came', bounds)} FROM"
        """ (SELECT unnest(from_json($moments, '["TIMESTAMP"]')) AS came)""",
        {"moments": stored},
    )
    assert [row[0] for row in rows] == [bisect_right(begun, one) - 1 for one in moments]


@pytest.mark.parametrize(("grain", "number"), [("hour", 1), ("day", 5)])
def test_a_year_is_divided_only_where_the_clock_is_set(grain: Grain, number: int) -> None:
    since = datetime(2025, 3, 1, tzinfo=ZONES[1])
    until = since.replace(month=4 if grain == "hour" else 12)
    assert len(runs(edges(since, until, grain, ZONES[1]))) == number
