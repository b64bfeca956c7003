"""A kit is taken as it was signed, by whom it was signed, or not at all."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.bundle.signing import Signer, make
from appliance.errors import KitError
from appliance.kit.checking import check
from appliance.kit.listing import NAME
from tests.kit.tiny import signer, tiny_kit


@pytest.fixture
def by(tmp_path: Path) -> Signer:
    return signer(tmp_path)


@pytest.fixture
def kit(tmp_path: Path, by: Signer) -> Path:
    return tiny_kit(tmp_path / "kit", by)


def _changed(kit: Path) -> None:
    wheel = next(kit.glob("wheels/appliance-*.whl"))
    content = bytearray(wheel.read_bytes())
    content[100] ^= 1
    wheel.write_bytes(content)


def _cut(kit: Path) -> None:
    wheel = next(kit.glob("wheels/pip-*.whl"))
    wheel.write_bytes(wheel.read_bytes()[:-1])


def _another_list(kit: Path) -> None:
    listing = json.loads((kit / NAME).read_bytes())
    (kit / NAME).write_text(json.dumps({**listing, "version": "9.9.9"}))


def _linked(kit: Path) -> None:
    (kit / "docs/shadow").symlink_to("/etc/shadow")


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a changed file": (_changed, "is not what was signed"),
    "a file that was cut off": (_cut, "pip-.* is not what was signed"),
    "a file that is missing": (lambda kit: (kit / "install").unlink(), "install: No such"),
    "a file too many": (lambda kit: (kit / "more").touch(), "more is not in the list"),
    "a link": (_linked, "docs/shadow is not in the list"),
    "another list": (_another_list, "The signature of .* is not that of the key"),
    "no list": (lambda kit: (kit / NAME).unlink(), "is no kit"),
    "no signature": (lambda kit: (kit / "KIT.sig").unlink(), "is no kit"),
    "half a list": (lambda kit: (kit / NAME).write_text("{"), "cannot be read"),
}


def test_a_kit_as_it_was_signed_is_whole(kit: Path, by: Signer) -> None:
    assert check(kit, by.public).version == "0.1.0"
    assert check(kit, None).key == by.public


@pytest.mark.parametrize("fault", FAULTS)
def test_a_kit_that_somebody_has_changed_is_refused(
    kit: Path, by: Signer, fault: str
) -> None:
    change, told = FAULTS[fault]
    change(kit)
    with pytest.raises(KitError, match=told):
        check(kit, by.public)


def test_whoever_signs_anew_what_they_changed_is_not_the_one_that_is_known(
    by: Signer, tmp_path: Path
) -> None:
    other = make(tmp_path / "other.pem")
    theirs = tiny_kit(tmp_path / "theirs", other)
    assert check(theirs, None).key == other.public
    with pytest.raises(KitError, match="this machine takes kits of") as refused:
        check(theirs, by.public)
    assert "appliance kit trust" in refused.value.fix


@pytest.mark.parametrize("path", ["/etc/shadow", "../up", "docs/../../up"])
def test_a_list_that_names_files_elsewhere_is_refused(
    kit: Path, by: Signer, path: str
) -> None:
    listing = json.loads((kit / NAME).read_bytes())
    listing["files"][0]["path"] = path
    content = json.dumps(listing).encode()
    (kit / NAME).write_bytes(content)
    (kit / "KIT.sig").write_text(by.sign(content))
    with pytest.raises(KitError, match="outside of itself"):
        check(kit, by.public)


def test_a_list_of_another_format_says_which_kit_to_take(kit: Path, by: Signer) -> None:
    content = b'{"format": 2}'
    (kit / NAME).write_bytes(content)
    (kit / "KIT.sig").write_text(by.sign(content))
    with pytest.raises(KitError, match="of format 2, not 1"):
        check(kit, by.public)
