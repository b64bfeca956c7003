"""What somebody who can write to the file changes in it is found."""

from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from appliance.access.access import Access
from appliance.access.audit import Head, Note, chained, head_of
from appliance.access.file import AccessFile
from appliance.access.head import NAME, read_head, write_head
from appliance.access.verifier import Verifier
from tests.access.trail import findings, rows, tamper, written

pytestmark = pytest.mark.anyio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


def test_a_log_that_nobody_touched_is_whole(folder: Path) -> None:
    assert findings(folder) == []


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE audit SET detail = 'x' WHERE n = 3"], "Row 3 was changed"),
        (["UPDATE audit SET actor = 'Eve' WHERE n = 0"], "Row 0 was changed"),
        (["UPDATE audit SET wall = wall + INTERVAL 1 SECOND WHERE n = 7"], "Row 7 was"),
        (["UPDATE audit SET hash = repeat('0', 64) WHERE n = 3"], "Row 3 was changed"),
        (["DELETE FROM audit WHERE n = 4"], "Row 4 is missing"),
        (["DELETE FROM audit WHERE n BETWEEN 2 AND 4"], "Rows 2 to 4 are missing"),
        (["DELETE FROM audit WHERE n = 0"], "Row 0 is missing"),
        (["DELETE FROM audit WHERE n = 7"], "Row 7 is cut off"),
        (["DELETE FROM audit WHERE n >= 5"], "Rows 5 to 7 are cut off"),
        (["DELETE FROM audit"], "Rows 0 to 7 are cut off"),
        (
            [
                "UPDATE audit SET n = -1 WHERE n = 2",
                "UPDATE audit SET n = 2 WHERE n = 3",
                "UPDATE audit SET n = 3 WHERE n = -1",
            ],
            "Row 2 was changed",
        ),
        (
            ["DELETE FROM audit WHERE n = 4", "UPDATE audit SET n = n - 1 WHERE n > 4"],
            "Row 4 was changed",
        ),
        (["INSERT INTO audit SELECT * FROM audit WHERE n = 5"], "Row 5 is there twice"),
    ],
)
def test_a_change_in_the_log_is_found_where_it_is(
    folder: Path, statements: list[str], found: str
) -> None:
    tamper(folder, *statements)
    assert findings(folder)[0].startswith(found)


def forge(folder: Path) -> None:
    """A whole new chain, as right as ours."""
    head = Head()
    for entry in rows(folder):
        note = Note(actor="Eve", action="user changed", subject="Bob", detail="nothing")
        forged = chained(head, note, entry.wall)
        tamper(
            folder,
            f"UPDATE audit SET actor = 'Eve', detail = 'nothing', hash = '{forged.hash}' "
            f"WHERE n = {entry.n}",
        )
        head = head_of(forged)


def test_a_log_that_was_written_anew_does_not_end_as_it_did(folder: Path) -> None:
    forge(folder)
    assert findings(folder) == ["Row 7 is not the one that audit.head knows."]


def test_a_hash_noted_down_elsewhere_finds_even_a_forged_end(folder: Path) -> None:
    noted = rows(folder)[5].hash
    assert findings(folder, noted) == []
    forge(folder)
    write_head(folder, head_of(rows(folder)[-1]))
    assert findings(folder) == []
    assert findings(folder, noted) == [f"No row has the hash {noted}."]


def lose(folder: Path) -> None:
    (folder / NAME).unlink()


def spoil(folder: Path) -> None:
    (folder / NAME).write_bytes(b"\0\0")


@pytest.mark.parametrize("harm", [lose, spoil])
def test_that_the_head_is_gone_is_found(folder: Path, harm: Callable[[Path], None]) -> None:
    harm(folder)
    assert findings(folder) == ["The file audit.head is missing or damaged."]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM audit WHERE n >= 5", "the log ended at row 4, and had had 7"),
        ("DELETE FROM audit", "the log ended at row -1, and had had 7"),
        (
            "UPDATE audit SET hash = repeat('0', 64) WHERE n = 7",
            "row 7 was not the one that audit.head knew",
        ),
    ],
)
def test_a_cut_does_not_heal_when_the_service_starts_again(
    folder: Path, statement: str, said: str
) -> None:
    tamper(folder, statement)
    for _ in range(2):
        file = AccessFile(folder)
        file.write((), [Note(actor="Ann", action="signed in")])
        file.close()
    assert any(said in text for text in findings(folder))


def test_a_kill_between_the_row_and_its_head_is_no_damage(folder: Path) -> None:
    write_head(folder, head_of(rows(folder)[-2]))
    assert findings(folder) == []
    AccessFile(folder).close()
    assert read_head(folder) == head_of(rows(folder)[-1])
    assert findings(folder) == []


async def test_many_who_log_at_once_wait_and_nothing_is_dropped(access: Access) -> None:
    async with anyio.create_task_group() as many:
        for number in range(100):
            many.start_soon(access.record, "Ann", "signed out", str(number))
    told = await access.entries(0, 200)
    assert [entry.n for entry in told] == list(range(100))
    assert {entry.subject for entry in told} == {str(number) for number in range(100)}
    verifier = Verifier(await anyio.to_thread.run_sync(read_head, access.folder))
    assert [text for entry in told for text in verifier.told(entry)] == []
    assert list(verifier.finished()) == []


async def test_the_newest_rows_can_be_asked_for(access: Access) -> None:
    for number in range(5):
        await access.record("Ann", "signed out", str(number))
    assert [entry.subject for entry in await access.entries(-2, 10)] == ["3", "4"]
    assert len(await access.entries(-50, 10)) == 5
