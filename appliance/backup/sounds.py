"""Recordings in a backup: calls go on, end and are removed while they are copied.

What is kept of a call that is over is written once and never changed. On one disk it is
linked, and on another linked to the backup before: a site's recordings are by far the most
of its data, and a copy each night would take their room once more each night.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from appliance.errors import StoreError
from appliance.recordings.joining import is_left_over
from appliance.recordings.shelf import Shelf

NAME = "recordings"

# A call may end, or be removed, while its folder is copied: then it looks another way.
TRIES = 5


def copy_recordings(source: Path, to: Path, before: Path | None) -> None:
    """Every call in `source` into `to`; `before` is where an earlier backup has them.

    Blocks. Raises OSError, and StoreError for a call that changes whenever it is copied.
    """
    shelf = Shelf(source)
    for call_id, day in shelf.calls():
        place = Path(day.isoformat(), call_id)
        _copy_call(source / place, to / place, before / place if before else None)


def _copy_call(source: Path, to: Path, before: Path | None) -> None:
    for _ in range(TRIES):
        try:
            to.mkdir(parents=True)
            still = not is_left_over(source)
            # The marks come last: what is silenced meanwhile is then marked as such.
            for path in sorted(source.iterdir()):
                if path.suffix in (".part", ".new"):
                    continue
                known = before / path.name if before else None
                if not (still and _linked(path, to / path.name, known)):
                    shutil.copy2(path, to / path.name)
            return
        except FileNotFoundError:
            shutil.rmtree(to, ignore_errors=True)
            if not source.is_dir():
                return
    raise StoreError(
        f"The recording in {source} changes all the time.", fix="Try again later."
    )


def _linked(path: Path, to: Path, before: Path | None) -> bool:
    """Whether it is there now without a copy."""
    found = path.stat()
    for known in (path, before):
        with suppress(OSError):
            if known is not None and _same(known.stat(), found):
                os.link(known, to)
                return True
    return False


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)
