"""Why somebody is not let in, or an account not changed."""

from appliance.errors import ApplianceError


class AccessError(ApplianceError):
    """Of the kinds below."""


class NotSignedIn(AccessError):
    """Nobody is signed in here, or the sign-in failed."""


class NotAllowed(AccessError):
    """It is known who asks, and they may not do this, or not in this way."""


class TooOften(AccessError):
    """Too many tries; the next one counts after `wait_s` seconds."""

    def __init__(self, problem: str, *, fix: str, wait_s: float) -> None:
        super().__init__(problem, fix=fix)
        self.wait_s = wait_s


class PasswordRefused(AccessError):
    """The new password breaks a rule."""


class AccountError(AccessError):
    """There is no such account or token, or it cannot be changed in this way."""


def not_signed_in() -> NotSignedIn:
    return NotSignedIn(
        "Nobody is signed in here.", fix="Sign in first; programs send a token."
    )
