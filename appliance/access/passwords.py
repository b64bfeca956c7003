"""The rules a new password has to keep: long, not the person's name, not a usual one.

No rule of so many digits and marks: those are what made `Welcome1!` (NIST SP 800-63B).
"""

import unicodedata

from appliance.access.common import too_common
from appliance.access.people import folded
from appliance.access.refusals import PasswordRefused

# Beyond this it is not a password, and each character has to be looked at.
MOST = 200

# Fewer different characters than this is one thing said again and again.
_DIFFERENT = 5


_SHORT = 8


def normal(password: str) -> str:
    """One form for what is typed on different keyboards: a letter with its accent may come
    as one character or as two."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, name: str, least: int) -> None:
    """Raises PasswordRefused, for a password shorter than `least` characters too."""
    text = normal(password)
    if not least <= len(text) <= MOST:
        raise PasswordRefused(
            f"The password has {len(text)} characters.",
            fix=f"Take {least} to {MOST}: four words that do not belong together are good.",
        )
    if len(name) > 2 and folded(name) in text.casefold():
        raise PasswordRefused(
            "The password has the name of the account in it.", fix="Leave the name out."
        )
    if (
        len(set(text.casefold())) < _DIFFERENT
        or _again_and_again(text)
        or too_common(text, [name])
    ):
        raise PasswordRefused(
            "The password is one of those that are tried first.",
            fix="Take several words that do not belong together, and no row of keys, year "
            "or name.",
        )


def _again_and_again(text: str) -> bool:
    """A short text written again and again."""
    return any(
        text == (text[:size] * (len(text) // size + 1))[: len(text)]
        for size in range(1, min(_SHORT, len(text) // 2) + 1)
    )
