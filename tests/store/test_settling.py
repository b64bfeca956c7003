"""The rows of calls: made after the commit, before anybody asks, whatever comes between."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread

import anyio
import pytest
from anyio import to_thread

from appliance.errors import StoreError
from appliance.store.event import AgentBecame, CallEnded, Event, WrapUp
from appliance.store.log import SessionLog
from appliance.store.running import MOST_AT_ONCE, Standing
from appliance.store.writer import Store
from tests.store.events import joined, said, started, wall
from tests.store.logs import FULL

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.duckdb"


def ended(call_id: str = "c1", seq: int = 90) -> Event:
    fact = CallEnded(reason="hangup")
    return Event.note(fact, call_id=call_id, seq=seq, at_ms=90, wall=wall(9))


def wrapped(call_id: str = "c1", summary: str = "done") -> Event:
    fact = WrapUp(outcome="resolved", summary=summary, after_s=3)
    return Event.note(fact, call_id=call_id, seq=91, at_ms=90, wall=wall(10))


def call(call_id: str = "c1") -> list[Event]:
    return [started(call_id), joined("agent", "Ann", call_id), said(3, call_id=call_id)]


def test_what_a_row_adds_to_the_log_does_not_grow_with_the_calls_before(
    path: Path,
) -> None:
    """DuckDB wrote the lists of all calls near it again, until they were none any more."""
    log = SessionLog(path)

    def added(call_id: str) -> int:
        before = log.wal_bytes()
        long = said(4, "where is the card that I lost " * 20, call_id=call_id)
        log.write([*call(call_id), long, ended(call_id)])
        log.settle()
        return log.wal_bytes() - before

    first, *_, last = [added(f"c{n}") for n in range(40)]
    log.tidy()
    assert added("one more") < 2 * first
    assert last < 2 * first
    log.close()


async def until(true: Callable[[], bool]) -> None:
    with anyio.fail_after(10):
        while not true():  # noqa: ASYNC110
            await anyio.sleep(0.01)


def in_the_file(log: SessionLog) -> list[tuple[str, str]]:
    """Rows as they are, without making any."""
    cursor = log._db.cursor()
    rows = cursor.execute("SELECT call_id, summary FROM record.session ORDER BY n")
    return [(call_id, summary) for call_id, summary in rows.fetchall()]


def wrong(log: SessionLog) -> list[tuple[object, ...]]:
    """Rows that are not what the events say, or that are missing."""
    told = "SELECT * FROM summed_up(0, NULL) WHERE ended IS NOT NULL"
    measured = "SELECT * FROM measures_of(0, NULL)"
    pairs = [("session", told), ("measured", measured)]
    return [
        row
        for table, truth in pairs
        for a, b in ((f"FROM {table}", truth), (truth, f"FROM {table}"))
        for row in log.ask(f"SELECT n, call_id FROM (({a}) EXCEPT ALL ({b}))")
    ]


def test_a_commit_makes_no_row_and_a_question_finds_it_made(path: Path) -> None:
    log = SessionLog(path)
    log.write([*call(), ended()])
    assert in_the_file(log) == []
    assert (log.unended, log.running) == ({}, {"c1": 0})
    assert log.ask("SELECT call_id FROM session") == [("c1",)]
    assert log.running == {}
    log.write([wrapped(summary="first")])
    assert in_the_file(log) == [("c1", "")]
    assert log.ask("SELECT summary FROM session") == [("first",)]
    assert wrong(log) == []
    log.close()


async def test_rows_are_made_though_nobody_asks(path: Path) -> None:
    log = await to_thread.run_sync(SessionLog, path)
    store = Store(log)
    for event in [*call(), ended()]:
        store.append(event)
    await store.flush()
    await until(lambda: not log.running)
    assert in_the_file(log) == [("c1", "")]
    await store.aclose()


def test_after_a_crash_before_the_rows_they_are_made_and_the_call_is_not_interrupted(
    path: Path,
) -> None:
    log = SessionLog(path)
    log.write([*call("c1"), ended("c1"), *call("c2"), ended("c2"), *call("c3")])
    log.settle()
    log.write([wrapped("c1"), ended("c3"), *call("c4")])
    log.close()  # with rows that are old, or missing

    log = SessionLog(path)
    assert set(log.unended) == {"c4"}
    assert set(log.running) == {"c3", "c4"}
    with Store(log) as store:
        assert anyio.run(store.close_interrupted, wall(20)) == 1
        assert log.ask("SELECT call_id, summary, status FROM session ORDER BY n") == [
            ("c1", "done", "ended"),
            ("c2", "", "ended"),
            ("c3", "", "ended"),
            ("c4", "", "interrupted"),
        ]
        assert wrong(log) == []


def test_what_is_stored_while_rows_are_made_is_heeded_by_the_next() -> None:
    none = Standing(end=0, unended={}, unsettled={})
    before = none.after(0, [*call("c1"), *call("c2"), ended("c1"), ended("c2")])
    due = before.due
    assert due is not None
    assert (set(due.calls), due.until) == ({"c1", "c2"}, 8)
    meanwhile = before.after(8, [wrapped("c1"), *call("c3"), ended("c3")])
    after = meanwhile.settled(due)
    assert set(after.unsettled) == {"c1", "c3"}
    assert after.running == {"c1": 0, "c3": 9}


def test_many_rows_are_made_in_parts_and_a_crash_between_forgets_none(path: Path) -> None:
    calls = [f"c{n}" for n in range(MOST_AT_ONCE + 20)]
    log = SessionLog(path)
    log.write([event for call_id in calls for event in (started(call_id), ended(call_id))])
    log.write([wrapped(calls[0])])
    log._settle()
    assert len(in_the_file(log)) == MOST_AT_ONCE
    log.close()
    log = SessionLog(path)
    assert set(log.running) == set(calls[-19:]) | {calls[0]}
    assert log.ask("SELECT count(*) FROM session") == [(len(calls),)]
    assert wrong(log) == []
    log.close()


class Sticking(SessionLog):
    """Makes no rows while `stuck`."""

    stuck = True

    def settle(self) -> None:
        if self.stuck:
            raise FULL
        super().settle()


async def test_while_no_row_can_be_made_the_call_is_listed_and_it_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.store.settler.RETRY_S", 0.01)
    log = await to_thread.run_sync(Sticking, path)
    store = Store(log)
    for event in [*call("c1"), ended("c1"), *call("c2")]:
        store.append(event)
    await store.flush()
    page = await store.sessions()
    assert [(row.call_id, row.status) for row in page.sessions] == [
        ("c2", "waiting"),
        ("c1", "ended"),
    ]
    assert set(store.running) == {"c1", "c2"}
    await until(lambda: store.problem == str(FULL))
    log.stuck = False
    await until(lambda: store.problem is None)
    assert in_the_file(log) == [("c1", "")]
    await store.aclose()


def test_a_file_written_anew_has_the_rows_that_were_still_to_be_made(path: Path) -> None:
    log = SessionLog(path)
    log.write([*call("long"), *call("c1"), ended("c1"), became("wrap_up", "c1")])
    fresh = log.begin_anew()
    while fresh.copy():
        pass
    log.write([became("available", wrote="c1"), wrapped("c1"), ended("long")])
    log.settle()
    log.write([*call("c2"), ended("c2")])
    log.go_over(fresh)
    assert wrong(log) == []
    assert log.ask("SELECT call_id FROM session ORDER BY n") == [
        ("long",),
        ("c1",),
        ("c2",),
    ]
    log.close()


def became(state: str, call_id: str = "", wrote: str = "") -> Event:
    minutes = 12 if wrote else 9
    fact = AgentBecame(
        agent="a",
        name="Ann",
        state=state,  # type: ignore[arg-type]
        call_id=call_id,
        wrote_up=wrote,
    )
    return Event.of_box(fact, wall(minutes))


def test_rows_are_made_beside_commits_questions_and_tidying(path: Path) -> None:
    """Each of them writes: none may stand in the way of another."""
    log = SessionLog(path)
    told: list[StoreError] = []

    def beside(work: Sequence[object]) -> None:
        try:
            for _ in work:
                log.settle()
                log.ask("SELECT count(*) FROM measured")
        except StoreError as error:
            told.append(error)

    settling = [Thread(target=beside, args=(range(40),)) for _ in range(2)]
    for thread in settling:
        thread.start()
    for n in range(40):
        log.write([*call(f"c{n}"), became("wrap_up", f"c{n}"), ended(f"c{n}")])
        log.write([wrapped(f"c{n}"), became("available", wrote=f"c{n}")])
        log.change([("UPDATE measured SET drafted = drafted WHERE call_id = ?", ["c0"])])
        if n % 5 == 0:
            log.tidy()
    for thread in settling:
        thread.join()
    assert told == []
    assert wrong(log) == []
    assert log.ask("SELECT count(*) FROM measured") == [(40,)]
    log.close()


def test_a_question_does_not_wait_for_calls_that_end_while_it_waits(path: Path) -> None:
    class Busy(SessionLog):
        """A call ends while the row of another is made."""

        ends = 0

        def _settle(self) -> None:
            super()._settle()
            self.ends += 1
            self.write([*call(f"later {self.ends}"), ended(f"later {self.ends}")])

    log = Busy(path)
    log.write([*call("c1"), ended("c1")])
    [(found,)] = log.ask("SELECT list(call_id) FROM session")
    assert (found, log.ends) == (["c1"], 1)
    log.ask("SELECT 1")
    assert log.ends == 2
    log.close()


def test_it_waits_for_all_that_came_before_it() -> None:
    """Also where more is said of the same call while its row is made."""
    before = Standing(0, {}, {}).after(0, [*call("c1"), ended("c1")])
    due = before.due
    assert due is not None
    wrote = before.after(4, [wrapped("c1")])
    assert wrote.behind(4)
    after = wrote.settled(due)
    assert not after.behind(4)
    assert after.behind(5)
    last = after.due
    assert last is not None
    assert not after.settled(last).behind(99)
