"""Two kits of the same sources, file by file: what differs, and where within a wheel."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from appliance.kit.listing import Listing

# A wheel that was built otherwise differs in some of its files; more would hide the rest.
TOLD = 5

CHANGED, FIRST, SECOND = "differs", "only in the first", "only in the second"


class Kit(NamedTuple):
    folder: Path
    listing: Listing  # checked


def differences(one: Kit, other: Kit) -> Iterator[str]:
    """Nothing where both are the same, byte for byte. Raises OSError."""
    for field in fields(Listing):
        here, there = (getattr(kit.listing, field.name) for kit in (one, other))
        if field.name != "files" and here != there:
            yield f"{field.name}: {here}; in the second {there}"
    for path, how in _unlike(_sums(one), _sums(other)):
        yield f"{path}: {how}"
        if how == CHANGED and path.endswith(".whl"):
            within = _of_wheels(one.folder / path, other.folder / path)
            yield from (f"    {line}" for line in within)


def _of_wheels(one: Path, other: Path) -> Iterator[str]:
    found = list(_unlike(_members(one), _members(other)))
    for name, how in islice(found, TOLD):
        yield f"{name}: {how}"
    if len(found) > TOLD:
        yield f"and {len(found) - TOLD} more"
    if not found:
        yield "packed otherwise: every file in it is the same"


def _unlike(
    here: Mapping[str, object], there: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    for name in sorted(here.keys() | there.keys()):
        if name not in there:
            yield name, FIRST
        elif name not in here:
            yield name, SECOND
        elif here[name] != there[name]:
            yield name, CHANGED


def _sums(kit: Kit) -> dict[str, str]:
    return {file.path: file.sha256 for file in kit.listing.files}


def _members(wheel: Path) -> dict[str, tuple[int, int]]:
    with zipfile.ZipFile(wheel) as archive:
        return {one.filename: (one.file_size, one.CRC) for one in archive.infolist()}
