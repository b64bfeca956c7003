"""A record from before talk was counted in words is brought up to date with what it has."""

from itertools import takewhile
from pathlib import Path

import anyio
import duckdb

from appliance.database.migrations import migrations
from appliance.reporting.desk import Reporting
from appliance.store.log import SessionLog
from appliance.store.writer import Store
from tests.reporting.site import UTC_SITE, Site
from tests.reporting.test_by_hand import ten_calls

# Not in any order, and not known of then.
KEPT = "SELECT * EXCLUDE (lag_ms, draft_changed) FROM measured ORDER BY n"


def test_calls_of_an_older_record_have_their_words_counted(tmp_path: Path) -> None:
    path, old = tmp_path / "record.duckdb", tmp_path / "old.duckdb"
    with Store.open(path) as store:
        site = Site(store, Reporting(UTC_SITE, store))
        anyio.run(site.keep, ten_calls())
    log = SessionLog(path)
    rows = log.ask(KEPT)
    log.close()
    steps = migrations("appliance.store")
    with duckdb.connect(old) as db:
        db.execute(
            "CREATE TABLE schema_version (version INTEGER, name VARCHAR, applied TIMESTAMP)"
        )
        for step in takewhile(lambda step: "spoken" not in step.name, steps):
            db.execute(step.sql)
            db.execute(
                "INSERT INTO schema_version VALUES (?, ?, now()::TIMESTAMP)",
                [step.version, step.name],
            )
        db.execute(f"ATTACH '{path}' AS newer (READ_ONLY)")
        db.execute("INSERT INTO event SELECT * FROM newer.event")
        db.execute(
            "INSERT INTO session SELECT * FROM summed_up(0, NULL) WHERE ended IS NOT NULL"
        )
        db.execute("INSERT INTO measured SELECT * FROM measures_of(0, NULL)")
        # Or the start would make the rows anew.
        db.execute("UPDATE settled SET n = (SELECT max(n) + 1 FROM event)")
    log = SessionLog(old)
    assert log.ask(KEPT) == rows
    told = log.ask("SELECT sum(agent_words), count(draft_changed) FROM measured")
    assert told == [(6, 0)]  # what became of the drafts of then, nobody told
    log.close()
