from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.errors import StoreError
from appliance.received import Feedback
from appliance.store.event import CallEnded, Event
from appliance.store.search import Search
from appliance.store.writer import Store
from tests.store.events import joined, said, started, wall

pytestmark = pytest.mark.anyio


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "record.duckdb") as store:
        yield store


async def keep(store: Store, *events: Event) -> None:
    for event in events:
        store.append(event)
    await store.flush()


def ended(call_id: str, seq: int) -> Event:
    fact = CallEnded(reason="hangup")
    return Event.note(fact, call_id=call_id, seq=seq, at_ms=90, wall=wall(9))


async def test_an_empty_record_has_no_sessions(store: Store) -> None:
    assert (await store.sessions()).sessions == []
    assert await store.session("c1") is None
    assert await store.messages_after("c1", 0) == []
    assert await store.close_interrupted(wall()) == 0


async def test_a_session_says_who_spoke_when_and_how_it_ended(store: Store) -> None:
    await keep(
        store,
        started(),
        joined("agent", "Ann", seq=2),
        joined("customer", "Bo", seq=3),
        said(4, language="de"),
        ended("c1", 5),
    )
    [row] = (await store.sessions()).sessions
    assert (row.started, row.ended) == (wall(), wall(9))
    assert (row.status, row.reason) == ("ended", "hangup")
    assert (row.agent, row.customer, row.language, row.turns) == ("Ann", "Bo", "de", 1)


async def test_sessions_come_newest_first_in_pages_without_repeats(store: Store) -> None:
    # The clock is set back while the calls come in; their order is that of the record.
    calls = [started(f"c{n}", minutes=-n) for n in range(25)]
    await keep(store, *calls, said(2, call_id="c3"), ended("c20", 2))
    seen: list[str] = []
    search = Search(limit=10)
    while True:
        page = await store.sessions(search)
        seen += [row.call_id for row in page.sessions]
        if page.next is None:
            break
        search = replace(search, before=page.next)
    assert seen == [f"c{n}" for n in reversed(range(25))]


async def test_a_page_before_an_unknown_session_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="first page"):
        await store.sessions(Search(before="never"))


async def test_a_session_has_its_events_in_order_as_parsed_json(store: Store) -> None:
    await keep(store, started(), started("c2"), said(3, "b"), said(2, "ä\0"))
    detail = await store.session("c1")
    assert detail is not None
    assert detail.session.call_id == "c1"
    assert [event.seq for event in detail.events] == [1, 2, 3]
    assert detail.events[1].payload["text"] == "ä\0"
    assert detail.events[1].wall == wall(2 / 60)


async def test_partials_can_be_left_out_of_a_session(store: Store) -> None:
    await keep(store, started(), said(2, is_final=False), said(3))
    detail = await store.session("c1", partials=False)
    assert detail is not None
    assert [event.seq for event in detail.events] == [1, 3]


async def test_a_screen_that_reconnects_gets_the_messages_after_its_last_one(
    store: Store,
) -> None:
    used = Feedback(id="s1", verdict="used")
    events = [
        started(),
        said(2),
        said(3),
        said(3, call_id="c2"),
        Event.note(used, call_id="c1", seq=4, at_ms=0, wall=wall()),
        said(5),
    ]
    await keep(store, *events)
    assert await store.messages_after("c1", 2) == [events[2].payload, events[5].payload]
    assert await store.messages_after("c1", 5) == []


async def test_calls_left_open_by_a_crash_are_closed_as_interrupted(store: Store) -> None:
    await keep(
        store, started("c1"), said(7, call_id="c1"), started("c2"), ended("c2", 2),
        started("c3"),
    )  # fmt: skip
    assert await store.close_interrupted(wall(30)) == 2
    assert await store.close_interrupted(wall(31)) == 0
    rows = {row.call_id: row for row in (await store.sessions()).sessions}
    assert {call: row.status for call, row in rows.items()} == {
        "c1": "interrupted",
        "c2": "ended",
        "c3": "interrupted",
    }
    assert rows["c1"].ended == wall(30)
    detail = await store.session("c1")
    assert detail is not None
    last = detail.events[-1]
    assert (last.seq, last.at_ms, last.kind) == (8, 70, "call_ended")
    assert last.payload["reason"] == "interrupted"
