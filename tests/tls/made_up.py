"""Certificates of a company's own authorities, as a site would bring them."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from appliance.tls.certificates import Pair
from appliance.tls.dates import Dates
from appliance.tls.keyring import Keyring
from appliance.tls.names import Names

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = Dates(NOW - DAY, NOW + 365 * DAY)

HOST = Names(("box", "box.local"), ("192.168.1.5",))
SITE = Names(("box.example.com",), ("10.1.2.3",))


def keyring(folder: Path, *asked: str, host: Names = HOST) -> Keyring:
    """Of a host whose names are known to the test."""
    return Keyring(folder, Names(asked), lambda: host)


def certificate(
    common: str,
    by: Pair | None = None,
    *,
    names: Names | None = None,
    life: Dates = YEAR,
    authority: bool = False,
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
) -> Pair:
    """Signed by the key of `by`, or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.chain[0].subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(life.begin)
        .not_valid_after(life.end)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if names is not None:
        given = [
            *(x509.DNSName(host) for host in names.hosts),
            *(x509.IPAddress(ip_address(address)) for address in names.addresses),
        ]
        builder = builder.add_extension(x509.SubjectAlternativeName(given), critical=False)
    signer = by.key if by else key
    return Pair(key, [builder.sign(signer, hashes.SHA256())])


class Company:
    """A root that browsers know, an authority below it, and a server's certificate."""

    def __init__(self, names: Names | None = SITE, life: Dates = YEAR) -> None:
        self.root = certificate("Company root", life=life, authority=True)
        self.middle = certificate("Company servers", self.root, life=life, authority=True)
        self.server = certificate("box.example.com", self.middle, names=names, life=life)

    def brought(self) -> Pair:
        return Pair(self.server.key, [*self.server.chain, *self.middle.chain])
