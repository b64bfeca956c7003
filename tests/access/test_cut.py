"""The beginning of the audit log goes, and what is left is as hard to change as before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from appliance.access.access import Access
from appliance.access.audit import Note
from appliance.access.cutting import cut_log, overdue_rows
from appliance.access.file import AccessFile
from appliance.access.inspection import Inspection, inspect
from appliance.errors import StoreError
from tests.access.site import CHEAP
from tests.access.trail import ROWS, findings, rows, tamper, written

OLD = 3  # so many rows are


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


def overdue(folder: Path) -> datetime:
    """Before which the first rows were written."""
    return rows(folder)[OLD].wall


def cut(folder: Path, before: datetime, actor: str = "the box") -> int:
    with Access.open(folder.parent, CHEAP) as access:
        return anyio.run(cut_log, access, before, actor)


def test_what_was_before_goes_and_the_rest_is_whole(folder: Path) -> None:
    first, noted = rows(folder)[0], rows(folder)[OLD - 1].hash
    assert cut(folder, overdue(folder)) == OLD
    left = rows(folder)
    assert [entry.n for entry in left] == list(range(OLD, ROWS + 1))
    assert (left[-1].actor, left[-1].action) == ("the box", "log cut")
    assert left[-1].detail == (
        f"rows 0 to 2, of {first.wall:%Y-%m-%d} to {first.wall:%Y-%m-%d}, "
        f"the last with the hash {noted}"
    )
    assert findings(folder) == []
    assert findings(folder, noted) == []  # that one is still known


def test_it_is_cut_again_and_again(folder: Path) -> None:
    for _ in range(3):
        assert cut(folder, overdue(folder)) == OLD
        assert findings(folder) == []
    assert rows(folder)[0].n == 3 * OLD


def test_no_byte_of_it_is_left(folder: Path) -> None:
    many, zelda = 9000, b"Zelda Quist"  # so many that DuckDB leaves some of them there
    subject = "if(i % 97 = 0 AND i < 5000, 'Zelda Quist' || i, 'Bob')"
    columns = f"wall, actor, action, {subject}, sha256(i || 'd'), sha256(i || 'h')"
    tamper(
        folder,
        f"INSERT INTO audit SELECT {ROWS} + i, {columns} "
        f"FROM audit, range({many}) AS more(i) WHERE n = 0",
    )
    assert zelda in left_in(folder)

    async def cut_most(access: Access) -> None:
        await access.cut(ROWS + 5000, Note(actor="the box", action="log cut"))

    with Access.open(folder.parent, CHEAP) as access:
        anyio.run(cut_most, access)
        assert zelda not in left_in(folder)
    assert [entry.action for entry in rows(folder)][-1] == "log cut"
    assert zelda not in left_in(folder)


def left_in(folder: Path) -> bytes:
    """Of all files, the log of the database too."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_while_it_is_copied_its_bytes_stay_and_the_rows_go(folder: Path) -> None:
    async def meanwhile(access: Access) -> None:
        async with access.still():
            with pytest.raises(StoreError, match="is being copied"):
                await cut_log(access, old, "the box")

    old = overdue(folder)
    before = (folder / "access.duckdb").read_bytes()
    with Access.open(folder.parent, CHEAP) as access:
        anyio.run(meanwhile, access)
        assert (folder / "access.duckdb").read_bytes() == before
    assert rows(folder)[0].n == OLD
    assert findings(folder) == []


def test_where_nothing_is_old_nothing_happens(folder: Path) -> None:
    assert cut(folder, datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert len(rows(folder)) == ROWS


def test_the_newest_row_stays_however_old_it_is(folder: Path) -> None:
    assert cut(folder, datetime.now(UTC) + timedelta(days=1)) == ROWS - 1
    assert [entry.n for entry in rows(folder)] == [ROWS - 1, ROWS]
    AccessFile(folder).close()  # at the start nothing is found wrong
    assert findings(folder) == []


def test_a_row_stays_while_one_before_it_has_to(folder: Path) -> None:
    before = rows(folder)[-1].wall
    tamper(folder, "UPDATE audit SET wall = wall + INTERVAL 1 DAY WHERE n = 1")
    file = AccessFile(folder)
    last = file.overdue(before)
    assert last is not None
    assert last.n == 0
    file.close()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM audit WHERE n = 3", "Row 3 is missing."),
        ("DELETE FROM audit WHERE n BETWEEN 3 AND 5", "Rows 3 to 5 are missing."),
        ("UPDATE audit SET actor = 'Eve' WHERE n = 3", "Row 3 was changed"),
        ("UPDATE audit SET hash = repeat('0', 64) WHERE n = 3", "Row 4 was changed"),
        ("DELETE FROM audit WHERE action = 'log cut'", "Rows 0 to 2 are missing."),
        (
            "UPDATE audit SET detail = replace(detail, '0 to 2', '0 to 3') WHERE n = 8",
            "Row 8 was changed",
        ),
        (
            "UPDATE audit SET detail = left(detail, len(detail) - 64) || repeat('0', 64)"
            " WHERE n = 8",
            "Row 8 was changed",
        ),
        (
            "INSERT INTO audit SELECT 2, wall, actor, action, subject, detail, hash"
            " FROM audit WHERE n = 3",
            "Row 3 was changed",
        ),
    ],
)
def test_a_change_after_the_cut_or_of_what_it_says_is_found(
    folder: Path, statement: str, found: str
) -> None:
    cut(folder, overdue(folder))
    tamper(folder, statement)
    assert any(text.startswith(found) for text in findings(folder)), findings(folder)


def test_more_cannot_go_behind_an_earlier_cut(folder: Path) -> None:
    cut(folder, overdue(folder))
    cut(folder, overdue(folder))
    tamper(folder, "DELETE FROM audit WHERE n < 8")
    assert findings(folder) == ["Rows 6 to 7 are missing."]


def test_a_beginning_that_was_changed_is_evidence_and_stays(folder: Path) -> None:
    tamper(folder, "UPDATE audit SET actor = 'Eve' WHERE n = 1")
    with pytest.raises(StoreError, match="Row 1 was changed"):
        cut(folder, overdue(folder))
    assert len(rows(folder)) == ROWS
    assert [text for text in findings(folder) if "changed" in text]


def test_a_long_log_is_cut_and_looked_at_page_by_page(folder: Path) -> None:
    file = AccessFile(folder)
    file.write((), [Note(actor="Ann", action="signed in")] * 450)
    file.close()

    async def look(access: Access) -> Inspection:
        before = datetime.now(UTC) + timedelta(days=1)
        assert await overdue_rows(access, before) == ROWS + 449
        assert await cut_log(access, before, "the box") == ROWS + 449
        return await inspect(access)

    with Access.open(folder.parent, CHEAP) as access:
        found = anyio.run(look, access)
    assert (found.rows, found.taken_out, found.faults) == (2, ROWS + 449, ())
