"""A running service renews its certificate and takes over another one."""

from datetime import datetime
from pathlib import Path

import pytest

from appliance.errors import TlsError
from appliance.tls.keeper import Keeper
from tests.tls.made_up import DAY, HOST, NOW, Company, keyring


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def said(keeper: Keeper) -> str:
    return str(keeper.problem or "")


def test_it_makes_what_is_missing_and_serves_it(tmp_path: Path) -> None:
    keeper = Keeper(keyring(tmp_path), Clock(NOW))
    assert keeper.served.names == HOST
    assert not keeper.site
    assert keeper.authority is not None
    assert b"PRIVATE" not in keeper.authority_pem
    assert keeper.problem is None


def test_without_a_place_for_keys_it_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "tls").write_text("in the way")
    with pytest.raises(TlsError, match="Cannot write"):
        Keeper(keyring(tmp_path / "tls"), Clock(NOW))


@pytest.mark.fault("certificate runs out")
def test_it_renews_when_it_is_time_and_not_at_every_look(tmp_path: Path) -> None:
    clock = Clock(NOW)
    keeper = Keeper(keyring(tmp_path), clock)
    first, context = keeper.served.serial, keeper.context
    clock.now = NOW + 380 * DAY
    keeper.look(renew=False)
    assert (keeper.served.serial, keeper.context) == (first, context)
    keeper.look(renew=True)
    assert keeper.served.serial != first
    assert keeper.context is not context


def test_what_is_imported_at_the_console_is_taken_over_and_given_back(
    tmp_path: Path,
) -> None:
    keeper = Keeper(keyring(tmp_path), Clock(NOW))
    at_the_console, site = keyring(tmp_path), Company().brought()
    at_the_console.take_in(site)
    keeper.look(renew=False)
    assert (keeper.served, keeper.site, keeper.authority) == (site.own, True, None)
    at_the_console.site_file.unlink()
    keeper.look(renew=False)
    assert (keeper.served.names, keeper.site) == (HOST, False)


@pytest.mark.fault("certificate runs out")
def test_what_cannot_be_served_is_said_and_what_was_goes_on(tmp_path: Path) -> None:
    keeper = Keeper(keyring(tmp_path), Clock(NOW))
    context = keeper.context
    keeper.keyring.site_file.write_text("half a file")
    keeper.look(renew=False)
    assert keeper.context is context
    assert "has no private key" in said(keeper)
    keeper.keyring.site_file.unlink()
    keeper.look(renew=False)
    assert said(keeper) == ""


@pytest.mark.fault("clock set forward")
def test_a_clock_far_ahead_is_said_and_what_was_is_served_on(tmp_path: Path) -> None:
    clock = Clock(NOW)
    keeper = Keeper(keyring(tmp_path), clock)
    first = keeper.served.serial
    clock.now = NOW.replace(year=2099)
    keeper.look(renew=True)
    assert keeper.served.serial == first
    assert "ended on" in said(keeper)
    clock.now = NOW + DAY
    keeper.look(renew=True)
    assert (keeper.served.serial, said(keeper)) == (first, "")
