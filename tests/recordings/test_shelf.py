"""Recordings are found, counted and removed, whatever else lies beside them."""

from datetime import date
from pathlib import Path

import pytest

from appliance.recordings.shelf import Shelf

MONDAY, TUESDAY = date(2025, 3, 3), date(2025, 3, 4)


def kept(shelf: Shelf, call_id: str, day: date, content: bytes = b"sound") -> Path:
    folder = shelf.place(call_id, day)
    folder.mkdir(parents=True)
    (folder / "call.opus").write_bytes(content)
    return folder


def test_a_call_is_found_by_its_id_on_whatever_day_it_was(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    kept(shelf, "one", MONDAY)
    other = kept(shelf, "other", TUESDAY)

    assert shelf.folder_of("other") == other
    assert shelf.folder_of("none") is None


def test_the_oldest_calls_come_first_and_what_is_no_day_is_left_out(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    kept(shelf, "late", TUESDAY)
    kept(shelf, "early", MONDAY)
    (tmp_path / "lost+found" / "early").mkdir(parents=True)

    assert list(shelf.calls()) == [("early", MONDAY), ("late", TUESDAY)]


def test_what_is_removed_is_gone_with_its_empty_day(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    kept(shelf, "one", MONDAY, b"1234")
    kept(shelf, "two", MONDAY, b"56")

    assert shelf.remove("one") == 4
    assert shelf.size() == 2
    assert shelf.remove("one") == 0
    assert shelf.remove("two") == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", ".", "..", "../../etc", "2025-03-03/one", "a\0b"])
def test_an_id_that_is_no_name_leads_nowhere(tmp_path: Path, name: str) -> None:
    shelf = Shelf(tmp_path / "recordings")
    kept(shelf, "one", MONDAY)

    assert shelf.folder_of(name) is None
    assert shelf.remove(name) == 0


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "never made")

    assert list(shelf.calls()) == []
    assert shelf.size() == 0
