"""Where recordings lie: a folder for each day, and in it one for each call that began then.

A call's folder holds all there is of its audio, what is drawn of it included: whoever
removes the folder has removed the recording.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from appliance.durable import sync_folder


class Shelf:
    """Any thread, and beside whoever writes there: what goes away meanwhile is left out."""

    def __init__(self, folder: Path) -> None:
        """The folder need not exist."""
        self.folder = folder

    def place(self, call_id: str, day: date) -> Path:
        """Where the recording of a call that began on this day (UTC) belongs."""
        return self.folder / day.isoformat() / call_id

    def folder_of(self, call_id: str) -> Path | None:
        """None where nothing was recorded, or it is gone. Raises OSError."""
        if not _is_name(call_id):
            return None
        for day in self._days():
            folder = day / call_id
            if folder.is_dir():
                return folder
        return None

    def calls(self) -> Iterator[tuple[str, date]]:
        """Id and day of each call that has a folder, the oldest days first. Raises OSError
        for a folder that may not be read."""
        for day in sorted(self._days()):
            for folder in _folders(day):
                yield folder.name, date.fromisoformat(day.name)

    def remove(self, call_id: str) -> int:
        """Bytes that were freed; 0 where there was nothing. Durable. Raises OSError, and
        may then be called again for the rest."""
        folder = self.folder_of(call_id)
        if folder is None:
            return 0
        freed = size_of(folder)
        shutil.rmtree(folder)
        sync_folder(folder.parent)
        with suppress(OSError):  # there are others of that day
            folder.parent.rmdir()
        return freed

    def size(self) -> int:
        """Bytes of all recordings. Takes 5 us for each file. Raises OSError."""
        return size_of(self.folder)

    def _days(self) -> Iterator[Path]:
        for folder in _folders(self.folder):
            with suppress(ValueError):  # something else lies there, too
                date.fromisoformat(folder.name)
                yield folder


def size_of(folder: Path) -> int:
    """Bytes of all files below. Raises OSError."""
    total = 0
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.is_dir(follow_symlinks=False):
                    total += size_of(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    return total


def _folders(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if entry.is_dir()]
    return []


def _is_name(call_id: str) -> bool:
    """Whether it can be nothing but the name of a folder: it comes from outside."""
    return call_id not in ("", ".", "..") and not {"/", "\0"} & set(call_id)
