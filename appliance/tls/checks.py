"""What is wrong with a certificate that a site brings, and how to mend it. No IO."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from appliance.errors import TlsError
from appliance.tls.dates import RENEWED_BEFORE, worth_saying
from appliance.tls.facts import Facts
from appliance.tls.names import Names


class Brought(Struct, frozen=True, kw_only=True):
    """A chain, the server's own certificate first, and what the signatures say of it."""

    chain: Sequence[Facts]
    links: Sequence[bool]  # of each but the last: signed by the next
    key_fits: bool  # the key is the first one's

    @property
    def own(self) -> Facts:
        return self.chain[0]


def check(brought: Brought, asked: Names, now: datetime) -> list[str]:
    """What an admin should know of a certificate that can be used.

    `asked` are the names that the settings want in it. Raises TlsError if browsers, or the
    server, would not take it.
    """
    _check_order(brought)
    _check_key(brought)
    _check_dates(brought.chain, now)
    _check_names(brought.own, asked)
    return _remarks(brought, now)


def _check_order(brought: Brought) -> None:
    if brought.own.is_authority:
        leaves = [facts.subject for facts in brought.chain if not facts.is_authority]
        found = f"the server's ({leaves[0]}) comes later" if leaves else "there is no other"
        raise TlsError(
            f"The first certificate is an authority's ({brought.own.subject}); {found}.",
            fix="Put the server's own certificate first, then the one that signed it, and "
            "so on.",
        )
    for place, linked in enumerate(brought.links):
        if not linked:
            child, parent = brought.chain[place], brought.chain[place + 1]
            raise TlsError(
                f"Certificate {place + 2} of the chain ({parent.subject}) has not signed "
                f"certificate {place + 1} ({child.subject}).",
                fix=f"After {child.subject} comes the certificate of its issuer, "
                f"{child.issuer}. Order the chain like that, and leave out what is not in "
                "it.",
            )


def _check_key(brought: Brought) -> None:
    own = brought.own
    if not brought.key_fits:
        raise TlsError(
            f"The private key is not that of {own.subject}.",
            fix="Give the key that the request for this certificate was made with; if it "
            "is lost, have a new certificate made.",
        )
    if not own.for_servers:
        raise TlsError(
            f"{own.subject} is not for web servers: its extended key usage says so.",
            fix="Have a certificate made for server authentication.",
        )


def _check_dates(chain: Sequence[Facts], now: datetime) -> None:
    for facts in chain:
        if not facts.dates.has(now):
            raise TlsError(
                f"{facts.subject} {worth_saying(facts.dates, now, RENEWED_BEFORE)}, and "
                f"this machine's clock shows {now:%Y-%m-%d}.",
                fix="Have it renewed by whoever signed it; or set the clock, if that is "
                "wrong.",
            )


def _check_names(own: Facts, asked: Names) -> None:
    if not own.names:
        raise TlsError(
            f"{own.subject} has no subject alternative names, and browsers look nowhere "
            "else.",
            fix="Have it made with the names that people type, as DNS names, and the "
            "addresses, as IP addresses.",
        )
    if missing := asked - covered(own.names, asked):
        raise TlsError(
            f"The certificate is for {own.names}; the setting tls.names has {missing}.",
            fix="Have a certificate made with these names too, or take them out of "
            "tls.names.",
        )


def covered(names: Names, wanted: Names) -> Names:
    """Those of the wanted names that a certificate of `names` is good for."""

    def good_for(host: str) -> bool:
        # A star stands for one whole label (RFC 9525, 6.3).
        return host in names.hosts or f"*.{host.partition('.')[2]}" in names.hosts

    return Names(
        tuple(host for host in wanted.hosts if good_for(host)),
        tuple(address for address in wanted.addresses if address in names.addresses),
    )


def _remarks(brought: Brought, now: datetime) -> list[str]:
    own = brought.own
    remarks = []
    if text := worth_saying(own.dates, now, RENEWED_BEFORE):
        remarks.append(f"It {text}. The box cannot renew it: import the next one in time.")
    if own.self_signed:
        remarks.append("It has signed itself: browsers have to be told to trust it.")
    elif len(brought.chain) == 1:
        remarks.append(
            f"It comes alone. If {own.issuer} is not itself trusted by the browsers but "
            "signed by a root that is, they need it too: give it with --chain."
        )
    return remarks
