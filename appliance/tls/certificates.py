"""cryptography: keys and certificates are made and read here. The only module that may
import it."""

import hashlib
from ipaddress import IPv4Network, IPv6Network, ip_address
from itertools import pairwise
from typing import TypeAlias, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from appliance.errors import TlsError
from appliance.tls.dates import Dates
from appliance.tls.facts import Facts
from appliance.tls.names import Names, Reach

Key: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Extension = TypeVar("Extension", bound=x509.ExtensionType)

# An X.520 common name may be no longer, and some readers insist.
LONGEST_COMMON_NAME = 64


class Pair:
    """A private key and the certificates that speak for it, its own first."""

    def __init__(self, key: Key, chain: list[x509.Certificate]) -> None:
        self.key = key
        self.chain = chain
        self.facts = [_facts(one) for one in chain]

    @property
    def own(self) -> Facts:
        return self.facts[0]

    @property
    def key_fits(self) -> bool:
        """Whether the first certificate is this key's."""
        return _digest(_plain(self.key.public_key())) == self.own.public_key

    @property
    def links(self) -> list[bool]:
        """For each certificate but the last: whether the next has signed it."""
        return [_signed(child, parent) for child, parent in pairwise(self.chain)]

    def signed_by(self, authority: "Pair") -> bool:
        return _signed(self.chain[0], authority.chain[0])

    def certificates(self) -> bytes:
        """As PEM, without the key."""
        return b"".join(one.public_bytes(Encoding.PEM) for one in self.chain)

    def alone(self) -> bytes:
        """The first certificate, as PEM."""
        return self.chain[0].public_bytes(Encoding.PEM)

    def whole(self) -> bytes:
        """As PEM: the key, which is a secret, then the certificates."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + self.certificates()


def make_authority(host: str, reach: Reach, dates: Dates) -> Pair:
    """A new key and a certificate that signs nothing but what is within `reach`, and no
    other authority. `host` goes into its name, which people see when they trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    # The digits tell an authority from the one before it where both are listed.
    digits = _digest(_plain(key.public_key()))[:6]
    name = _name(f"Appliance CA {digits} of {host}")
    builder = (
        _builder(name, name, key.public_key(), dates)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        # Windows lets an authority without it sign programs and mail as well.
        .add_extension(_SERVERS, critical=False)
        .add_extension(
            x509.NameConstraints(
                permitted_subtrees=[
                    *(x509.DNSName(host) for host in reach.hosts),
                    *(x509.IPAddress(network) for network in reach.networks),
                ],
                excluded_subtrees=None,
            ),
            critical=True,
        )
    )
    return Pair(key, [builder.sign(key, hashes.SHA256())])


def make_leaf(authority: Pair, names: Names, dates: Dates) -> Pair:
    """A new key and a certificate for a server of these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = authority.chain[0]
    builder = (
        _builder(_name(str(names).split(", ")[0]), signer.subject, key.public_key(), dates)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(_SERVERS, critical=False)
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    *(x509.DNSName(host) for host in names.hosts),
                    *(x509.IPAddress(ip_address(a)) for a in names.addresses),
                ]
            ),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
    )
    return Pair(key, [builder.sign(authority.key, hashes.SHA256())])


def read_pair(key_pem: bytes, chain_pem: bytes, where: str) -> Pair:
    """What PEM files hold; `where` is for the error. Raises TlsError."""
    key, chain = read_key(key_pem, where), read_chain(chain_pem, where)
    try:
        return Pair(key, chain)
    except ValueError as error:
        raise TlsError(
            f"{where} has a certificate that breaks the standard: {error}.",
            fix="Have it made again by whoever signed it.",
        ) from error


def read_chain(pem: bytes, where: str) -> list[x509.Certificate]:
    """The certificates of a PEM file, in its order. Raises TlsError if it has none."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise TlsError(
            f"{where} has no certificate in it that can be read: {error}.",
            fix="Give the PEM file (-----BEGIN CERTIFICATE-----). From a .pfx or .p12: "
            "openssl pkcs12 -in FILE -nokeys -out cert.pem",
        ) from error


def read_key(pem: bytes, where: str) -> Key:
    """The private key of a PEM file. Raises TlsError if it has none that can serve."""
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise TlsError(
            f"The key in {where} is encrypted, and nobody is there to type its password "
            "when the box starts.",
            fix=f"Take the password off: openssl pkey -in {where} -out plain.key",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise TlsError(
            f"{where} has no private key in it that can be read.",
            fix="Give the PEM file (-----BEGIN PRIVATE KEY-----). From a .pfx or .p12: "
            "openssl pkcs12 -in FILE -nocerts -nodes -out site.key",
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TlsError(
            f"The key in {where} is neither RSA nor of an elliptic curve.",
            fix="Have a certificate made for an RSA or a P-256 key.",
        )
    return key


# ------------------------------------------------------------------------ making

_SERVERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


def _name(common: str) -> x509.Name:
    shortened = common[:LONGEST_COMMON_NAME]
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, shortened)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, dates: Dates
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(dates.begin)
        .not_valid_after(dates.end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


# ------------------------------------------------------------------------ reading


def _facts(certificate: x509.Certificate) -> Facts:
    key = certificate.public_key()
    return Facts(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        serial=certificate.serial_number,
        dates=Dates(certificate.not_valid_before_utc, certificate.not_valid_after_utc),
        names=_names(certificate),
        is_authority=_is_authority(certificate),
        for_servers=_for_servers(certificate),
        key=_kind(key),
        public_key=_digest(_plain(key)),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
        reach=_reach(certificate),
    )


def _names(certificate: x509.Certificate) -> Names:
    found = _extension(certificate, x509.SubjectAlternativeName)
    if found is None:
        return Names()
    return Names(
        tuple(host.lower() for host in found.get_values_for_type(x509.DNSName)),
        tuple(str(a) for a in found.get_values_for_type(x509.IPAddress)),
    )


def _is_authority(certificate: x509.Certificate) -> bool:
    found = _extension(certificate, x509.BasicConstraints)
    return found is not None and found.ca


def _for_servers(certificate: x509.Certificate) -> bool:
    found = _extension(certificate, x509.ExtendedKeyUsage)
    # Without the extension a certificate is for everything.
    return found is None or ExtendedKeyUsageOID.SERVER_AUTH in found


def _reach(certificate: x509.Certificate) -> Reach | None:
    found = _extension(certificate, x509.NameConstraints)
    if found is None or found.permitted_subtrees is None:
        return None
    trees = found.permitted_subtrees
    networks = [name.value for name in trees if isinstance(name, x509.IPAddress)]
    return Reach(
        tuple(name.value for name in trees if isinstance(name, x509.DNSName)),
        tuple(n for n in networks if isinstance(n, IPv4Network | IPv6Network)),
    )


def _extension(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _kind(key: CertificatePublicKeyTypes) -> str:
    match key:
        case ec.EllipticCurvePublicKey():
            return f"EC {key.curve.name}"
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
        case _:
            return type(key).__name__


def _signed(child: x509.Certificate, parent: x509.Certificate) -> bool:
    try:
        child.verify_directly_issued_by(parent)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _plain(key: CertificatePublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
