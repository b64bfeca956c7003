"""The cookies that tell people and customers apart from strangers.

Over https their names begin with `__Host-`: a browser then takes and sends them only with
Secure, Path=/ and without a domain, so that nobody on the way and no other host of the
site can plant one. Over http, on this machine alone, browsers would refuse such names.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from starlette.responses import Response
from starlette.types import Scope

Cookie: TypeAlias = Literal["session", "device", "customer"]


def is_secure(scope: Scope) -> bool:
    return scope["scheme"] in ("https", "wss")


def cookie(scope: Scope, name: Cookie) -> str:
    """Its value; "" if it is not there, or there more than once: one of them was planted,
    and which is not to be told."""
    found = set(_values(scope, _full(scope, name)))
    return found.pop() if len(found) == 1 else ""


def set_cookie(
    scope: Scope, response: Response, name: Cookie, value: str, days: int = 0
) -> None:
    """Until the browser is closed, or for so many days. The box itself ends it earlier."""
    response.set_cookie(
        _full(scope, name),
        value,
        max_age=days * 86_400 or None,
        path="/",
        secure=is_secure(scope),
        httponly=True,
        samesite="strict",
    )


def drop_cookie(scope: Scope, response: Response, name: Cookie) -> None:
    response.delete_cookie(
        _full(scope, name),
        path="/",
        secure=is_secure(scope),
        httponly=True,
        samesite="strict",
    )


def header(scope: Scope, name: bytes) -> str:
    """The value of a header; "" if it is not there, or there more than once."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _full(scope: Scope, name: Cookie) -> str:
    return f"__Host-{name}" if is_secure(scope) else name


def _values(scope: Scope, name: str) -> Iterator[str]:
    for key, value in scope["headers"]:
        if key == b"cookie":
            for part in value.decode("latin-1").split(";"):
                known, _, text = part.strip().partition("=")
                if known == name and text:
                    yield text
