"""Is the kit whole, and by whom: the first thing done with it, before any of it is used."""

from itertools import islice
from pathlib import Path

from appliance.errors import KitError
from appliance.kit.ed25519 import verify
from appliance.kit.listing import NAME, SIGNATURE, Listing, decode, faults

# A stick that is broken is told of by some of its files; the rest would be like them.
TOLD = 3


def check(kit: Path, pinned: str | None) -> Listing:
    """The list of the kit, if the owner of `pinned` has signed it and all in it is there.
    Without `pinned`, whoever's key it names: for a machine that knows nobody yet.

    Raises KitError.
    """
    listing = read(kit, pinned)
    found = list(islice(faults(kit, listing), TOLD))
    if found:
        raise KitError(
            f"The kit {kit} is not whole: {'; '.join(found)}.",
            fix="Copy it once more, from where it was made.",
        )
    return listing


def read(kit: Path, pinned: str | None) -> Listing:
    """The list and its signature alone: no file is read. Raises KitError."""
    try:
        content = (kit / NAME).read_bytes()
        signature = (kit / SIGNATURE).read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise KitError(
            f"{kit} is no kit: {error}.",
            fix=f"Name the folder that `scripts/bundle` has made: {NAME} lies in it.",
        ) from error
    listing = decode(content, kit)
    if pinned is not None and listing.key != pinned:
        raise KitError(
            f"The kit {kit} is signed by the key {listing.key}; this machine takes kits of "
            f"{pinned} alone.",
            fix="Take the kit from who made the first one. If they have a new key, compare "
            "it with them, then `appliance kit trust KEY`.",
        )
    if not _signed(listing.key, content, signature):
        raise KitError(
            f"The signature of {kit} is not that of the key {listing.key}.",
            fix="Do not use it: somebody has changed it, or it was damaged on the way.",
        )
    return listing


def _signed(key: str, content: bytes, signature: str) -> bool:
    try:
        return verify(bytes.fromhex(key), content, bytes.fromhex(signature))
    except ValueError:
        return False
