"""The headers that tell a browser what our answers may do and who may use them."""

from collections.abc import Iterable
from typing import TypeAlias

RawHeaders: TypeAlias = list[tuple[bytes, bytes]]

# Nothing from elsewhere, no inline script, in nobody's frame.
PAGE_POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

# What an answer has that does not say otherwise. Most are data about people: no page from
# elsewhere may show, embed or open them, and nothing keeps a copy. The microphone is for
# our own pages.
DEFAULTS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_RAW = [(name.encode(), value.encode()) for name, value in DEFAULTS.items()]

# Of a page over http browsers ignore it, and complain in the page's console.
_SECURE = [*_RAW, (b"cross-origin-opener-policy", b"same-origin")]


def with_defaults(
    headers: Iterable[tuple[bytes, bytes]], *, secure: bool = False
) -> RawHeaders:
    """These headers, and each of the defaults that they do not have."""
    given = list(headers)
    names = {name.lower() for name, _ in given}
    wanted = _SECURE if secure else _RAW
    return given + [(name, value) for name, value in wanted if name not in names]
