"""Put a kit together: one folder, and one file of it. The same inputs make the same bytes.

What goes in has a checksum of its own (the lock, the manifest of models) or comes from this
checkout; nothing in it says when or where it was made.
"""

import os
import platform
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from appliance import __version__
from appliance.bundle import compiling, wheels
from appliance.bundle.components import Component, components
from appliance.bundle.lock import FROM_SOURCE, lock_file, read_lock
from appliance.bundle.processors import needed
from appliance.bundle.signing import Signer
from appliance.doctor.machine import OTHERS_MB
from appliance.errors import KitError
from appliance.kit.listing import NAME, SIGNATURE, Listing, list_files
from appliance.models.files import broken, inspect
from appliance.models.manifest import Entry
from appliance.models.shelf import RECORD

COMPONENTS = "components.json"

# Python writes what it has compiled beside its sources; and there is to be some air.
COMPILED, AIR_MB = 1.3, 500

DIRECTORY, PLAIN, PROGRAM = 0o755, 0o644, 0o755


class Order(Struct, frozen=True, kw_only=True):
    """What is to be made."""

    root: Path  # of the checkout
    out: Path  # of the kit: a folder that is not there yet
    pythons: tuple[str, ...]
    models: tuple[Entry, ...]
    models_dir: Path
    cache: Path  # of compiled wheels
    processor: str
    made: int  # s since 1970, of the sources


def make(order: Order, signer: Signer, say: Callable[[str], None]) -> Listing:
    """Write the kit; its list. Raises KitError, ModelError; what was begun is removed."""
    part = order.out.with_name(f".{order.out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        _fill(order, part, say)
        say("checksums and signature")
        listing = _listing(order, part, signer)
        (part / NAME).write_bytes(listing.encode())
        (part / SIGNATURE).write_text(signer.sign(listing.encode()) + "\n")
        _settle(part, order.made)
        part.rename(order.out)
    except OSError as error:
        raise KitError(
            f"The kit cannot be made in {order.out}: {error.strerror or error}.",
            fix="Name a folder that is not there yet, on a disk with room, with --out.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return listing


def _fill(order: Order, kit: Path, say: Callable[[str], None]) -> None:
    """All but the list."""
    (kit / "wheels").mkdir()
    for python in order.pythons:
        say(f"wheels for Python {python}")
        lock = read_lock(lock_file(order.root, python))
        source = lock.pop(FROM_SOURCE)
        wheels.fetch(lock.values(), python, kit / "wheels")
        wanted = needed(order.processor)
        built = compiling.compiled(source, wanted, order.cache, say)
        compiling.complete(built, kit / "wheels")
    say("our own wheel")
    wheels.own(order.root, order.made, kit / "wheels")
    for entry in order.models:
        say(f"model {entry.name}")
        _copy_model(order.models_dir / entry.name, entry, kit / "models" / entry.name)
    _copy_texts(order.root, kit)
    package_lock = order.root / "appliance/ui/package-lock.json"
    found = components(sorted(kit.glob("wheels/*.whl")), order.models, package_lock)
    (kit / COMPONENTS).write_bytes(msgspec.json.format(msgspec.json.encode(found)))


def _copy_model(folder: Path, entry: Entry, to: Path) -> None:
    if faults := inspect(folder, entry, afresh=True):
        raise broken(entry, folder, faults)
    names = [file.name for file in entry.files]
    # What the manifest has no checksums of says itself what it is.
    for name in [*names, *([RECORD] if (folder / RECORD).is_file() else [])]:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, to / name)


def _copy_texts(root: Path, kit: Path) -> None:
    """What people read, and what the system is told."""
    shutil.copytree(root / "systemd", kit / "units")
    if (root / "docs").is_dir():
        shutil.copytree(root / "docs", kit / "docs")
    (kit / "docs").mkdir(exist_ok=True)
    shutil.copyfile(root / "README.md", kit / "docs/README.md")
    shutil.copyfile(root / "scripts/install", kit / "install")


def _listing(order: Order, kit: Path, signer: Signer) -> Listing:
    files = sorted(kit.glob("wheels/*.whl"))
    unpacked = sum(map(wheels.unpacked_bytes, files)) * COMPILED
    models = sum(entry.bytes + entry.packed_mb * 1_000_000 for entry in order.models)
    return Listing(
        version=__version__,
        made=order.made,
        key=signer.public,
        pythons=order.pythons,
        platform=f"{platform.system()}-{platform.machine()}",
        glibc=wheels.oldest_glibc(files),
        processor=needed(order.processor),
        disk_mb=AIR_MB + int((unpacked + models) / 1e6),
        memory_mb=OTHERS_MB + sum(entry.memory_mb for entry in order.models),
        models=tuple(entry.name for entry in order.models),
        files=list_files(kit),
    )


def _settle(kit: Path, made: int) -> None:
    """Modes and times as they would be on any machine."""
    for path in (*kit.rglob("*"), kit):
        program = path.name == "install" and path.parent == kit
        mode = DIRECTORY if path.is_dir() else PROGRAM if program else PLAIN
        path.chmod(mode)
        os.utime(path, (made, made))


def pack(kit: Path, made: int) -> Path:
    """The kit as one file beside it. Not compressed: what is large in it is so already.

    Raises OSError.
    """
    there = kit.with_name(f"{kit.name}.tar")
    part = there.with_name(f".{there.name}.part")

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.uid = info.gid = 0
        info.uname = info.gname = "root"
        info.mtime = made
        return info

    try:
        with tarfile.open(part, "w", format=tarfile.GNU_FORMAT) as archive:
            for path in (kit, *sorted(kit.rglob("*"))):
                name = path.relative_to(kit.parent).as_posix()
                archive.add(path, name, recursive=False, filter=plain)
        part.replace(there)
    finally:
        part.unlink(missing_ok=True)
    return there


def read_components(kit: Path) -> list[Component]:
    """Of a kit that was checked."""
    return msgspec.json.decode((kit / COMPONENTS).read_bytes(), type=list[Component])
