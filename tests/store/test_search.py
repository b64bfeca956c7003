"""Looking for calls in a real record."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import duckdb
import pytest
from anyio import to_thread
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from appliance.database.migrations import migrations
from appliance.messages import ChatLine
from appliance.store.event import CallEnded, Event, Joined, WrapUp
from appliance.store.log import SessionLog
from appliance.store.rows import SessionRow
from appliance.store.search import Search
from appliance.store.writer import Store
from tests.store.events import joined, said, started, wall

pytestmark = pytest.mark.anyio

LONG = [f"word{n}" for n in range(500)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.duckdb"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as store:
        yield store


def ended(call_id: str) -> Event:
    fact = CallEnded(reason="hangup")
    return Event.note(fact, call_id=call_id, seq=90, at_ms=900, wall=wall(9))


def wrapped(call_id: str, outcome: str, summary: str, seq: int = 91) -> Event:
    fact = WrapUp(outcome=outcome, summary=summary)
    return Event.note(fact, call_id=call_id, seq=seq, at_ms=900, wall=wall(10))


def a_call(
    call_id: str,
    *said_then: str,
    agent: str = "Ann",
    customer: str = "Bo",
    minutes: int = 0,
) -> list[Event]:
    return [
        started(call_id, minutes=minutes),
        joined("agent", agent, call_id, 2),
        joined("customer", customer, call_id, 3),
        *(said(4 + n, text, call_id=call_id) for n, text in enumerate(said_then)),
    ]


async def keep(store: Store, *events: Event) -> None:
    for event in events:
        store.append(event)
    await store.flush()


async def found(store: Store, text: str = "", **wanted: object) -> list[SessionRow]:
    search = replace(Search(text=text), **wanted)
    return (await store.sessions(search)).sessions


async def ids(store: Store, text: str = "", **wanted: object) -> list[str]:
    return [row.call_id for row in await found(store, text, **wanted)]


async def test_a_call_is_found_by_what_was_said_whether_it_goes_on_or_has_ended(
    store: Store,
) -> None:
    await keep(store, *a_call("c1", "my card is lost"), *a_call("c2", "hello"))
    assert await ids(store, "lost card") == ["c1"]
    await keep(store, ended("c1"), ended("c2"))
    assert await ids(store, "lost card") == ["c1"]
    assert await ids(store, "card stolen") == []


@pytest.mark.parametrize(
    "text", ["STRASSE", "straße", "Strässe", "rass", "  café,  naive! ", "müller", "Muller"]
)
async def test_case_and_accents_do_not_matter_nor_where_in_a_word(
    store: Store, text: str
) -> None:
    words = "Straße Cafe naïve"
    await keep(store, *a_call("c1", words, customer="Jörg Müller"), ended("c1"))
    assert await ids(store, text) == ["c1"]


@pytest.mark.parametrize(
    "text", ["%", "_", "1_0_9", "' OR 1=1 --", "$word0", "\\", "'; DROP TABLE session"]
)
async def test_signs_that_mean_something_to_a_database_mean_nothing_here(
    store: Store, text: str
) -> None:
    await keep(store, *a_call("c1", "say 100 % of it"), ended("c1"))
    assert await ids(store, text) == []
    assert await ids(store, agent=text) == []
    assert await ids(store, outcome=text) == []
    assert await ids(store, "100%") == ["c1"]


async def test_a_word_in_a_withdrawn_or_replaced_text_is_not_found(store: Store) -> None:
    await keep(
        store,
        started(),
        said(2, "a ghost", turn="t1", is_final=False),
        said(3, "", turn="t1"),
        said(4, "the first", turn="t2"),
        said(5, "the second", turn="t2"),
        ended("c1"),
    )
    assert await ids(store, "ghost") == []
    assert await ids(store, "first") == []
    assert await ids(store, "second") == ["c1"]


async def test_each_call_shows_where_its_words_stand(store: Store) -> None:
    line = ChatLine(seq=50, id="h", speaker="agent", text="IBAN, please", at_ms=700)
    concern = Joined(role="customer", name="Bo", reason="My IBAN")
    events = a_call("c1", "good morning", *LONG[:20])
    events[2] = Event.note(concern, call_id="c1", seq=3, at_ms=0, wall=wall())
    await keep(store, *events, Event.of(line, call_id="c1", at_ms=700, wall=wall()))
    await keep(store, ended("c1"), wrapped("c1", "resolved", "Got the Iban."))
    [row] = await found(store, "iban")
    assert (row.concern, row.summary) == ("My IBAN", "Got the Iban.")
    assert [(m.source, m.at_ms, m.speaker) for m in row.matches] == [
        ("concern", 0, "customer"),
        ("call", 700, "agent"),
    ]
    [row] = await found(store, "morning got")
    assert [(m.source, m.text) for m in row.matches] == [
        ("call", "good morning"),
        ("summary", "Got the Iban."),
    ]
    [row] = await found(store)
    assert row.matches == ()


async def test_calls_are_filtered_by_who_when_how_and_what_came_of_them(
    store: Store,
) -> None:
    await keep(
        store,
        *a_call("c1", agent="Ann", customer="Zoë", minutes=0),
        *a_call("c2", agent="Ann", customer="Bo", minutes=10),
        *a_call("c3", agent="Ben", customer="Bo", minutes=20),
        ended("c1"),
        ended("c2"),
        wrapped("c1", "resolved", "done"),
        wrapped("c2", "follow_up", "later"),
    )
    assert await ids(store, agent="ann") == ["c2", "c1"]
    assert await ids(store, agent="an") == []
    assert await ids(store, customer="ZOE") == ["c1"]
    assert await ids(store, status="active") == ["c3"]
    assert await ids(store, status="ended") == ["c2", "c1"]
    assert await ids(store, outcome="follow_up") == ["c2"]
    assert await ids(store, since=wall(10)) == ["c3", "c2"]
    assert await ids(store, since=wall(5), until=wall(20)) == ["c2"]
    assert await ids(store, "later", agent="Ann") == ["c2"]


async def test_a_corrected_wrap_up_replaces_the_first_for_the_search_too(
    store: Store,
) -> None:
    await keep(store, *a_call("c1"), ended("c1"), wrapped("c1", "follow_up", "call back"))
    await keep(store, wrapped("c1", "resolved", "called", seq=92))
    assert await ids(store, "back") == []
    assert await ids(store, "called", outcome="resolved") == ["c1"]
    assert len(await found(store)) == 1


async def test_pages_of_a_search_have_no_holes_and_no_repeats(store: Store) -> None:
    for n in range(25):
        events = a_call(f"c{n}", "odd" if n % 2 else "even")
        await keep(store, *events, *([ended(f"c{n}")] if n % 3 else []))
    seen: list[str] = []
    search = Search(text="odd", limit=4)
    while True:
        page = await store.sessions(search)
        seen += [row.call_id for row in page.sessions]
        if page.next is None:
            break
        search = replace(search, before=page.next)
    assert seen == [f"c{n}" for n in range(23, 0, -2)]


async def test_calls_that_come_and_end_meanwhile_move_no_page(store: Store) -> None:
    for n in range(10):
        await keep(store, *a_call(f"c{n}"), *([ended(f"c{n}")] if n % 2 else []))
    search, seen, new = Search(limit=3), list[str](), 10
    while True:
        page = await store.sessions(search)
        seen += [row.call_id for row in page.sessions]
        if page.next is None:
            break
        search = replace(search, before=page.next)
        await keep(store, *a_call(f"c{new}"), ended(f"c{new}"), ended(f"c{(new - 10) * 2}"))
        await keep(store, wrapped(f"c{new - 9}", "resolved", "done"))
        new += 1
    assert seen == [f"c{n}" for n in range(9, -1, -1)]


def test_a_record_from_before_there_was_a_search_is_searchable(path: Path) -> None:
    log = SessionLog(path)
    log.write([*a_call("c1", "my card"), ended("c1"), *a_call("c2", "my phone")])
    rows = log.ask("SELECT * FROM session")
    log.close()
    first = migrations("appliance.store")[0]
    old = path.with_name("old.duckdb")
    with duckdb.connect(old) as db:
        db.execute(first.sql)
        db.execute(
            "CREATE TABLE schema_version AS SELECT"
            " ? AS version, ? AS name, now()::TIMESTAMP AS applied",
            [first.version, first.name],
        )
        db.execute(f"ATTACH '{path}' AS newer")
        db.execute("INSERT INTO event SELECT * FROM newer.event")
    log = SessionLog(old)
    assert log.ask("SELECT * FROM session") == rows
    assert log.running == {"c2": 5}
    log.close()


async def test_after_a_start_the_calls_that_a_crash_left_open_are_found(path: Path) -> None:
    store = await to_thread.run_sync(Store.open, path)
    await keep(store, *a_call("c1", "card"), *a_call("c2", "card"), ended("c2"))
    await store.aclose()
    store = await to_thread.run_sync(Store.open, path)
    assert await ids(store, "card", status="active") == ["c1"]
    await store.close_interrupted(wall(20))
    assert await ids(store, "card", status="interrupted") == ["c1"]
    await store.aclose()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=10))
def test_whatever_was_said_is_found_by_itself(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    log = SessionLog(tmp_path_factory.mktemp("record") / "record.duckdb")
    events = [[*a_call(f"c{n}", text), ended(f"c{n}")] for n, text in enumerate(texts)]
    log.write([event for call in events for event in call])

    async def look() -> None:
        store = Store(log)
        for n, text in enumerate(texts):
            [(words,)] = log.ask("SELECT words_of($text)", {"text": text})
            expected = words != [] or text.strip() == ""
            assert (f"c{n}" in await ids(store, text)) == expected
        await store.aclose()

    anyio.run(look)
