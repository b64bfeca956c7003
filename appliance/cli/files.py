"""Files that commands read and write."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from appliance.backup.making import RECORD
from appliance.errors import SettingsError, StoreError
from appliance.store.writer import Store


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """For its owner's eyes; removed if nothing comes of it. Raises SettingsError."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be written: {error.strerror}.", fix="Name another file."
        ) from error
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
    except BaseException:
        file.unlink()
        raise


def existing_record(data_dir: Path) -> Store:
    """The record of a server that does not run. Raises StoreError, also if there is none:
    to open one makes it."""
    file = data_dir / RECORD
    if not file.is_file():
        raise StoreError(
            f"There is no record {file}.", fix="Name its folder with --data-dir."
        )
    return Store.open(file)
