"""Secrets that a machine remembers: made at random, kept as a digest only.

They have 256 random bits, so a plain hash is enough: nobody can try them all. What people
remember goes through argon2 (hashing.py).
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

# Neither l, 1 and i, nor o and 0: read from a terminal, and typed by hand once.
_TYPED = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def person_id(folded_name: str) -> str:
    """Always the same for a name: who is added again after a failure is nobody else."""
    return sha256(folded_name.encode()).hexdigest()[:16]


def digest(secret: str) -> str:
    """What is kept of a secret: who reads the file cannot use it."""
    return sha256(secret.encode()).hexdigest()


def one_time_password() -> str:
    """Twenty characters to type once, 99 bits."""
    return _typed(_GROUPS)


def invite_code() -> str:
    """Ten characters to type once, 49 bits: in its quarter of an hour, at the 400 requests
    a second that an address may make, a guess is right once in a billion such quarters."""
    return _typed(_GROUPS // 2)


def _typed(groups: int) -> str:
    letters = (
        "".join(secrets.choice(_TYPED) for _ in range(_GROUP)) for _ in range(groups)
    )
    return "-".join(letters)


def csrf_of(session_secret: str) -> str:
    """The token that a page of this session sends along, told by /auth/me alone.

    Made from the session's secret, so there is nothing to store and nothing that a copy of
    the file of accounts would tell.
    """
    made = hmac.digest(session_secret.encode(), b"csrf", "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")


def same(one: str, other: str) -> bool:
    """Compared in a time that does not tell how much is right."""
    return hmac.compare_digest(one.encode(), other.encode())
