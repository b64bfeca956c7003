"""The people who have an account, and the names they may have."""

import unicodedata
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from appliance.access.refusals import AccountError

# Not ranks: an administrator sees calls only as a supervisor, which they may be too.
StaffRole: TypeAlias = Literal["agent", "supervisor", "admin"]
ROLES: tuple[StaffRole, ...] = get_args(StaffRole)

NAME_CHARACTERS = 64

# A name that begins like this is a formula in a spreadsheet that opens an export of ours.
_FORMULA = ("=", "+", "-", "@")


class Person(Struct, frozen=True, kw_only=True):
    id: str
    name: str  # to sign in with, and what others see
    roles: tuple[StaffRole, ...]
    created: datetime
    disabled: bool = False
    must_change: bool = False  # their password, before they may do anything else


def folded(name: str) -> str:
    """The form in which names are compared, so that Ann and ANN are one person."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def checked_name(name: str) -> str:
    """The name as it is kept. Raises AccountError."""
    name = unicodedata.normalize("NFKC", name).strip()
    if not 1 <= len(name) <= NAME_CHARACTERS:
        raise AccountError(
            f"A name of {len(name)} characters cannot be used.",
            fix=f"Give one of 1 to {NAME_CHARACTERS} characters.",
        )
    if not name.isprintable() or name.startswith(_FORMULA):
        raise AccountError(
            f"The name {name!r} cannot be used.",
            fix="Begin it with a letter or a digit, and leave out control characters.",
        )
    return name
