"""A copy that is made while calls go on is the record of one moment, and opens."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from appliance.database.copying import Still, copy_still
from appliance.errors import StoreError
from appliance.store import committer
from appliance.store.log import SessionLog
from appliance.store.writer import Store
from tests.store.events import said, started, stored

# Checkpoints all the time, but for a copy.
TIDY_AT = 4096


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    there = tmp_path / "copy"
    there.mkdir()
    return there


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(committer, "TIDY_AT", TIDY_AT)
    monkeypatch.setattr(committer, "TIDY_NOW", TIDY_AT)
    with Store.open(tmp_path / "record.duckdb") as store:
        yield store


def _seqs(path: Path) -> list[int]:
    log = SessionLog(path)
    try:
        return [seq for _, seq in stored(log)]
    finally:
        log.close()


@pytest.mark.anyio
async def test_what_was_acknowledged_is_in_the_copy_and_nothing_later(
    store: Store, folder: Path
) -> None:
    await store.commit(started())
    for seq in range(2, 200):
        await store.commit(said(seq))
    async with store.still() as still, anyio.create_task_group() as both:

        async def go_on() -> None:
            for seq in range(200, 400):
                await store.commit(said(seq))

        both.start_soon(go_on)
        copy = await to_thread.run_sync(copy_still, still, folder)
    await store.commit(said(400))
    await store.aclose()
    assert await to_thread.run_sync(_seqs, copy) == list(range(1, 200))
    assert await to_thread.run_sync(_seqs, still.path) == list(range(1, 401))


@pytest.mark.anyio
async def test_the_log_is_tidied_again_after_the_copy(store: Store) -> None:
    await store.commit(started())
    async with store.still():
        for seq in range(2, 100):
            await store.commit(said(seq))
        async with store.still() as grown:
            pass
    await store.commit(said(100))
    await store.flush()
    async with store.still() as later:
        assert later.wal_bytes < TIDY_AT < grown.wal_bytes


def test_a_file_that_was_checkpointed_all_the_same_is_no_copy(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "record.duckdb"
    path.write_bytes(b"before")
    real = Path.stat
    calls = iter([0, 1])

    def stat(self: Path, *, follow_symlinks: bool = True) -> object:
        if self == path and next(calls, 0):
            path.write_bytes(b"checkpointed")
        return real(self, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(StoreError, match="was changed while"):
        copy_still(Still(path, 0), folder)


def test_no_room_for_the_copy_is_said(tmp_path: Path) -> None:
    path = tmp_path / "record.duckdb"
    path.write_bytes(b"x")
    with pytest.raises(StoreError, match="cannot be copied"):
        copy_still(Still(path, 0), tmp_path / "nowhere")
