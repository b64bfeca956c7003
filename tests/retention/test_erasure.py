"""Somebody is erased: no byte of them is left, and everybody else is whole."""

from pathlib import Path

import anyio
import duckdb

from appliance.backup.making import RECORD
from appliance.customers.importing import FILE as CUSTOMERS
from appliance.retention.custodian import Custodian
from appliance.store.search import Search
from appliance.store.writer import Store
from tests.retention.box import (
    NOW,
    OTTO,
    ZELDA,
    Person,
    found_in,
    keeping,
)


def read_out(folder: Path) -> str:
    """Every value of every table of every database, decompressed."""
    told = []
    for path in (folder / RECORD, folder / CUSTOMERS, folder / "access/access.duckdb"):
        db = duckdb.connect()
        db.execute(f"ATTACH '{path}' AS there (READ_ONLY)")
        db.execute("USE there")
        tables = db.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal")
        for (table,) in tables.fetchall():
            rows = db.execute(f"SELECT t::VARCHAR FROM {table} t").fetchall()
            told += [row for (row,) in rows]
        db.close()
    return "\n".join(told)


def traces_of(folder: Path, who: Person) -> list[str]:
    values = read_out(folder).lower()
    inside = [f"a value: {one}" for one in who.traces if one.lower() in values]
    return [*found_in(folder, who.traces), *inside]


async def measured(store: Store) -> list[object]:
    """What is counted of all calls."""
    rows: list[object] = []
    for sql in (
        "SELECT call_id, started, ended, status, reason, agent, language, turns FROM call",
        "SELECT call_id, seq, speaker, start_ms, end_ms, failed FROM transcript",
        "SELECT call_id, id, action, confidence, status FROM suggestion",
        "SELECT call_id, speaker, at_ms FROM chat",
        "SELECT call_id, id, verdict FROM feedback",
        "SELECT call_id, turns, staff, outcome FROM session",
        "SELECT * EXCLUDE (customer) FROM measured",
        "SELECT * EXCLUDE (customer) FROM measures_of(0, NULL)",
        "SELECT call_id, kind, count(*) FROM event WHERE kind <> 'purged' GROUP BY ALL",
        "SELECT call_id, payload->>'$.call_score' FROM event WHERE kind = 'sentiment'",
    ):
        rows += sorted(await store.ask(sql), key=str)
    return rows


async def erase_her(store: Store, custodian: Custodian) -> None:
    counted = await measured(store)
    erased = await custodian.erase("customer", ZELDA.id, "ann", NOW)
    assert (erased.calls, erased.customers, erased.waiting) == (2, 1, ())
    assert erased.freed == 1300
    assert await measured(store) == counted
    assert not (await store.sessions(Search(text=ZELDA.words[0]))).sessions
    assert len((await store.sessions(Search(text=OTTO.words[0]))).sessions) == 2


def test_of_who_was_erased_no_byte_is_left_and_of_the_others_all(both: Path) -> None:
    before = traces_of(both, ZELDA)
    # The search would find them: in the record, in the customers, in the sound.
    found = {one.split(":")[0].split("/")[0] for one in before}
    assert found >= {RECORD, CUSTOMERS, "recordings", "a value"}
    values = read_out(both)
    with keeping(both) as (store, custodian):
        anyio.run(erase_her, store, custodian)
    assert traces_of(both, ZELDA) == []
    left = read_out(both)
    for trace in OTTO.traces:
        assert left.count(trace) == values.count(trace)
    assert len(list((both / "recordings").rglob("audio"))) == 1
