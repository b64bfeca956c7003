"""What a certificate has to name, and which names an authority may sign. No IO."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from msgspec import Struct

from appliance.errors import TlsError

Network: TypeAlias = IPv4Network | IPv6Network

# The underscore is no host name's, but people give it to machines, and browsers take it.
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
LONGEST_NAME = 253

# A box is carried to another desk and gets another address; its authority still may sign
# that, but never the address of a server out on the internet.
PRIVATE: tuple[Network, ...] = tuple(
    ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)


class Names(Struct, frozen=True):
    """Host names in lower case and addresses in their short form, the chief name first."""

    hosts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def __or__(self, other: "Names") -> "Names":
        return Names(
            tuple(dict.fromkeys(self.hosts + other.hosts)),
            tuple(dict.fromkeys(self.addresses + other.addresses)),
        )

    def __sub__(self, other: "Names") -> "Names":
        return Names(
            tuple(host for host in self.hosts if host not in other.hosts),
            tuple(a for a in self.addresses if a not in other.addresses),
        )

    def __bool__(self) -> bool:
        return bool(self.hosts or self.addresses)

    def __str__(self) -> str:
        return ", ".join(self.hosts + self.addresses)


# Every box is also this to itself.
LOOPBACK = Names(("localhost",), ("127.0.0.1", "::1"))


class Reach(Struct, frozen=True):
    """What an authority may sign: these hosts and what is below them, these networks.

    It is written into the authority's own certificate (RFC 5280, 4.2.1.10): whoever stole
    its key could pass as this box, not as a bank.
    """

    hosts: tuple[str, ...]
    networks: tuple[Network, ...]

    def within(self, names: Names) -> Names:
        """Those of the names that it may sign."""
        return Names(
            tuple(host for host in names.hosts if self._has_host(host)),
            tuple(a for a in names.addresses if self._has_address(a)),
        )

    def _has_host(self, host: str) -> bool:
        return any(host == mine or host.endswith(f".{mine}") for mine in self.hosts)

    def _has_address(self, address: str) -> bool:
        return any(ip_address(address) in network for network in self.networks)


def reach_of(names: Names) -> Reach:
    """The narrowest reach that has these names and every private address."""
    beyond = Names(addresses=names.addresses) - Reach((), PRIVATE).within(names)
    return Reach(names.hosts, PRIVATE + tuple(ip_network(a) for a in beyond.addresses))


def read_names(words: Iterable[str]) -> Names:
    """Host names and addresses as people write them. Raises TlsError for neither."""
    names = Names()
    for word in words:
        one = read_name(word)
        if one is None:
            raise TlsError(
                f"{word!r} is neither a host name nor an address.",
                fix="Write names like box.example.com or 10.0.0.5, without a port, "
                "several with commas between.",
            )
        names |= one
    return names


def read_name(word: str) -> Names | None:
    """One host name or address; None if it is neither."""
    text = word.strip().rstrip(".").lower()
    try:
        return Names(addresses=(str(ip_address(text.strip("[]"))),))
    except ValueError:
        pass
    try:
        host = text.encode("idna").decode()
    except UnicodeError:
        return None
    # The last label of a host is never a number: 10.0.0.999 is an address with an error.
    labels = host.split(".")
    fits = len(host) <= LONGEST_NAME and not labels[-1].isdecimal()
    whole = all(_LABEL.fullmatch(label) for label in labels)
    return Names(hosts=(host,)) if fits and whole else None
