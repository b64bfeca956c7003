"""Bytes that have changed on the disk: wherever they are, told with advice."""

from contextlib import suppress
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.errors import StoreError
from appliance.store.log import SessionLog
from tests.store.events import said, started

CALLS = 20


def record(path: Path) -> None:
    """Some calls, closed in order; a few blocks of the database engine."""
    log = SessionLog(path)
    for number in range(CALLS):
        call_id = f"c{number}"
        words = [said(seq, f"{seq} " * 60, call_id=call_id) for seq in range(2, 40)]
        log.write([started(call_id, minutes=number), *words])
    log.tidy()
    log.close()


def flip(path: Path, place: int, length: int) -> None:
    content = bytearray(path.read_bytes())
    changed = bytes(byte ^ 0xFF for byte in content[place : place + length])
    content[place : place + length] = changed
    path.write_bytes(content)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "record.duckdb"
    record(path)
    return path


@pytest.mark.fault("record damaged")
@settings(max_examples=40)
@given(share=st.floats(0, 1, exclude_max=True), length=st.sampled_from([1, 64, 4096]))
def test_wherever_bytes_have_changed_the_record_is_called_damaged_or_is_whole(
    whole: Path, share: float, length: int
) -> None:
    path = whole.with_name("changed.duckdb")
    copy(whole, path)
    flip(path, int(share * path.stat().st_size), length)
    complaints = []
    try:
        log = SessionLog(path)
    except StoreError as error:
        complaints.append(error)
    else:
        # What is damaged keeps nobody from recording what can be recorded.
        with suppress(StoreError):
            log.write([said(1, call_id="new")])
        for number in range(CALLS):
            question = "SELECT payload FROM event WHERE call_id = ? ORDER BY n"
            try:
                assert len(log.ask(question, [f"c{number}"])) == 39
            except StoreError as error:
                complaints.append(error)
        log.close()
    for one in complaints:
        assert "is damaged" in one.problem or "another version" in one.problem
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
