"""The wheels of a kit: fetched by the lock, or built of this checkout."""

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from appliance.bundle.lock import for_target, refused
from appliance.errors import KitError

PIP = (sys.executable, "-P", "-m", "pip", "--disable-pip-version-check", "--no-input")

_GLIBC_SYMBOL = re.compile(rb"GLIBC_2\.(\d+)\x00")
_MANYLINUX = re.compile(r"manylinux_2_(\d+)_")


def fetch(lines: Iterable[str], python: str, to: Path) -> None:
    """Every wheel of the lock, each with its checksum compared. Raises KitError."""
    options = [one for one in for_target(python) if not one.startswith("--target")]
    # The cache would keep a second copy of a gigabyte; the kit itself is the copy.
    options += ["--no-deps", "--require-hashes", f"--dest={to}", "--quiet"]
    with requirements(lines) as asked:
        pip("fetch every package", "download", *options, f"--requirement={asked.name}")


def own(root: Path, made: int, to: Path) -> Path:
    """Of this checkout, with its pages: the same bytes for the same files. Raises
    KitError."""
    if not (root / "appliance/ui/dist/index.html").is_file():
        raise KitError("The browser app is not built.", fix="Run ./scripts/setup.")
    before = set(to.glob("*.whl"))
    options = ["--no-deps", "--no-cache-dir", "--quiet", f"--wheel-dir={to}"]
    pip(
        "build our wheel",
        "wheel",
        *options,
        str(root),
        more={"SOURCE_DATE_EPOCH": str(made)},
    )
    [wheel] = set(to.glob("*.whl")) - before
    return wheel


def unpacked_bytes(wheel: Path) -> int:
    with zipfile.ZipFile(wheel) as archive:
        return sum(one.file_size for one in archive.infolist())


def oldest_glibc(wheels: Iterable[Path]) -> str:
    """With which all of them run: what their names promise, or what is linked in."""
    return f"2.{max((_glibc_minor(wheel) for wheel in wheels), default=0)}"


def _glibc_minor(wheel: Path) -> int:
    if promised := [int(minor) for minor in _MANYLINUX.findall(wheel.name)]:
        # Several tags say that it runs from the oldest of them on.
        return min(promised)
    if wheel.name.endswith("-any.whl"):
        return 0
    with zipfile.ZipFile(wheel) as archive:
        libraries = [one for one in archive.namelist() if ".so" in one]
        found = (_GLIBC_SYMBOL.findall(archive.read(one)) for one in libraries)
        return max((int(minor) for one in found for minor in one), default=0)


def requirements(lines: Iterable[str]) -> "tempfile._TemporaryFileWrapper[str]":
    """A file of them for pip, gone when it is closed."""
    file = tempfile.NamedTemporaryFile("w", suffix=".txt")  # noqa: SIM115 - closed by `with`
    file.write("\n".join(lines))
    file.flush()
    return file


def pip(what: str, *arguments: str, more: dict[str, str] | None = None) -> None:
    """Raises KitError, saying `what` could not be done."""
    done = subprocess.run(
        [*PIP, *arguments],
        env={**os.environ, **(more or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise refused(what, done.stderr)
