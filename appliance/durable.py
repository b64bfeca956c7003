"""What is still there after a power cut. By Python alone: the installer uses it, too."""

import os
from pathlib import Path
from typing import Literal


def write(path: Path, content: bytes, mode: Literal["wb", "xb"] = "wb") -> None:
    """Return once the content is on the disk; the name is once its folder is synced.

    Raises OSError, FileExistsError if it is to be new (`xb`) and is not.
    """
    with path.open(mode) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_file(path: Path) -> None:
    """What somebody else wrote. Raises OSError."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """What was created, renamed or removed there. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
