"""The small file beside the audit log that knows its end."""

import os
from pathlib import Path

import msgspec

from appliance.access.audit import Head
from appliance.errors import StoreError

NAME = "audit.head"


def read_head(folder: Path) -> Head | None:
    """None if there is no such file, or nothing that can be read in it."""
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=Head)
    except (OSError, msgspec.MsgspecError):
        return None


def write_head(folder: Path, head: Head) -> None:
    """Return once it is on the disk. Raises StoreError."""
    fresh = folder / f"{NAME}.new"
    try:
        with fresh.open("wb") as file:
            file.write(msgspec.json.encode(head))
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(folder / NAME)
        # Without this a power cut may bring the old name back, as if rows were missing.
        directory = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        raise StoreError(
            f"The end of the audit log cannot be noted in {folder / NAME}: "
            f"{error.strerror}.",
            fix=f"Free some space in {folder}, and see that the service may write there.",
        ) from error
