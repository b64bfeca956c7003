"""The folder of keys: made at once, renewed in place, whole at every moment."""

import os
import stat
from pathlib import Path

import pytest

from appliance.errors import TlsError
from appliance.tls.certificates import Pair
from appliance.tls.dates import EARLIEST, LEAF_LIFE
from appliance.tls.keyring import Keyring
from appliance.tls.names import Names
from tests.tls.made_up import DAY, HOST, NOW, Company, keyring


def serial(keys: Keyring) -> int:
    return keys.served().own.serial


def authority_of(keys: Keyring) -> Pair:
    authority = keys.authority()
    assert authority is not None
    return authority


def test_the_first_look_makes_all_and_the_second_nothing(tmp_path: Path) -> None:
    keys = keyring(tmp_path / "tls", "box.example.com")
    assert keys.prepare(NOW) == "there was none"
    assert keys.served().own.names == Names(("box.example.com",)) | HOST
    assert keys.served().signed_by(authority_of(keys))
    assert keys.prepare(NOW) is None
    assert keys.trouble(NOW) is None


def test_keys_are_for_nobody_else_to_read(tmp_path: Path) -> None:
    keys = keyring(tmp_path / "tls")
    before = os.umask(0)
    try:
        keys.prepare(NOW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700
    for file in (keys.authority_file, keys.own_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_is_renewed_in_time_by_the_same_authority(tmp_path: Path) -> None:
    keys = keyring(tmp_path)
    keys.prepare(NOW)
    first, authority = serial(keys), authority_of(keys).own.serial
    assert keys.prepare(NOW + 300 * DAY) is None
    assert keys.prepare(NOW + 380 * DAY) == "its time was up"
    assert serial(keys) != first
    assert authority_of(keys).own.serial == authority
    assert keys.served().own.dates.has(NOW + 380 * DAY + LEAF_LIFE - 2 * DAY)


def test_a_new_address_is_named_at_the_next_look_and_an_old_one_forgotten_later(
    tmp_path: Path,
) -> None:
    keyring(tmp_path).prepare(NOW)
    moved = keyring(tmp_path, host=Names(HOST.hosts, ("10.9.9.9",)))
    assert moved.prepare(NOW) == "it did not name 10.9.9.9"
    assert moved.served().own.names.addresses == ("10.9.9.9",)
    gone = keyring(tmp_path, host=Names(HOST.hosts))
    assert gone.prepare(NOW) is None


def test_a_name_that_the_authority_may_not_sign_is_said_and_the_rest_served(
    tmp_path: Path,
) -> None:
    keyring(tmp_path).prepare(NOW)
    keys = keyring(tmp_path, "crm.example.com")
    assert keys.prepare(NOW) is None
    trouble = keys.trouble(NOW)
    assert trouble is not None
    assert "crm.example.com" in trouble.problem
    assert "--new-ca" in trouble.fix
    keys.replace_authority(NOW)
    assert keys.trouble(NOW) is None
    assert keys.served().own.names.hosts[0] == "crm.example.com"


@pytest.mark.fault("power cut")
@pytest.mark.parametrize("lost", ["own.pem", "authority.pem"])
def test_power_that_goes_between_two_files_costs_nothing(tmp_path: Path, lost: str) -> None:
    """At the first start, or while the authority is replaced."""
    keys = keyring(tmp_path / "old")
    keys.prepare(NOW)
    new = keyring(tmp_path / "new")
    new.prepare(NOW)
    # One file is already the new one, the other still the old one.
    (keys.folder / lost).write_bytes((new.folder / lost).read_bytes())
    assert keys.prepare(NOW) == "it was not by this authority"
    assert keys.served().signed_by(authority_of(keys))


def test_power_that_goes_within_a_file_leaves_the_old_one(tmp_path: Path) -> None:
    keys = keyring(tmp_path)
    keys.prepare(NOW)
    first = serial(keys)
    keys.own_file.with_name("own.pem.part").write_bytes(b"-----BEGIN PRIV")
    assert serial(keys) == first
    assert keys.prepare(NOW, force=True) == "it was asked for"
    assert serial(keys) != first
    assert not keys.own_file.with_name("own.pem.part").exists()


def test_a_damaged_certificate_is_made_again_and_a_damaged_authority_is_not(
    tmp_path: Path,
) -> None:
    """All browsers would have to trust a new one: that is for a person to decide."""
    keys = keyring(tmp_path)
    keys.prepare(NOW)
    keys.own_file.write_bytes(b"")
    assert keys.prepare(NOW) == "there was none"
    keys.authority_file.write_bytes(b"")
    with pytest.raises(TlsError, match=r"authority\.pem has no"):
        keys.prepare(NOW)
    assert keys.served().own.names == HOST


def test_a_sites_own_is_served_instead_and_not_renewed(tmp_path: Path) -> None:
    keys = keyring(tmp_path)
    keys.prepare(NOW)
    site = Company().brought()
    keys.take_in(site)
    assert keys.served().facts == site.facts
    assert keys.prepare(NOW + 380 * DAY) is None
    trouble = keys.trouble(NOW + 350 * DAY)
    assert trouble is not None
    assert trouble.problem == "The site's certificate ends on 2028-02-29."


def test_a_pair_that_openssl_does_not_serve_is_never_put_in_place(tmp_path: Path) -> None:
    keys = keyring(tmp_path)
    keys.prepare(NOW)
    company = Company()
    with pytest.raises(TlsError, match="cannot be served"):
        keys.take_in(Pair(company.root.key, company.server.chain))
    assert not keys.has_site


def test_a_clock_that_cannot_be_is_said(tmp_path: Path) -> None:
    keys = keyring(tmp_path)
    keys.prepare(EARLIEST - 400 * DAY)
    trouble = keys.trouble(EARLIEST - 400 * DAY)
    assert trouble is not None
    assert "clock shows 2024-11-27" in trouble.problem
    assert keys.prepare(NOW) == "its time was up"
    assert keys.trouble(NOW) is None


def test_an_authority_that_ends_is_said_a_year_before(tmp_path: Path) -> None:
    keys = keyring(tmp_path)
    keys.prepare(NOW)
    assert keys.trouble(NOW + 8 * 365 * DAY) is None
    trouble = keys.trouble(NOW + 9 * 366 * DAY)
    assert trouble is not None
    assert "authority ends on" in trouble.problem


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "tls").write_text("in the way")
    with pytest.raises(TlsError, match=r"tls\.folder"):
        keyring(tmp_path / "tls").prepare(NOW)
