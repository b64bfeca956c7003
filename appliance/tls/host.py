"""What this machine is called, found without asking anybody: no DNS, no packet."""

import ipaddress
import os
from collections.abc import Iterator
from pathlib import Path

from appliance.tls.names import LOOPBACK, Names, read_name

HOSTS = Path("/etc/hosts")
RESOLVER = Path("/etc/resolv.conf")
IPV4 = Path("/proc/self/net/fib_trie")
IPV6 = Path("/proc/self/net/if_inet6")

# Flags of if_inet6 (linux/if_addr.h) whose address is gone again soon, or not ours yet:
# temporary, duplicate, deprecated, tentative.
_PASSING = 0x01 | 0x08 | 0x20 | 0x40


def names_of_host() -> Names:
    """The host's name alone, as this network's and as mDNS completes it, as /etc/hosts has
    it, and the addresses of its interfaces. The chief name comes first. Blocks."""
    name = os.uname().nodename.lower()
    guessed = [name, *_completed(name), *names_beside(name, _read(HOSTS))]
    found = [*guessed, *addresses_v4(_read(IPV4)), *addresses_v6(_read(IPV6))]
    names = Names()
    for word in found:
        # What the system calls itself may be no name that a browser can ask for.
        names |= read_name(word) or Names()
    return names | LOOPBACK


def _completed(name: str) -> list[str]:
    if "." in name:
        return [name.partition(".")[0]]
    return [f"{name}.{domain}" for domain in (*search_domains(_read(RESOLVER)), "local")]


def search_domains(resolver: str) -> list[str]:
    """What /etc/resolv.conf puts behind a name that has no dots."""
    found: list[str] = []
    for line in resolver.splitlines():
        match line.split():
            # The last of such lines counts.
            case ["search" | "domain", *domains]:
                found = [domain.strip(".") for domain in domains if domain.strip(".")]
            case _:
                pass
    return found


def names_beside(name: str, hosts: str) -> list[str]:
    """The other names on the lines of /etc/hosts that have `name`."""
    lines = [line.partition("#")[0].split()[1:] for line in hosts.splitlines()]
    return [other for names in lines if name in names for other in names if other != name]


def addresses_v4(fib_trie: str) -> list[str]:
    """This machine's own addresses, as the kernel's routes have them, but loopback."""
    found = dict[str, None]()
    last = ""
    for line in fib_trie.splitlines():
        words = line.split()
        if words[:1] == ["|--"]:
            last = words[1]
        elif words == ["/32", "host", "LOCAL"] and not last.startswith("127."):
            found[last] = None
    return list(found)


def addresses_v6(if_inet6: str) -> list[str]:
    """Those that stay, and that a browser can ask for: link-local ones need a zone."""
    return list(_lasting(if_inet6))


def _lasting(if_inet6: str) -> Iterator[str]:
    for line in if_inet6.splitlines():
        digits, _, _, _, flags, _ = line.split()
        address = ipaddress.IPv6Address(int(digits, 16))
        passing = int(flags, 16) & _PASSING
        if not (passing or address.is_link_local or address.is_loopback):
            yield str(address)


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""  # a container may hide it; then there are fewer names
