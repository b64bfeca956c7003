"""From the kit into a root with nothing in it, without a network, and out again."""

import shutil
from pathlib import Path

import pytest

from appliance.bundle.signing import Signer, make
from appliance.kit.place import Place
from tests.kit.clean_root import borrow, permitted, system_python, within
from tests.kit.tiny import signer, tiny_kit

pytestmark = pytest.mark.skipif(
    not (permitted() and system_python()),
    reason="needs the right to mount, and a system Python 3.11 or newer",
)

INSTALL = "/kit/install"
COMMAND = "/usr/local/bin/appliance"


@pytest.fixture
def by(tmp_path: Path) -> Signer:
    return signer(tmp_path)


@pytest.fixture
def kit(tmp_path: Path, by: Signer) -> Path:
    return tiny_kit(tmp_path / "kit", by, python=system_python())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    borrow(tmp_path / "root")
    return tmp_path / "root"


def _here(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def test_a_kit_is_installed_again_over_itself_and_removed(
    root: Path, kit: Path, by: Signer
) -> None:
    done = within(root, kit, INSTALL, "--lan", "10.1.0.0/16")
    assert done.returncode == 0, done.stderr
    assert f"Signed by {by.public}" in done.stdout
    assert "Once systemd runs there: systemctl enable" in done.stdout
    place = Place(root)
    assert place.current.readlink() == Path("releases/0.1.0")
    assert (
        "IPAddressAllow=localhost 10.1.0.0/16"
        in (place.units / "appliance.service.d/lan.conf").read_text()
    )
    assert place.key.read_text() == f"{by.public}\n"
    assert place.data.stat().st_mode & 0o777 == 0o700
    assert place.data.stat().st_uid == _uid(root)
    assert within(root, kit, COMMAND, "status").stdout == "tiny 0.1.0 status\n"

    settings = place.settings / "appliance.toml"
    settings.write_text("# the site's\n")
    (place.data / "appliance.duckdb").write_text("the record")
    again = within(root, kit, INSTALL)
    assert again.returncode == 0, again.stderr
    assert settings.read_text() == "# the site's\n"

    gone = within(root, kit, INSTALL, "--uninstall")
    assert gone.returncode == 0, gone.stderr
    assert not place.software.exists()
    assert not place.command.exists()
    assert not (place.units / "appliance.service").exists()
    assert (place.data / "appliance.duckdb").read_text() == "the record"
    assert settings.read_text() == "# the site's\n"

    assert within(root, kit, INSTALL).returncode == 0  # it comes back to its data
    assert (place.data / "appliance.duckdb").read_text() == "the record"
    assert within(root, kit, INSTALL, "--uninstall", "--purge").returncode == 0
    assert not place.data.exists()
    assert not place.settings.exists()
    assert _uid(root) == -1


def _uid(root: Path) -> int:
    lines = (root / "etc/passwd").read_text().splitlines()
    users = {line.split(":")[0]: int(line.split(":")[2]) for line in lines}
    return users.get("appliance", -1)


def test_of_a_stick_that_is_broken_nothing_is_written(root: Path, kit: Path) -> None:
    (kit / "docs/README.md").write_text("another\n")
    before = _all(root)
    done = within(root, kit, INSTALL)
    assert done.returncode == 1
    assert "docs/README.md is not what was signed" in done.stderr
    assert _all(root) == before


def test_looking_alone_writes_nothing(root: Path, kit: Path) -> None:
    before = _all(root)
    done = within(root, kit, INSTALL, "--check")
    assert done.returncode == 0, done.stderr
    assert "can take it" in done.stdout
    assert _all(root) == before


def _all(root: Path) -> list[Path]:
    own = (root / name for name in ("etc", "opt", "var"))
    return sorted(path for folder in own for path in folder.rglob("*"))


def test_neither_anothers_kit_nor_another_version_is_installed_over_ours(
    root: Path, kit: Path, by: Signer, tmp_path: Path
) -> None:
    assert within(root, kit, INSTALL).returncode == 0
    other = make(tmp_path / "other.pem")
    theirs = tiny_kit(tmp_path / "theirs", other, python=system_python())
    done = within(root, theirs, INSTALL)
    assert done.returncode == 1
    assert "this machine takes kits of" in done.stderr

    newer = tiny_kit(tmp_path / "newer", by, "0.2.0", python=system_python())
    done = within(root, newer, INSTALL)
    assert done.returncode == 1
    assert "appliance upgrade" in done.stderr


def test_the_installer_outside_of_a_kit_says_where_it_belongs(
    root: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(Path(__file__).parents[2] / "scripts/install", alone)
    done = within(root, alone, INSTALL)
    assert done.returncode == 1
    assert "./scripts/bundle" in done.stderr
