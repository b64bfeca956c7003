"""Whose page sends a request, and under which name it reached the box. No IO.

A browser tells both: `Host` is the name in its address bar, or in the page's script;
`Origin` is the page that made it send. A page from elsewhere that asks for our address
is known by its Origin. One whose own name was made to lead to our address (DNS rebinding)
has the same Origin as Host, and is known by the Host: that name is not ours.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from appliance.errors import ApplianceError

READS = ("GET", "HEAD", "OPTIONS")


Header = Literal["host", "origin"]


class Forbidden(ApplianceError):
    """Whoever it is may not do this from there, as this header tells."""

    def __init__(self, reason: Header, problem: str, *, fix: str) -> None:
        super().__init__(problem, fix=fix)
        self.reason = reason


class Hosts:
    """The names that lead to the box. Addresses always do: they cannot be rebound."""

    def __init__(
        self,
        names: Iterable[str] = (),
        certified: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """Besides `localhost`; `certified` gives those of the certificate, as it is now.
        `*.example.com` stands for every name right below."""
        self._names = {name.strip().lower().rstrip(".") for name in names} | {"localhost"}
        self._certified = certified

    def check(self, host: str | None) -> None:
        """Raises Forbidden for a Host header that names somebody else."""
        if host is None:
            return  # HTTP/1.0, which no browser speaks
        name = _name(host)
        if name is None or not self._ours(name):
            raise Forbidden(
                "host",
                f"This box is not known as {host[:200]!r}.",
                fix="Open it by its address, such as https://192.0.2.10, or have an admin "
                "add the name to tls.names.",
            )

    def _ours(self, name: str) -> bool:
        for known in (self._names, self._certified()):
            if name in known or f"*.{name.partition('.')[2]}" in known:
                return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True


def only(headers: Sequence[tuple[bytes, bytes]], name: Header) -> str | None:
    """The value of a header, None if there is none. Raises Forbidden if there are several:
    whoever sends two means to show each reader another one."""
    values = [value for key, value in headers if key == name.encode()]
    if len(values) > 1:
        raise Forbidden(name, f"There are {len(values)} {name} headers.", fix="Send one.")
    return values[0].decode("latin-1") if values else None


def check_origin(origin: str | None, host: str | None, scheme: str) -> None:
    """Raises Forbidden if a page from elsewhere sent this.

    `scheme` is the request's: https, http, wss or ws. Telephone gateways and programs send
    no Origin; they are nobody's browser, which could be made to act for its owner.
    """
    if origin is None:
        return
    given, _, authority = origin.partition("://")
    # Behind a proxy that ends TLS, the box sees http where the browser sees https.
    secure = given == "https" or (given == "http" and scheme in ("http", "ws"))
    if not secure or host is None or authority.lower() != host.lower():
        raise Forbidden(
            "origin",
            f"A page of {origin[:200]!r} sent this to {(host or '')[:200]!r}.",
            fix="Use the box's own pages, under one and the same name.",
        )


def _name(host: str) -> str | None:
    """The name or address in a Host header, without its port; None if it is neither."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises if it is none
    except ValueError:
        return None
    if parts.netloc != host or parts.username is not None or parts.password is not None:
        return None
    return (parts.hostname or "").rstrip(".") or None
