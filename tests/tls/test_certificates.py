"""What the box's certificates say, and what OpenSSL makes of them."""

import ssl
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from appliance.errors import TlsError
from appliance.tls.certificates import Pair, make_authority, make_leaf, read_key, read_pair
from appliance.tls.context import client_context, server_context
from appliance.tls.dates import LEAF_LIFE, of_authority, of_leaf
from appliance.tls.keeper import utc_now
from appliance.tls.names import Names, reach_of
from tests.tls.made_up import HOST, NOW


@pytest.fixture(scope="module")
def authority() -> Pair:
    return make_authority("box", reach_of(HOST), of_authority(utc_now()))


@pytest.fixture(scope="module")
def leaf(authority: Pair) -> Pair:
    return make_leaf(authority, HOST, of_leaf(utc_now(), authority.own.dates))


def test_an_authority_signs_certificates_of_its_reach_and_nothing_else(
    authority: Pair,
) -> None:
    certificate = authority.chain[0]
    extensions = certificate.extensions
    basic = extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    usage = extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.key_cert_sign
    assert not usage.value.digital_signature
    assert extensions.get_extension_for_class(x509.NameConstraints).critical
    assert authority.own.reach is not None
    assert authority.own.reach.hosts == HOST.hosts
    assert ip_network("10.0.0.0/8") in authority.own.reach.networks
    assert authority.own.key == "EC secp256r1"
    assert 3650 <= (authority.own.dates.end - authority.own.dates.begin).days <= 3653


def test_a_leaf_names_the_host_and_lives_as_long_as_browsers_take(
    authority: Pair, leaf: Pair
) -> None:
    facts = leaf.own
    assert facts.names == HOST
    assert facts.dates.end - facts.dates.begin < LEAF_LIFE
    assert facts.for_servers
    assert not facts.is_authority
    assert leaf.key_fits
    assert leaf.signed_by(authority)
    assert not authority.signed_by(leaf)
    assert facts.fingerprint.count(":") == 31


def handshake(server: Pair, trusted: Pair, name: str, folder: Path) -> None:
    """In memory; raises what the client finds."""
    (folder / "pair.pem").write_bytes(server.whole())
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context(trusted.certificates()).wrap_bio(
        to_client, to_server, server_hostname=name
    )
    answering = server_context(folder / "pair.pem").wrap_bio(
        to_server, to_client, server_side=True
    )
    for _ in range(3):
        for side in (client, answering):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert client.version() == "TLSv1.3"


@pytest.mark.parametrize("name", ["box", "box.local", "192.168.1.5"])
def test_a_client_that_trusts_the_authority_takes_every_name(
    authority: Pair, leaf: Pair, name: str, tmp_path: Path
) -> None:
    handshake(leaf, authority, name, tmp_path)


def test_a_client_that_trusts_another_authority_takes_none(
    authority: Pair, leaf: Pair, tmp_path: Path
) -> None:
    other = make_authority("box", reach_of(HOST), authority.own.dates)
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        handshake(leaf, other, "box", tmp_path)


@pytest.mark.parametrize(
    "names", [Names(("bank.example",)), Names(addresses=("203.0.113.9",))]
)
def test_a_stolen_authority_passes_for_nobody_else(
    authority: Pair, names: Names, tmp_path: Path
) -> None:
    forged = make_leaf(authority, names, of_leaf(utc_now(), authority.own.dates))
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(forged, authority, str(names), tmp_path)


def test_a_pair_reads_back_as_it_was_written(leaf: Pair) -> None:
    read = read_pair(leaf.whole(), leaf.whole(), "here")
    assert read.facts == leaf.facts
    assert read.key_fits


def test_a_name_longer_than_a_common_name_is_signed_all_the_same(authority: Pair) -> None:
    names = Names((f"{'long.' * 20}box",))
    assert make_leaf(authority, names, authority.own.dates).own.names == names


PLAIN = (Encoding.PEM, PrivateFormat.PKCS8)


@pytest.mark.parametrize(
    ("pem", "advice"),
    [
        (b"", "openssl pkcs12"),
        (
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "openssl pkcs12",
        ),
        (
            ec.generate_private_key(ec.SECP256R1()).private_bytes(
                *PLAIN, BestAvailableEncryption(b"secret")
            ),
            "openssl pkey",
        ),
        (
            ed25519.Ed25519PrivateKey.generate().private_bytes(*PLAIN, NoEncryption()),
            "RSA or a P-256",
        ),
    ],
)
def test_a_key_that_cannot_serve_is_refused_with_advice(pem: bytes, advice: str) -> None:
    with pytest.raises(TlsError, match=advice):
        read_key(pem, "site.key")


def test_a_file_without_a_certificate_is_refused_with_advice(leaf: Pair) -> None:
    with pytest.raises(TlsError, match="openssl pkcs12 -in FILE -nokeys"):
        read_pair(leaf.whole(), b"nothing", "site.crt")


def test_dates_are_written_to_the_second() -> None:
    assert make_authority(
        "box", reach_of(HOST), of_authority(NOW)
    ).own.dates == of_authority(NOW)
