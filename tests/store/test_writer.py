import threading
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from anyio import to_thread
from msgspec.structs import replace

from appliance.database.repair import wal_of
from appliance.errors import StoreError
from appliance.store import committer, writer
from appliance.store.event import EventRefused
from appliance.store.log import SessionLog
from appliance.store.writer import Store
from tests.store.events import said, started, stored
from tests.store.logs import FailingLog, HeldLog, health, recovered

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "record.duckdb"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as store:
        yield store


@pytest.fixture
def held(tmp_path: Path) -> Iterator[HeldLog]:
    log = HeldLog(tmp_path / "record.duckdb")
    yield log
    log.go.set()


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FailingLog:
    monkeypatch.setattr(committer, "RETRY_S", 0.01)
    monkeypatch.setattr(committer, "RETRY_MOST_S", 0.01)
    return FailingLog(tmp_path / "record.duckdb")


def seqs(path: Path) -> list[int]:
    log = SessionLog(path)
    rows = [seq for _, seq in stored(log)]
    log.close()
    return rows


async def test_a_committed_event_can_be_read_at_once(store: Store) -> None:
    await store.commit(started())
    detail = await store.session("c1")
    assert detail is not None
    assert [event.kind for event in detail.events] == ["call_started"]


async def test_flush_returns_when_everything_before_it_is_stored(store: Store) -> None:
    for seq in range(1, 1500):
        store.append(said(seq))
    await store.flush()
    assert store.queued == 0
    assert len(await store.messages_after("c1", 0)) == 1499


def test_the_folder_is_created_and_closing_stores_what_was_appended(path: Path) -> None:
    with Store.open(path) as store:
        for seq in range(1, 2000):
            store.append(said(seq))
    assert seqs(path) == list(range(1, 2000))


def test_a_folder_that_cannot_be_created_is_reported_with_its_fix(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="data_dir"):
        Store.open(tmp_path / "file" / "data" / "record.duckdb")


async def test_commits_that_wait_together_share_one_transaction(held: HeldLog) -> None:
    with Store(held) as store:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(store.commit, said(1))
            await to_thread.run_sync(held.entered.wait)
            for seq in range(2, 102):
                tasks.start_soon(store.commit, said(seq))
            while store.queued < 101:
                await anyio.lowlevel.checkpoint()
            held.go.set()
        assert held.batches == [1, 100]
        assert store.transactions == 2
        # Here, not by the end of `with`: it may not wait for the thread on the loop.
        await store.aclose()


async def test_a_cancelled_wait_does_not_take_the_event_back(held: HeldLog) -> None:
    store = Store(held)
    with anyio.move_on_after(0) as scope:
        await store.commit(said(1))
    assert scope.cancelled_caught
    held.go.set()
    await store.flush()
    assert len(await store.messages_after("c1", 0)) == 1
    await store.aclose()


async def test_events_appended_by_many_threads_keep_their_order_per_call(
    store: Store, path: Path
) -> None:
    def speak(call_id: str) -> None:
        for seq in range(1, 301):
            store.append(said(seq, call_id=call_id))

    threads = [threading.Thread(target=speak, args=(f"c{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        await to_thread.run_sync(thread.join)
    await store.aclose()
    log = await to_thread.run_sync(SessionLog, path)
    rows = await to_thread.run_sync(stored, log)
    await to_thread.run_sync(log.close)
    for n in range(8):
        assert [seq for call, seq in rows if call == f"c{n}"] == list(range(1, 301))


async def test_a_slow_disk_sheds_partials_and_never_finals(
    held: HeldLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SHED_AT", 10)
    store = Store(held)
    for seq in range(1, 101):
        store.append(said(seq, is_final=seq % 2 == 0))
    assert store.shed == 45
    held.go.set()
    await store.aclose()
    assert store.lost == 0
    kept = await to_thread.run_sync(seqs, held.path)
    assert kept == [*range(1, 11), *range(12, 101, 2)]


async def test_a_dead_disk_does_not_take_the_memory_with_it(
    held: HeldLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "FULL_AT", 20)
    store = Store(held)
    for seq in range(1, 31):
        store.append(said(seq))
    with pytest.raises(StoreError, match="no room for more"):
        await store.commit(said(31))
    assert store.lost == 11
    held.go.set()
    await store.aclose()
    assert await to_thread.run_sync(seqs, held.path) == list(range(1, 21))


@pytest.mark.fault("disk read-only")
async def test_while_commits_fail_calls_go_on_and_nothing_is_lost_or_doubled(
    failing: FailingLog,
) -> None:
    store = Store(failing)
    await store.commit(said(1))
    failing.broken = True
    with pytest.raises(StoreError, match="Free some space"):
        await store.commit(said(2))
    assert health(store) == (True, "The disk is full. Free some space.")
    for seq in range(3, 1003, 2):
        store.append(said(seq))
        with pytest.raises(StoreError, match="Free some space"):
            await store.commit(said(seq + 1))
    with pytest.raises(StoreError):
        await store.flush()

    failing.broken = False
    await recovered(store)
    assert health(store) == (False, None)
    assert store.queued == 0
    await store.commit(said(1003))
    await store.aclose()
    assert await to_thread.run_sync(seqs, failing.path) == list(range(1, 1004))


async def test_everyone_who_waits_for_a_failing_commit_is_told(failing: FailingLog) -> None:
    store = Store(failing)
    failing.broken = True
    told: list[str] = []

    async def wait(seq: int) -> None:
        try:
            await store.commit(said(seq))
        except StoreError as error:
            told.append(error.fix)

    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            for seq in range(1, 1200):
                tasks.start_soon(wait, seq)
    assert told == ["Free some space."] * 1199
    failing.broken = False
    await recovered(store)
    await store.aclose()
    assert await to_thread.run_sync(seqs, failing.path) == list(range(1, 1200))


async def test_closing_on_a_dead_disk_ends_and_says_what_is_lost(
    failing: FailingLog,
) -> None:
    store = Store(failing)
    failing.broken = True
    for seq in range(1, 11):
        store.append(said(seq))
    with pytest.raises(StoreError, match="10 events could not be stored"):
        await store.aclose()
    assert store.lost == 10


async def test_an_event_that_does_not_fit_fails_alone(store: Store, path: Path) -> None:
    outcomes: dict[int, str] = {}

    async def commit(seq: int) -> None:
        event = said(seq)
        try:
            await store.commit(replace(event, payload=b"{") if seq == 5 else event)
            outcomes[seq] = "stored"
        except EventRefused:
            outcomes[seq] = "refused"

    async with anyio.create_task_group() as tasks:
        for seq in range(1, 11):
            tasks.start_soon(commit, seq)
    assert outcomes == {n: "refused" if n == 5 else "stored" for n in range(1, 11)}
    assert (store.lost, store.problem) == (1, None)
    await store.aclose()
    assert await to_thread.run_sync(seqs, path) == [n for n in range(1, 11) if n != 5]


async def test_a_log_that_cannot_be_tidied_is_a_visible_problem_but_stores(
    failing: FailingLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nearly_full() -> None:
        raise StoreError("The disk is nearly full.", fix="Free some space.")

    monkeypatch.setattr(committer, "TIDY_AT", 0)
    monkeypatch.setattr(committer, "TIDY_NOW", 0)  # so after the first, before the second
    monkeypatch.setattr(failing, "tidy", nearly_full)
    store = Store(failing)
    await store.commit(said(1))
    await store.commit(said(2))
    assert health(store) == (False, "The disk is nearly full. Free some space.")
    await store.aclose()


async def test_the_log_is_tidied_as_it_grows(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "TIDY_AT", 20_000)
    monkeypatch.setattr(committer, "TIDY_NOW", 20_000)
    for seq in range(1, 200):
        await store.commit(said(seq, "word " * 50))
    assert wal_of(path).stat().st_size < 40_000
    assert len(await store.messages_after("c1", 0)) == 199


async def test_a_closed_store_refuses_commits_and_closes_twice(store: Store) -> None:
    await store.aclose()
    await store.aclose()
    store.append(said(1))
    with pytest.raises(StoreError, match="closed"):
        await store.commit(said(1))
    with pytest.raises(StoreError, match="closed"):
        await store.flush()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_bug_in_the_thread_leaves_nobody_waiting(
    held: HeldLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(held, "write", bug)
    store = Store(held)
    with anyio.fail_after(30), pytest.raises(StoreError):
        await store.commit(said(1))
    with anyio.fail_after(30), pytest.raises(StoreError, match="stopped"):
        await store.commit(said(2))
    assert "Restart the service" in (store.problem or "")
    with pytest.raises(StoreError, match="could not be stored"):
        await store.aclose()
