"""The key that kits are signed with. Kept by who makes them, and never in a kit."""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from appliance.errors import KitError


class Signer:
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> str:
        """In hex."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, content: bytes) -> str:
        """In hex."""
        return self._key.sign(content).hex()


def make(path: Path) -> Signer:
    """A new key in a file that only its owner can read. Raises KitError, also where there
    is one: a box that trusts it would take no kit any more."""
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(content)
    except OSError as error:
        raise KitError(
            f"The key {path} cannot be made: {error.strerror}.",
            fix="Name another file with --key, or use the key that is there.",
        ) from error
    return Signer(key)


def read(path: Path) -> Signer:
    """Raises KitError."""
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KitError(
            f"{path} is no key that can be read: {error}.",
            fix="Name the file that the first kit was signed with.",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KitError(f"{path} is no ed25519 key.", fix="Name the one that kits have.")
    return Signer(key)
