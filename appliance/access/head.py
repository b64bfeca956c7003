"""The small file beside the audit log that knows its end."""

from pathlib import Path

import msgspec

from appliance.access.audit import Head
from appliance.database.files import replace_file

NAME = "audit.head"


def read_head(folder: Path) -> Head | None:
    """None if there is no such file, or nothing that can be read in it."""
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=Head)
    except (OSError, msgspec.MsgspecError):
        return None


def write_head(folder: Path, head: Head) -> None:
    """Return once it is on the disk. Raises StoreError."""
    replace_file(folder / NAME, msgspec.json.encode(head))
