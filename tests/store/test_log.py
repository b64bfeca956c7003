import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.database import opening
from appliance.database.migrations import migrations
from appliance.errors import StoreError
from appliance.store.event import Event, EventRefused
from appliance.store.log import SessionLog
from tests.store.events import said, started, stored, wall


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "it's the record.duckdb"


@pytest.fixture
def log(path: Path) -> Iterator[SessionLog]:
    log = SessionLog(path)
    yield log
    log.close()


def test_what_was_written_is_there_after_reopening(log: SessionLog, path: Path) -> None:
    log.write([started(), said(2)])
    log.close()
    again = SessionLog(path)
    assert stored(again) == [("c1", 1), ("c1", 2)]
    again.write([said(3)])
    assert stored(again) == [("c1", 1), ("c1", 2), ("c1", 3)]
    again.close()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)
zones = st.integers(-720, 840).map(lambda m: timezone(timedelta(minutes=m)))
any_event = st.builds(
    Event,
    call_id=st.sampled_from(["c1", "c2", "ä'\"\x00 "]),
    seq=st.integers(1, 2**40),
    at_ms=st.integers(0, 2**40),
    wall=st.builds(
        lambda us, zone: (wall() + timedelta(microseconds=us)).astimezone(zone),
        st.integers(-(10**15), 10**15),
        zones,
    ),
    kind=st.text(),
    payload=st.dictionaries(st.text(), json_values, max_size=3).map(msgspec.json.encode),
)


@settings(max_examples=30)
@given(batches=st.lists(st.lists(any_event, min_size=1, max_size=6), max_size=4))
def test_what_goes_in_comes_out_byte_for_byte_and_in_order(
    batches: list[list[Event]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = SessionLog(Path(folder) / "record.duckdb")
        for batch in batches:
            log.write(batch)
        rows = log.ask("SELECT * EXCLUDE (n) FROM event ORDER BY n")
        log.close()
    assert rows == [
        (e.call_id, e.seq, e.at_ms, e.wall.astimezone(UTC).replace(tzinfo=None), e.kind,
         e.payload.decode())
        for batch in batches
        for e in batch
    ]  # fmt: skip


def test_a_batch_with_an_event_that_is_not_json_is_refused_whole(log: SessionLog) -> None:
    bad = msgspec.structs.replace(said(2), payload=b'{"text": "secret')
    with pytest.raises(EventRefused) as refused:
        log.write([started(), bad])
    assert stored(log) == []
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None
    log.write([started()])
    assert stored(log) == [("c1", 1)]


def test_a_payload_that_is_not_utf8_is_refused(log: SessionLog) -> None:
    with pytest.raises(EventRefused):
        log.write([msgspec.structs.replace(said(2), payload=b'"\xff"')])


class LosesTheAnswer:
    """A connection whose commit reaches the disk and then reports a failure."""

    def __init__(self, db: Any, *, before: bool) -> None:
        self.db = db
        self.before = before

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)

    def commit(self) -> None:
        if not self.before:
            self.db.commit()
        raise duckdb.IOException("IO Error: Could not write: No space left on device")


@pytest.mark.parametrize("before", [True, False])
def test_a_commit_that_failed_is_repeated_only_if_it_had_not_become_durable(
    log: SessionLog, before: bool
) -> None:
    log.write([started()])
    real, log._db = log._db, LosesTheAnswer(log._db, before=before)  # type: ignore[assignment]
    with pytest.raises(StoreError, match="Free some space"):
        log.write([said(2), said(3)])
    log._db = real
    log.write([said(2), said(3)])
    log.write([said(4)])
    assert stored(log) == [("c1", seq) for seq in (1, 2, 3, 4)]


def test_a_dead_connection_is_replaced(log: SessionLog) -> None:
    log.write([started()])
    log._db.close()
    with pytest.raises(StoreError):
        log.write([said(2)])
    log.write([said(2)])
    assert stored(log) == [("c1", 1), ("c1", 2)]


def test_tidying_empties_the_write_ahead_log_and_keeps_the_events(log: SessionLog) -> None:
    log.write([started()])
    assert log.wal_bytes() > 0
    log.tidy()
    assert log.wal_bytes() == 0
    log.write([said(2)])
    assert stored(log) == [("c1", 1), ("c1", 2)]


def test_tidying_is_put_off_while_the_disk_is_nearly_full(
    log: SessionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write([started()])
    monkeypatch.setattr(opening, "_ROOM_FOR_CHECKPOINT", 1 << 60)
    with pytest.raises(StoreError, match="nearly full"):
        log.tidy()
    assert stored(log) == [("c1", 1)]


def test_the_schema_is_applied_once(log: SessionLog, path: Path) -> None:
    log.write([started()])
    log.close()
    log = SessionLog(path)
    known = [(step.version, step.name) for step in migrations("appliance.store")]
    assert log.ask("SELECT version, name FROM schema_version") == known
    assert stored(log) == [("c1", 1)]
    log.close()


def test_a_record_of_a_newer_program_is_refused(log: SessionLog, path: Path) -> None:
    log.close()
    with duckdb.connect(str(path)) as db:
        db.execute("INSERT INTO schema_version VALUES (99, 'future', now()::TIMESTAMP)")
    with pytest.raises(StoreError, match=r"schema 99.*Install the newer version"):
        SessionLog(path)


def test_any_duckdb_can_read_the_record_without_us(log: SessionLog, path: Path) -> None:
    log.write([started(), said(2, "hi")])
    log.close()
    with duckdb.connect(str(path), read_only=True) as db:
        assert db.execute("SELECT text FROM transcript").fetchall() == [("hi",)]
        assert db.execute("SELECT status FROM call").fetchall() == [("waiting",)]


def test_no_query_reaches_a_file(log: SessionLog, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        log.ask(f"COPY event TO '{tmp_path}/out.csv'")
    with pytest.raises(StoreError):
        log.ask("INSTALL httpfs")


def test_a_record_held_by_another_process_says_how_to_free_it(path: Path) -> None:
    holds = (
        f"import duckdb, sys; db = duckdb.connect({str(path)!r});"
        "print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holds], stdout=subprocess.PIPE, stdin=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(StoreError, match="systemctl status appliance") as refused:
            SessionLog(path)
        assert str(other.pid) in refused.value.problem
        other.kill()


def test_a_record_open_in_this_process_is_not_opened_again(
    log: SessionLog, path: Path
) -> None:
    with pytest.raises(StoreError, match="twice in this process"):
        SessionLog(path)
    log.write([started()])


def test_a_file_that_is_no_database_is_not_touched(path: Path) -> None:
    path.write_bytes(b"my holiday photographs" * 1000)
    with pytest.raises(StoreError, match=r"damaged.*Restore it from a backup"):
        SessionLog(path)
    assert path.read_bytes().startswith(b"my holiday")


def test_a_database_cut_short_is_called_damaged(log: SessionLog, path: Path) -> None:
    log.write([said(seq, "word " * 200) for seq in range(1, 500)])
    log.close()
    os.truncate(path, 20_000)
    with pytest.raises(StoreError, match="damaged"):
        SessionLog(path)


def test_a_file_left_empty_by_a_kill_at_the_first_start_is_no_obstacle(path: Path) -> None:
    path.touch()
    log = SessionLog(path)
    log.write([started()])
    log.close()
