"""`appliance kit`: make one, check one, and say whose kits this machine takes."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from appliance import __version__
from appliance.bundle import comparing, lock, signing
from appliance.bundle.making import Order, pack, read_components
from appliance.bundle.making import make as make_kit
from appliance.errors import KitError
from appliance.kit.checking import check as check_kit
from appliance.kit.ed25519 import KEY_BYTES
from appliance.kit.listing import Listing
from appliance.kit.place import Place, write
from appliance.models.manifest import load_manifest
from appliance.models.shelf import find
from appliance.settings import read_settings

ROOT = Path(__file__).parents[2]
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"

app = typer.Typer(help="Kits: make one, check one, say whose are taken.")

Kit = Annotated[Path, typer.Argument(help="Folder of the kit.")]
Machine = Annotated[Path, typer.Option("--root", help="Of another machine's disk.")]


@app.command()
def make(
    out: Annotated[Path | None, typer.Option(help="Folder to make.")] = None,
    models: Annotated[
        list[str] | None, typer.Option("--model", help="Models; else those of a new box.")
    ] = None,
    python: Annotated[
        list[str] | None, typer.Option(help="Python of the box, such as 3.11.")
    ] = None,
    processor: Annotated[
        str, typer.Option(help="`oldest` (AVX2, since 2013), or like `this` machine's.")
    ] = "oldest",
    key: Annotated[Path | None, typer.Option(help="Private key; made if missing.")] = None,
    tar: Annotated[bool, typer.Option(help="As one file, too.")] = True,
    renew_lock: Annotated[
        bool, typer.Option("--renew-lock", help="Only lock what is installed here.")
    ] = False,
) -> None:
    """Write a kit, from a checkout that is set up."""
    _require_checkout()
    pythons = tuple(python or [HERE])
    if renew_lock:
        for one in pythons:
            path = lock.lock_file(ROOT, one)
            print(f"{path.name}: {lock.renew(path, one)} packages")
        return
    models_dir = Path(read_settings(None).models.dir).expanduser()
    names = models or [entry.name for entry in load_manifest().defaults()]
    order = Order(
        root=ROOT,
        out=(out or Path(f"appliance-{__version__}")).absolute(),
        pythons=pythons,
        models=tuple(find(models_dir, name) for name in names),
        models_dir=models_dir,
        cache=_cache(),
        processor=processor,
        made=_made(),
    )
    listing = make_kit(order, _signer(key), lambda step: print(f"==> {step}", flush=True))
    print(f"{order.out}: {_content(order.out, listing)}")
    if tar:
        print(f"{pack(order.out, order.made)}: the same as one file")
    print(f"signed by {listing.key}")


@app.command()
def check(kit: Kit, root: Machine = Path("/")) -> None:
    """Compare every checksum and the signature, and say what the kit holds."""
    pinned = _pinned(Place(root))
    listing = check_kit(kit, pinned)
    whose = (
        "whose kits this machine takes" if pinned else "nobody's that this machine knows"
    )
    print(f"{kit}: {_content(kit, listing)}")
    print(f"signed by {listing.key}, {whose}")


@app.command()
def compare(one: Kit, other: Kit) -> None:
    """Say what differs between two kits; the same sources make the same bytes."""
    kits = [comparing.Kit(folder, check_kit(folder, None)) for folder in (one, other)]
    found = list(comparing.differences(*kits))
    for line in found:
        print(line)
    if found:
        raise typer.Exit(1)
    listing = kits[0].listing
    print(f"The same: {len(listing.files)} files, {listing.size / 1e6:.0f} MB.")


@app.command()
def components(kit: Kit) -> None:
    """Everything in the kit that others wrote, with its licence."""
    for one in read_components(kit):
        print("\t".join((one.kind, one.name, one.version, one.licence, one.within)))


@app.command()
def trust(
    key: Annotated[str, typer.Argument(help="Public, in hex, as its owner has told you.")],
    root: Machine = Path("/"),
) -> None:
    """Take kits of this key from now on, and of no other."""
    place = Place(root)
    if len(key) != 2 * KEY_BYTES or not all(one in "0123456789abcdef" for one in key):
        raise KitError(
            f"{key!r} is no public key.", fix=f"It has {2 * KEY_BYTES} hexadecimal digits."
        )
    before = _pinned(place)
    write(place.key, f"{key}\n")
    print(f"Kits of {key} are taken from now on; before, {before or 'of nobody'}.")


def _pinned(place: Place) -> str | None:
    try:
        return place.key.read_text().strip()
    except FileNotFoundError:
        return None


def _signer(path: Path | None) -> signing.Signer:
    where = path or Path("~/.config/appliance/kit.pem").expanduser()
    if where.is_file():
        return signing.read(where)
    signer = signing.make(where)
    print(f"A new key is in {where}. Keep it: boxes take kits of the same key alone.")
    return signer


def _require_checkout() -> None:
    if not (ROOT / "pyproject.toml").is_file():
        raise KitError(
            "A kit is made from a checkout of the sources, and this is none.",
            fix="Run scripts/bundle there, on a machine with a network.",
        )


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "appliance"


def _made() -> int:
    """When the sources were last changed, as it is agreed that one says it."""
    if told := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(told)
    asked = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    if not said:
        raise KitError(
            "It is not known when these sources were changed.",
            fix="Set SOURCE_DATE_EPOCH to that time, in seconds since 1970.",
        )
    return int(said)


def _content(kit: Path, listing: Listing) -> str:
    counts = Counter(one.kind for one in read_components(kit))
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
    return (
        f"version {listing.version}, {len(listing.files)} files, "
        f"{listing.size / 1e6:.0f} MB; for {listing.platform}, Python "
        f"{' and '.join(listing.pythons)}, glibc from {listing.glibc} on, a processor with "
        f"{', '.join(listing.processor)}; needs "
        f"{listing.disk_mb} MB of disk, {listing.memory_mb} MB of memory. "
        f"Of others: {kinds}; every licence is known."
    )
