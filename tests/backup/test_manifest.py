"""A backup is whole, or says which file is not."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from appliance.backup.manifest import (
    NAME,
    Kept,
    Manifest,
    check_files,
    list_files,
    made_in,
    read_manifest,
)
from appliance.errors import StoreError

MADE = datetime(2026, 3, 1, tzinfo=UTC)


def manifest(*files: Kept) -> Manifest:
    return Manifest(appliance="1", host="box", made=MADE, files=files)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    there = tmp_path / "box-1"
    (there / "data").mkdir(parents=True)
    (there / "data" / "one").write_bytes(b"one")
    (there / "data" / "two").write_bytes(b"two")
    whole = manifest(*list_files(there))
    (there / NAME).write_bytes(msgspec.json.encode(whole))
    return there


def test_what_was_listed_is_found_again(folder: Path) -> None:
    found = read_manifest(folder)
    assert [kept.path for kept in found.files] == ["data/one", "data/two"]
    assert found.bytes == 6
    check_files(folder, found)


def test_a_changed_byte_is_found(folder: Path) -> None:
    (folder / "data" / "two").write_bytes(b"owt")
    with pytest.raises(StoreError, match="two is not what was written"):
        check_files(folder, read_manifest(folder))


def test_a_missing_file_is_found(folder: Path) -> None:
    (folder / "data" / "one").unlink()
    with pytest.raises(StoreError, match="one is No such file"):
        check_files(folder, read_manifest(folder))


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside", "data/../../outside"])
def test_a_list_that_leads_outside_is_not_followed(folder: Path, path: str) -> None:
    bad = manifest(Kept(path=path, bytes=1, sha256="0" * 64))
    (folder / NAME).write_bytes(msgspec.json.encode(bad))
    with pytest.raises(StoreError, match="outside of itself"):
        read_manifest(folder)


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no backup"):
        read_manifest(tmp_path)


def test_of_a_folder_of_backups_the_whole_ones_are_told(folder: Path) -> None:
    half = folder.with_name("half")
    half.mkdir()
    (half / NAME).write_text("{")
    assert [one.made for one in made_in(folder.parent)] == [MADE]
