"""How long somebody who guesses has to wait. No clock, no IO.

A try is counted when it begins and taken back if it succeeds: a thousand at once would all
begin before the first has failed. What is refused for being too early is not counted, so
nobody is kept out by trying, and the wait has a limit, so nobody is kept out for good.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from appliance.access.rules import PACES, Against, Pace

# So many names and addresses are remembered. To push one out, a guesser needs this many
# more tries, each of which takes a hash: a quarter of an hour with nothing else done.
CAPACITY = 10_000


class Key(NamedTuple):
    against: Against
    what: str


class _Tries(NamedTuple):
    wrong: float  # tries that are not forgotten yet, as of `at_s`
    at_s: float
    until_s: float  # the next one may begin


class Lockout:
    def __init__(self, paces: Mapping[Against, Pace] = PACES) -> None:
        self._paces = paces
        self._tries: dict[Key, _Tries] = {}

    def wait_s(self, keys: Sequence[Key], now_s: float) -> float:
        """Seconds until a try may begin; 0: now."""
        untils = [self._tries[key].until_s for key in keys if key in self._tries]
        return max([until - now_s for until in untils] + [0.0])

    def begin(self, keys: Sequence[Key], now_s: float) -> None:
        """Count a try, as a wrong one so far."""
        for key in keys:
            pace = self._paces[key.against]
            wrong = self._wrong(key, now_s) + 1
            over = wrong - pace.free
            wait_s = min(pace.most_s, pace.first_s * 2 ** (over - 1)) if over > 0 else 0.0
            self._keep(key, _Tries(wrong, now_s, now_s + wait_s))

    def succeeded(self, keys: Sequence[Key], now_s: float) -> None:
        """Take the try back. Who was meant is no longer guessed at; but an address keeps
        its wrong ones: whoever guesses there may have an account as well."""
        for key in keys:
            if key.against == "address":
                wrong = max(0.0, self._wrong(key, now_s) - 1)
                self._keep(key, _Tries(wrong, now_s, now_s))
            else:
                self._tries.pop(key, None)

    def forget(self, key: Key) -> None:
        self._tries.pop(key, None)

    def _wrong(self, key: Key, now_s: float) -> float:
        tries = self._tries.get(key)
        if tries is None:
            return 0.0
        forgiven = (now_s - tries.at_s) / self._paces[key.against].forgive_s
        return max(0.0, tries.wrong - forgiven)

    def _keep(self, key: Key, tries: _Tries) -> None:
        self._tries.pop(key, None)
        self._tries[key] = tries  # the newest last
        if len(self._tries) > CAPACITY:
            del self._tries[next(iter(self._tries))]


def network(address: str) -> str:
    """What counts as one address: of IPv6 the /64, since a machine may take any in it."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
