"""One thing that was looked at: how it is, and what to do about it."""

from typing import Literal, TypeAlias

from msgspec import Struct

# ok; soon: it works, and somebody should see to it; wrong: something does not work;
# unknown: it could not be looked at.
State: TypeAlias = Literal["ok", "soon", "wrong", "unknown"]


class Finding(Struct, frozen=True, kw_only=True):
    what: str  # was looked at: "disk", "certificate"
    state: State
    found: str
    fix: str = ""  # a sentence, with the command if there is one


def ok(what: str, found: str) -> Finding:
    return Finding(what=what, state="ok", found=found)


def soon(what: str, found: str, fix: str) -> Finding:
    return Finding(what=what, state="soon", found=found, fix=fix)


def wrong(what: str, found: str, fix: str) -> Finding:
    return Finding(what=what, state="wrong", found=found, fix=fix)


def unknown(what: str, found: str, fix: str = "") -> Finding:
    return Finding(what=what, state="unknown", found=found, fix=fix)
