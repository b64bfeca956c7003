"""Who was erased, as a list that knows nobody: for backups that are older than it.

A customer stands in it by an HMAC of their number, a call by its random id. The list lies
in the data folder, with a copy in the folder of backups: whoever brings a backup back has
to take out of it again what was erased since it was made.
"""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from appliance.database.files import replace_file
from appliance.errors import StoreError

NAME = "erasures.json"


class Erasure(Struct, frozen=True, kw_only=True):
    """Of a customer, with every call from before; without `digest`, of calls alone."""

    id: str
    wall: datetime
    key: str  # in hex
    digest: str = ""
    calls: tuple[str, ...] = ()

    def is_of(self, customer_id: str) -> bool:
        return bool(customer_id) and self.digest == digest(self.key, customer_id)


class Erasures(Struct, frozen=True, kw_only=True):
    key: str
    erasures: tuple[Erasure, ...] = ()

    def with_(self, erasure: Erasure) -> "Erasures":
        """With this one, or with it as it is now."""
        others = tuple(one for one in self.erasures if one.id != erasure.id)
        return replace(self, erasures=(*others, erasure))

    def made(self, customer_id: str, calls: Iterable[str], now: datetime) -> Erasure:
        """A new one, not in the list yet."""
        return Erasure(
            id=secrets.token_hex(8),
            wall=now,
            key=self.key,
            digest=digest(self.key, customer_id) if customer_id else "",
            calls=tuple(calls),
        )

    def alias(self, customer_id: str) -> str:
        """What stands for a customer in the audit log, which is kept long: who knows the
        number finds it, and nobody else."""
        return f"customer {digest(self.key, customer_id)[:12]}"


def digest(key: str, customer_id: str) -> str:
    return hmac.digest(bytes.fromhex(key), customer_id.encode(), "sha256").hex()


def read_erasures(folder: Path) -> Erasures:
    """A new list where there is none. Raises StoreError."""
    path = folder / NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Erasures)
    except FileNotFoundError:
        return Erasures(key=secrets.token_hex(32))
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreError(
            f"The list of erasures {path} cannot be read: {error}.",
            fix="Bring it back from the folder of backups: what it names must not return.",
        ) from error


def alias_of(folder: Path, customer_id: str) -> str:
    """Their alias; the key it is made with is kept. Raises StoreError."""
    erasures = read_erasures(folder)
    if not (folder / NAME).is_file():
        write_erasures(folder, erasures)
    return erasures.alias(customer_id)


def write_erasures(folder: Path, erasures: Erasures) -> None:
    """Return once it is on the disk. Raises StoreError."""
    replace_file(folder / NAME, msgspec.json.format(msgspec.json.encode(erasures)))


def keep_beside(data_dir: Path, backups: Path) -> None:
    """Copy the list to where backups are, with those that were there. Raises StoreError."""
    if (data_dir / NAME).is_file():
        merge(read_erasures(data_dir), backups)


def take_along(backups: Path, data_dir: Path) -> None:
    """Add what stands in the list beside the backups. Raises StoreError."""
    if (backups / NAME).is_file():
        merge(read_erasures(backups), data_dir)


def merge(more: Erasures, folder: Path) -> None:
    there = read_erasures(folder) if (folder / NAME).is_file() else more
    known = {one.id for one in there.erasures}
    for one in more.erasures:
        if one.id not in known:
            there = there.with_(one)
    write_erasures(folder, there)
