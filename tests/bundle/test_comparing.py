"""Two kits are told apart by the file, and a wheel by what is in it."""

import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appliance.bundle.comparing import Kit, differences
from appliance.bundle.signing import Signer
from appliance.cli.app import app
from appliance.kit.checking import check
from tests.kit.tiny import PROGRAM, sign, signer, tiny_kit


@pytest.fixture
def by(tmp_path: Path) -> Signer:
    return signer(tmp_path)


def _told(one: Path, other: Path) -> list[str]:
    return list(differences(*(Kit(kit, check(kit, None)) for kit in (one, other))))


def test_kits_of_one_content_and_one_key_are_the_same(tmp_path: Path, by: Signer) -> None:
    kits = [tiny_kit(tmp_path / name, by) for name in ("one", "two")]
    # Its times are of their making.
    _repack(kits[0] / "wheels/appliance-0.1.0-py3-none-any.whl")
    _repack(kits[1] / "wheels/appliance-0.1.0-py3-none-any.whl")
    for kit in kits:
        sign(kit, by, "0.1.0")
    assert _told(*kits) == []
    done = CliRunner().invoke(app, ["kit", "compare", *map(str, kits)])
    assert done.exit_code == 0
    assert done.stdout.startswith("The same: ")


def test_what_differs_is_named_down_to_the_file_in_a_wheel(
    tmp_path: Path, by: Signer
) -> None:
    one = tiny_kit(tmp_path / "one", by)
    other = tiny_kit(tmp_path / "two", by, program=f"{PROGRAM}# changed\n")
    (other / "docs/more.md").write_text("more\n")
    sign(other, by, "0.1.0")
    assert _told(one, other) == [
        "docs/more.md: only in the second",
        "wheels/appliance-0.1.0-py3-none-any.whl: differs",
        "    appliance/__main__.py: differs",
    ]
    done = CliRunner().invoke(app, ["kit", "compare", str(one), str(other)])
    assert done.exit_code == 1


def test_kits_of_other_keys_and_versions_say_so(tmp_path: Path, by: Signer) -> None:
    one = tiny_kit(tmp_path / "one", by)
    other = tiny_kit(tmp_path / "two", signer(tmp_path / "another"), "0.2.0")
    told = _told(one, other)
    assert "version: 0.1.0; in the second 0.2.0" in told
    assert any(line.startswith("key: ") for line in told)


def test_a_wheel_that_is_only_packed_otherwise_is_told_as_that(
    tmp_path: Path, by: Signer
) -> None:
    one, other = (tiny_kit(tmp_path / name, by) for name in ("one", "two"))
    _repack(other / "wheels/appliance-0.1.0-py3-none-any.whl")
    sign(other, by, "0.1.0")
    assert _told(one, other)[1:] == ["    packed otherwise: every file in it is the same"]


def _repack(wheel: Path) -> None:
    """Its files in another order, of a time that never changes."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in reversed(archive.namelist())}
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
