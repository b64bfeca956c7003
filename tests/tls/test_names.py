"""Which names a certificate has, and which an authority may sign."""

import pytest

from appliance.errors import TlsError
from appliance.tls.names import LOOPBACK, Names, reach_of, read_name, read_names


def test_names_are_told_from_addresses_and_written_one_way() -> None:
    read = read_names([" Box.Example.COM. ", "10.0.0.5", "[2001:DB8::1]", "bücher.local"])
    assert read == Names(
        ("box.example.com", "xn--bcher-kva.local"), ("10.0.0.5", "2001:db8::1")
    )


@pytest.mark.parametrize(
    "word", ["", "box:8080", "http://box", "10.0.0.999", "a..b", "-box", "x" * 64, "a b"]
)
def test_what_is_neither_is_refused_by_name(word: str) -> None:
    assert read_name(word) is None
    with pytest.raises(TlsError, match="without a port"):
        read_names([word])


def test_names_are_joined_without_doubles_and_the_first_stays_first() -> None:
    one = Names(("box", "b"), ("10.0.0.1",))
    assert one | Names(("a", "box"), ("10.0.0.1",)) == Names(
        ("box", "b", "a"), ("10.0.0.1",)
    )
    assert one - Names(("box",)) == Names(("b",), ("10.0.0.1",))
    assert not one - one


def test_an_authority_may_sign_its_own_names_and_what_is_below_them() -> None:
    reach = reach_of(Names(("box", "box.example.com")))
    asked = Names(
        ("box", "a.box", "v2.box.example.com", "example.com", "inbox", "bank.com")
    )
    assert reach.within(asked).hosts == ("box", "a.box", "v2.box.example.com")


def test_an_authority_may_sign_whatever_private_address_the_box_gets() -> None:
    reach = reach_of(Names(("box",), ("192.168.1.5", "203.0.113.9")))
    moved = Names(
        addresses=("10.9.8.7", "fd00::7", "203.0.113.9", "203.0.113.10", "8.8.8.8")
    )
    assert reach.within(moved).addresses == ("10.9.8.7", "fd00::7", "203.0.113.9")
    assert reach.within(LOOPBACK).addresses == LOOPBACK.addresses
