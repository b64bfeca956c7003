"""Small files that are replaced whole."""

import os
from pathlib import Path

from appliance.errors import StoreError


def replace_file(path: Path, content: bytes) -> None:
    """Return once it is on the disk: after a power cut there is the old one or the new.

    Raises StoreError.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        # Without this a power cut may bring the old one back.
        sync_folder(path.parent)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}.",
            fix=f"Free some space in {path.parent}, and see that the service may write "
            "there.",
        ) from error


def sync_folder(folder: Path) -> None:
    """Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
