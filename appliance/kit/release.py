"""Releases beside each other, and the one that is used.

    /opt/appliance/releases/VERSION/    a Python environment; never changed once it is there
    /opt/appliance/current              leads to the one that is used

A release is made under another name and renamed when it is whole, so what has its name can
be used, wherever power was lost.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from appliance.durable import sync_folder
from appliance.errors import KitError
from appliance.kit.listing import NAME, SIGNATURE, Listing
from appliance.kit.place import Place, point

# A release takes half a gigabyte. One to go back to, and one before that.
KEEP = 3

# Beside the environment itself, for who looks after the machine.
KEPT = (NAME, SIGNATURE, "components.json")


@dataclass(frozen=True)
class Release:
    folder: Path

    @property
    def version(self) -> str:
        return self.folder.name

    @property
    def command(self) -> Path:
        return self.folder / "bin/appliance"

    @property
    def units(self) -> Path:
        return self.folder / "units"


def release(place: Place, version: str) -> Release:
    return Release(place.releases / version)


def current(place: Place) -> Release | None:
    """The one that is used; None on a machine that has none."""
    if not place.current.is_symlink():
        return None
    return release(place, place.current.readlink().name)


def installed(place: Place) -> list[Release]:
    """Those that are whole, the oldest first."""
    found = [path for path in place.releases.glob("[!.]*") if (path / NAME).is_file()]
    return [Release(path) for path in sorted(found, key=lambda path: path.stat().st_mtime)]


def use(place: Place, version: str) -> None:
    """From one moment to the next. Raises OSError."""
    point(place.current, f"releases/{version}")


def build(kit: Path, listing: Listing, place: Place, python: Path) -> Release:
    """The release of a kit that was checked; the one that is there, if it is of this kit.

    Raises KitError, OSError.
    """
    made = release(place, listing.version)
    if (made.folder / NAME).is_file():
        if (made.folder / NAME).read_bytes() == (kit / NAME).read_bytes():
            return made
        raise KitError(
            f"Another kit of version {listing.version} is installed already.",
            fix="Give the new one a version of its own: one number, one content.",
        )
    part = place.releases / f".{listing.version}.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        _fill(kit, part, python)
        _settle(part, place.seen(made.folder), python)
        for name in KEPT:
            shutil.copy2(kit / name, part / name)
        for name in ("units", "docs"):
            shutil.copytree(kit / name, part / name)
        # What is not on the disk when power is lost must not have the name either.
        _run(["sync", "--file-system", str(part)])
        part.rename(made.folder)
        sync_folder(place.releases)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return made


def prune(place: Place, keep: int, spared: tuple[str, ...]) -> list[str]:
    """Remove all but the newest `keep`, never those in `spared`; says which are gone."""
    older = [one for one in installed(place) if one.version not in spared]
    gone = older[: max(0, len(older) + len(spared) - keep)]
    for one in gone:
        remove(place, one.version)
    return [one.version for one in gone]


def remove(place: Place, version: str) -> None:
    """So that, cut off half way, it is gone and not half there."""
    folder = release(place, version).folder
    doomed = folder.with_name(f".{version}.removed")
    shutil.rmtree(doomed, ignore_errors=True)
    if folder.exists():
        folder.rename(doomed)
        shutil.rmtree(doomed)


def _fill(kit: Path, folder: Path, python: Path) -> None:
    """Debian's Python comes without pip, so the kit's is used: a wheel can be run."""
    _run([str(python), "-I", "-m", "venv", "--without-pip", str(folder)])
    [pip] = kit.glob("wheels/pip-*.whl")
    wheels = sorted(str(path) for path in kit.glob("wheels/*.whl"))
    options = ["--no-index", "--no-deps", "--no-cache-dir", "--no-compile", "--quiet"]
    options += ["--disable-pip-version-check", "--no-warn-script-location"]
    _run(
        [
            str(folder / "bin/python"),
            "-I",
            f"{pip}/pip",
            "install",
            *options,
            *_fit(wheels, python),
        ]
    )


def _fit(wheels: list[str], python: Path) -> list[str]:
    """Of a kit for several Pythons, those that this one can use. pip itself is not needed
    where nothing is ever installed into."""
    tag = "cp" + python.name.removeprefix("python").replace(".", "")
    fits = []
    for wheel in wheels:
        name, abi = Path(wheel).name.split("-")[0], Path(wheel).stem.split("-")[-2]
        if name != "pip" and abi in ("none", "abi3", tag):
            fits.append(wheel)
    return fits


def _settle(folder: Path, final: Path, python: Path) -> None:
    """What names the folder it was made in names the one that it will be."""
    old, new = str(folder).encode(), str(final).encode()
    for path in (folder / "bin").iterdir():
        if path.is_file() and not path.is_symlink():
            path.write_bytes(path.read_bytes().replace(old, new))
    # The modules' own names of their files, for who reads a traceback.
    compiled = ["-m", "compileall", "-q", "-j", "0", "-s", str(folder), "-p", str(final)]
    _run([str(python), "-I", *compiled, str(folder / "lib")], check=False)


def _run(command: list[str], *, check: bool = True) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if check and done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise KitError(
            f"{Path(command[0]).name} failed: {' '.join(last)}.",
            fix="See that the disk has room, then run the same command again.",
        )
