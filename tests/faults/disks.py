"""Disks that take nothing more while a server writes to them, and then do again."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import pytest

from tests.recordings.disk import small_disk

MEGABYTES = 64  # enough for a server that has just begun

READ_ONLY = Path(__file__).with_name("read_only.c")


class Disk(Protocol):
    folder: Path
    environ: Mapping[str, str]  # of the server that is to notice
    says: str  # part of what the box says of it

    def fail(self) -> None: ...
    def mend(self) -> None: ...


class FullDisk:
    says = "is full"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ: Mapping[str, str] = {}
        self._ballast = folder / "ballast"
        self.mend()

    def fail(self) -> None:
        with self._ballast.open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(4096))

    def mend(self) -> None:
        self._ballast.unlink(missing_ok=True)


class ReadOnlyDisk:
    says = "is on a read-only file system"

    def __init__(self, folder: Path, library: Path) -> None:
        self.folder = folder
        self._while = library.with_name("read-only-now")
        self.environ: Mapping[str, str] = {
            "LD_PRELOAD": str(library),
            "READ_ONLY_BELOW": str(folder),
            "READ_ONLY_WHILE": str(self._while),
        }

    def fail(self) -> None:
        self._while.touch()

    def mend(self) -> None:
        self._while.unlink()


@contextmanager
def full_disk(folder: Path) -> Iterator[Disk]:
    with small_disk(folder / "disk", MEGABYTES) as at:
        yield FullDisk(at)


@contextmanager
def read_only_disk(folder: Path) -> Iterator[Disk]:
    compiler = shutil.which("cc")
    if compiler is None or os.name != "posix":
        pytest.skip("needs a C compiler")
    library, at = folder / "read_only.so", folder / "disk"
    command = [compiler, "-shared", "-fPIC", "-o", str(library), str(READ_ONLY), "-ldl"]
    subprocess.run(command, check=True)
    at.mkdir()
    yield ReadOnlyDisk(at, library)
