"""Everything in a kit that others wrote, with its licence. One that has none is an error:
nobody may hand on what they do not know the terms of.
"""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from msgspec import Struct

from appliance.bundle.natives import native
from appliance.errors import KitError
from appliance.models.manifest import Entry

OWN = "appliance"

# A licence's whole text stands in this field of some; its first words would say nothing.
_LONGEST_NAME = 80
_CLASSIFIER = re.compile(r"License :: (?:OSI Approved :: )?(.+)")


class Component(Struct, frozen=True, kw_only=True, order=True):
    kind: Literal["models", "native libraries", "npm packages", "Python packages"]
    name: str
    version: str
    licence: str  # "" is refused
    within: str = ""  # the file of the kit that has it


def components(
    wheels: Iterable[Path], models: Iterable[Entry], package_lock: Path
) -> list[Component]:
    """Raises KitError for what has no licence that is known."""
    found = {one for wheel in wheels for one in _of_wheel(wheel)}
    found |= {*_of_models(models), *_of_pages(package_lock)}
    unknown = sorted(
        f"{one.name} {one.version}".strip() for one in found if not one.licence
    )
    if unknown:
        raise KitError(
            f"The licence is not known of: {', '.join(unknown)}.",
            fix="Read it where it comes from. Leave the component out, or, of a native "
            "library, add it to appliance/bundle/natives.py.",
        )
    return sorted(found)


def _of_wheel(wheel: Path) -> Iterator[Component]:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [metadata] = [n for n in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", n)]
        facts = HeaderParser().parsestr(archive.read(metadata).decode())
    name, version = str(facts["Name"]), str(facts["Version"])
    if name == OWN:
        return
    yield Component(
        kind="Python packages",
        name=name,
        version=version,
        licence=_licence(facts),
        within=wheel.name,
    )
    for library in sorted({PurePosixPath(n).name for n in names if ".so" in n}):
        found = native(library)
        if found is not None:
            yield Component(
                kind="native libraries",
                name=found.name,
                version="",
                licence=found.licence,
                within=wheel.name,
            )


def _licence(facts: Message) -> str:
    """As the package itself says it, by the newest way of saying it that it uses."""
    if expression := facts["License-Expression"]:
        return str(expression)
    said = str(facts["License"] or "").strip()
    if said and len(said) <= _LONGEST_NAME and "\n" not in said and said != "UNKNOWN":
        return said
    matches = map(_CLASSIFIER.match, map(str, facts.get_all("Classifier") or []))
    return " AND ".join(match[1] for match in matches if match)


def _of_models(models: Iterable[Entry]) -> Iterator[Component]:
    for entry in models:
        known = entry.licence if entry.licence != "not recorded" else ""
        yield Component(
            kind="models",
            name=entry.name,
            version="",
            licence=known,
            within=f"models/{entry.name}",
        )


def _of_pages(package_lock: Path) -> Iterator[Component]:
    """What is built into the pages: all but what only builds them, and our own."""
    packages: Mapping[str, Any] = json.loads(package_lock.read_text())["packages"]
    for path, facts in packages.items():
        outside = path.startswith("node_modules/") and not facts.get("link")
        if outside and not any(
            facts.get(one) for one in ("dev", "optional", "devOptional")
        ):
            yield Component(
                kind="npm packages",
                name=path.rpartition("node_modules/")[2],
                version=str(facts["version"]),
                licence=str(facts.get("license", "")),
                within="the pages",
            )
