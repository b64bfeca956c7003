"""Where the password of the first account waits to be read when nobody sees a terminal.

A service's journal is read by others and kept for months. This file is the owner's alone,
and goes when the account is first used.
"""

import os
from pathlib import Path

from appliance.errors import StoreError

FIRST = "admin"  # what the first account is called

_NAME = "first-password"


def write_first_password(folder: Path, password: str) -> Path:
    """The file, which nobody else can read. Raises StoreError."""
    path = folder / _NAME
    try:
        # Made new, so that it is ours and has this mode from its first moment.
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(password + "\n")
    except OSError as error:
        raise StoreError(
            f"The first password cannot be written to {path}: {error.strerror}.",
            fix=f"Make it known with `appliance users reset {FIRST}` in a terminal.",
        ) from error
    return path


def forget_first_password(folder: Path) -> None:
    (folder / _NAME).unlink(missing_ok=True)
