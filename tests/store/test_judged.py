"""How calls stood at their end, in a real record: mood, alerts, queue."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import duckdb
import pytest
from msgspec.structs import replace

from appliance.assistant.mood.course import Course, Reading, label_of
from appliance.database.migrations import migrations
from appliance.messages import Alert, MoodLabel, Sent
from appliance.store.event import CallEnded, Event, Joined
from appliance.store.log import SessionLog
from appliance.store.search import Search
from appliance.store.writer import Store
from tests.store.events import joined, said, started, wall

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.duckdb"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as store:
        yield store


def read(*labels: MoodLabel) -> list[Sent]:
    """What the mood core makes of lines that read like this."""
    course, scores = Course(), {"negative": -0.8, "neutral": 0.1, "positive": 0.8}
    return [
        message
        for n, label in enumerate(labels)
        for message in course.add(
            Reading(
                line=f"t{n}",
                start_ms=n * 1000,
                end_ms=n * 1000 + 900,
                label=label,
                score=scores[label],
                confidence=0.9,
                source="lexicon",
            )
        )
    ]


State: TypeAlias = Literal["raised", "over", "unchecked"]


def alert(id_: str, rule: str, *, state: State = "raised", agent: bool = True) -> Alert:
    return Alert(
        id=id_,
        kind="rule",
        state=state,
        lines=(),
        text="Say so.",
        severity="critical",
        to=("agent", "supervisor") if agent else ("supervisor",),
        rule=rule,
    )


def a_call(call_id: str, *told: Sent, queue: str = "", ends: bool = True) -> list[Event]:
    """Ann's, with these messages in it."""
    seat = Joined(role="customer", name="Bo", queue=queue)
    ann = Joined(role="agent", name="Ann", person="p-ann")
    events = [
        started(call_id),
        Event.note(seat, call_id=call_id, seq=2, at_ms=0, wall=wall()),
        Event.note(ann, call_id=call_id, seq=3, at_ms=0, wall=wall()),
        said(4, "hello", call_id=call_id),
    ]
    for seq, message in enumerate(told, 5):
        stamped = replace(message, seq=seq)
        events.append(Event.of(stamped, call_id=call_id, at_ms=seq, wall=wall()))
    over = CallEnded(reason="hangup")
    last = Event.note(over, call_id=call_id, seq=99, at_ms=99, wall=wall(9))
    return [*events, *([last] if ends else [])]


async def keep(store: Store, *calls: list[Event]) -> None:
    for event in (event for call in calls for event in call):
        store.append(event)
    await store.flush()


async def ids(store: Store, **wanted: object) -> list[str]:
    page = await store.sessions(replace(Search(), **wanted))
    return [row.call_id for row in page.sessions]


SAD: Sequence[MoodLabel] = ("neutral", "negative", "negative")
GLAD: Sequence[MoodLabel] = ("negative", "positive", "positive")


async def test_a_call_is_found_by_the_mood_it_ended_in_and_where_that_went(
    store: Store,
) -> None:
    await keep(
        store,
        a_call("sad", *read(*SAD)),
        a_call("glad", *read(*GLAD)),
        a_call("even", *read("neutral", "neutral")),
        a_call("unread"),
        a_call("goes on", *read("positive"), ends=False),
    )
    assert await ids(store, mood="negative") == ["sad"]
    assert await ids(store, mood="positive") == ["goes on", "glad"]
    assert await ids(store, mood="neutral") == ["even"]
    assert await ids(store, trend="up") == ["glad"]
    rows = {row.call_id: row for row in (await store.sessions()).sessions}
    assert (rows["glad"].call_score, rows["glad"].trend) == (76, "up")
    assert (rows["unread"].mood, rows["unread"].call_score) == (None, None)


async def test_the_record_calls_a_score_what_the_mood_core_calls_it(store: Store) -> None:
    scores = range(-100, 101)
    [base] = read("neutral")
    calls = [a_call(f"c{score}", replace(base, call_score=score)) for score in scores]
    await keep(store, *calls)
    page = await store.sessions(Search(limit=300))
    assert {row.call_score: row.mood for row in page.sessions} == {
        score: label_of(score) for score in scores
    }
    assert {row.mood for row in page.sessions} == set(get_args(MoodLabel))


async def test_a_call_is_found_by_the_alerts_that_were_raised_in_it(store: Store) -> None:
    over = alert("rule-1", "disclosure", state="over")
    await keep(
        store,
        a_call("mood", *read(*SAD)),
        a_call("rule", alert("rule-1", "disclosure"), over, alert("rule-2", "disclosure")),
        a_call("other", alert("rule-1", "refund")),
        a_call("unchecked", alert("rule-1", "refund", state="unchecked")),
        a_call("now", alert("rule-1", "refund"), ends=False),
    )
    assert await ids(store, alert="any") == ["now", "other", "rule", "mood"]
    assert await ids(store, alert="mood") == ["mood"]
    assert await ids(store, alert="rule") == ["now", "other", "rule"]
    assert await ids(store, alert="rule:refund") == ["now", "other"]
    assert await ids(store, alert="rule:') OR true --") == []
    [row] = (await store.sessions(Search(alert="rule:disclosure"))).sessions
    assert [(one.id, one.kind, one.severity) for one in row.alerts] == [
        ("rule-1", "rule", "critical"),
        ("rule-2", "rule", "critical"),
    ]


async def test_who_may_see_their_own_calls_learns_nothing_of_alerts_for_others(
    store: Store,
) -> None:
    theirs, ours = alert("rule-1", "upset", agent=False), alert("rule-2", "refund")
    await keep(store, a_call("c1", theirs), a_call("c2", theirs, ours))
    assert await ids(store, alert="any") == ["c2", "c1"]
    assert await ids(store, alert="any", took_part="p-ann") == ["c2"]
    assert await ids(store, alert="rule:upset", took_part="p-ann") == []
    page = await store.sessions(Search(took_part="p-ann"))
    assert [[one.rule for one in row.alerts] for row in page.sessions] == [["refund"], []]


async def test_a_call_is_found_by_its_queue(store: Store) -> None:
    await keep(store, a_call("c1", queue="Zürich"), a_call("c2", queue="x", ends=False))
    await keep(store, a_call("c3"))
    assert await ids(store, queue="zurich") == ["c1"]
    assert await ids(store, queue="X") == ["c2"]
    assert [row.queue for row in (await store.sessions()).sessions] == ["", "x", "Zürich"]


def test_a_record_from_before_calls_were_judged_is_judged_by_its_events(
    path: Path,
) -> None:
    log = SessionLog(path)
    log.write(a_call("c1", *read(*SAD), alert("rule-1", "refund"), queue="cards"))
    log.write([started("c2"), joined("agent", "Ann", "c2")])
    rows = log.ask("SELECT * FROM session")
    log.close()
    old = path.with_name("old.duckdb")
    with duckdb.connect(old) as db:
        db.execute(
            "CREATE TABLE schema_version (version INTEGER, name VARCHAR, applied TIMESTAMP)"
        )
        steps = migrations("appliance.store")
        for step in takewhile(lambda step: "judged" not in step.name, steps):
            db.execute(step.sql)
            db.execute(
                "INSERT INTO schema_version VALUES (?, ?, now()::TIMESTAMP)",
                [step.version, step.name],
            )
        db.execute(f"ATTACH '{path}' AS newer")
        db.execute("INSERT INTO event SELECT * FROM newer.event")
        db.execute(
            "INSERT INTO session SELECT * FROM summed_up(0, NULL) WHERE ended IS NOT NULL"
        )
    log = SessionLog(old)
    assert log.ask("SELECT * FROM session") == rows
    assert log.running == {"c2": 10}
    log.close()


def test_how_each_line_read_is_a_view(path: Path) -> None:
    log = SessionLog(path)
    log.write(a_call("c1", *read(*SAD)))
    assert log.ask(
        "SELECT id, label, score, source, call_score, quarters FROM sentiment ORDER BY seq"
    ) == [
        ("t0", "neutral", 0.1, "lexicon", 0, [None, None, None, None]),
        ("t1", "negative", -0.8, "lexicon", -64, [None, None, -0.8, None]),
        ("t2", "negative", -0.8, "lexicon", -85, [None, -0.8, -0.8, None]),
    ]
    log.close()
