"""How much the box takes, and from whom: the numbers, and who has had how much. No clock.

It is counted by address, which is what a stranger cannot choose. An address is often many
people: a call centre behind one router, a telephone system that brings every call. So each
number lets 200 people work from one address, and only stops what no 200 people do; what
must not be limited by address at all is named in `limits.gateways`.

Times are monotonic seconds, passed in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Literal, TypeAlias, get_args

from appliance.bucket import Bucket, Rate
from appliance.errors import ApplianceError, SettingsError
from appliance.settings import LimitSettings

Reason: TypeAlias = Literal[
    "connections",  # too many at once
    "requests",  # too many a second
    "questions",  # of the record or the customers, too many at once
    "sockets",
    "waiting",  # calls that wait
    "host",  # asked for under a name that is not the box's
    "origin",  # sent by a page from elsewhere
    "late_head",  # of a request
    "late_body",
    "large_head",
    "large_body",
    "unread_body",
    "no_http",
    "no_websocket",
    "texts",  # too many on a socket
    "frames",  # too much on a socket; it is read later
    "audio",  # too many minutes of it; it is read later
    "slow_reader",
]

# A request costs about so many ms of the one core that also relays every voice. One
# address may take 40 % of it, the box as a whole 80 %: calls go on under any number of
# requests. 200 pages opened at once, 20 files each, are 4000.
ADDRESS = Rate(burst=6000, per_s=400)
EVERYBODY = Rate(burst=12_000, per_s=800)
COSTS = {
    "/api/sessions": 20.0,
    "/api/customers": 20.0,
    "/api/audit": 20.0,
    "/ws": 10.0,  # and the greeting of its call
    "/api/calls/start": 5.0,
    "/api/calls/match": 5.0,
    "/healthz": 5.0,
    "/metrics": 5.0,
}

# Questions are answered one by one, 20 to 200 ms each. Of more than these the last would
# be answered after its asker has given up; and one address leaves room for others.
QUESTIONS = ("/api/sessions", "/api/customers")
MOST_QUESTIONS = 32
QUESTIONS_EACH = 16

# A browser opens up to six connections while it loads a page: 200 of them at once.
# Between requests they are closed after five seconds.
CONNECTIONS_EACH = 1200

# Far above the addresses of one site; who has none of it in use is forgotten.
MOST_VISITORS = 10_000


class TooMuch(ApplianceError):
    """A limit is reached; later it may do."""

    def __init__(
        self, reason: Reason, problem: str, *, fix: str, retry_s: float, everybody: bool
    ) -> None:
        """`everybody`: the box is full, and not just the address of the asker."""
        super().__init__(problem, fix=fix)
        self.reason = reason
        self.retry_s = retry_s
        self.everybody = everybody


@dataclass(slots=True)
class Visitor:
    """One address."""

    trusted: bool
    tokens: Bucket
    connections: int = 0  # open, sockets included
    sockets: int = 0
    questions: int = 0  # being answered
    calls: list[str] = field(default_factory=list)  # started here; some wait

    def idle(self, now: float) -> bool:
        in_use = self.connections or self.questions
        return not in_use and self.tokens.full(now)


class Gate:
    """Lets in or not, and remembers how often not."""

    def __init__(self, settings: LimitSettings, most_connections: int = 4096) -> None:
        """Raises SettingsError for a gateway that is no address."""
        self.refused: dict[Reason, int] = dict.fromkeys(get_args(Reason), 0)
        self.connections = 0
        self._questions = 0  # being answered
        self._settings = settings
        self._most_connections = most_connections
        self._gateways = _networks(settings.gateways)
        self._everybody = Bucket(EVERYBODY, 0.0)
        self._visitors: dict[str, Visitor] = {}

    def count(self, reason: Reason) -> None:
        """One more was refused for this."""
        self.refused[reason] += 1

    # ------------------------------------------------------------------ connections

    def arrive(self, address: str, now: float) -> bool:
        """A connection opens. False if it is one too many; either way it will `leave`."""
        visitor = self._visitor(address, now)
        self.connections += 1
        visitor.connections += 1
        mine = visitor.connections - visitor.sockets
        full = self.connections > self._most_connections
        if full or (mine > CONNECTIONS_EACH and not visitor.trusted):
            self.count("connections")
            return False
        return True

    def leave(self, address: str, now: float) -> None:
        self.connections -= 1
        self._visitor(address, now).connections -= 1

    def open_socket(self, address: str, now: float) -> None:
        """A connection has become a socket, as it seems; `check_socket` says if it may."""
        self._visitor(address, now).sockets += 1

    def close_socket(self, address: str, now: float) -> None:
        self._visitor(address, now).sockets -= 1

    def check_socket(self, address: str, now: float) -> None:
        """Raises TooMuch if this address has more sockets than it may."""
        visitor, most = self._visitor(address, now), self._settings.sockets
        if visitor.sockets > most and not visitor.trusted:
            raise self._too_much(
                "sockets",
                f"Your address has {most} sockets open already.",
                fix="Close some; an admin can raise limits.sockets, or name a telephone "
                "gateway in limits.gateways.",
                retry_s=10.0,
            )

    # ------------------------------------------------------------------ requests

    def ask(self, address: str, path: str, now: float) -> None:
        """Account for one request; tell `answered` afterwards. Raises TooMuch, and then
        nothing is to be told."""
        cost = next((c for start, c in COSTS.items() if path.startswith(start)), 1.0)
        visitor = self._visitor(address, now)
        wait_s = 0.0 if visitor.trusted else visitor.tokens.take(cost, now)
        if wait_s:
            raise self._too_much(
                "requests",
                "Too many requests come from your address.",
                fix="Send fewer; an admin can name a gateway in limits.gateways.",
                retry_s=wait_s,
            )
        if wait_s := self._everybody.take(cost, now):
            raise self._too_much(
                "requests",
                "The box has more requests than it can answer beside its calls.",
                fix="Try again in a moment.",
                retry_s=wait_s,
                everybody=True,
            )
        if path.startswith(QUESTIONS):
            self._begin_question(visitor)

    def _begin_question(self, visitor: Visitor) -> None:
        full = self._questions >= MOST_QUESTIONS
        if full or (visitor.questions >= QUESTIONS_EACH and not visitor.trusted):
            raise self._too_much(
                "questions",
                "Others are looking something up just now, and the cores belong to calls.",
                fix="Try again in a moment.",
                retry_s=1.0,
                everybody=full,
            )
        self._questions += 1
        visitor.questions += 1

    def answered(self, address: str, path: str, now: float) -> None:
        if path.startswith(QUESTIONS):
            self._questions -= 1
            self._visitor(address, now).questions -= 1

    # ------------------------------------------------------------------ calls

    def check_call(self, address: str, waits: Callable[[str], bool], now: float) -> None:
        """Raises TooMuch if as many calls of this address wait as may. `waits` tells of a
        call whether it does."""
        visitor, most = self._visitor(address, now), self._settings.waiting
        visitor.calls = [call_id for call_id in visitor.calls if waits(call_id)]
        if len(visitor.calls) >= most and not visitor.trusted:
            raise self._too_much(
                "waiting",
                f"{most} calls from your address wait already.",
                fix="Wait until some are answered; an admin can raise limits.waiting, or "
                "name a telephone gateway in limits.gateways.",
                retry_s=30.0,
            )

    def started(self, address: str, call_id: str, now: float) -> None:
        """This address has begun a call that may wait."""
        self._visitor(address, now).calls.append(call_id)

    # ------------------------------------------------------------------ addresses

    def _visitor(self, address: str, now: float) -> Visitor:
        key = _group(address)
        visitor = self._visitors.get(key)
        if visitor is None:
            if len(self._visitors) >= MOST_VISITORS:
                self._forget(now)
            visitor = Visitor(self._is_trusted(address), Bucket(ADDRESS, now))
            self._visitors[key] = visitor
        return visitor

    def _forget(self, now: float) -> None:
        kept = {k: v for k, v in self._visitors.items() if not v.idle(now)}
        if len(kept) >= MOST_VISITORS:  # nobody's site is that large
            kept = {k: v for k, v in kept.items() if v.connections or v.questions}
        self._visitors = kept

    def _is_trusted(self, address: str) -> bool:
        known = _parsed(address)
        return known is not None and any(known in network for network in self._gateways)

    def _too_much(
        self,
        reason: Reason,
        problem: str,
        *,
        fix: str,
        retry_s: float,
        everybody: bool = False,
    ) -> TooMuch:
        self.count(reason)
        return TooMuch(reason, problem, fix=fix, retry_s=retry_s, everybody=everybody)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return None  # no address at all, as of a socket in the file system
    if isinstance(known, IPv6Address) and known.ipv4_mapped is not None:
        return known.ipv4_mapped
    return known


def _group(address: str) -> str:
    """What is counted as one: one host makes itself as many IPv6 addresses as it likes,
    all of them in the 64 bits that are its network's own."""
    known = _parsed(address)
    if isinstance(known, IPv6Address):
        return str(ip_network((known, 64), strict=False))
    return address if known is None else str(known)


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(one, strict=False) for one in text.replace(",", " ").split()]
    except ValueError as error:
        raise SettingsError(
            f"limits.gateways: {error}.",
            fix="Give addresses or networks, such as 10.0.0.5, 10.1.0.0/24.",
        ) from error
