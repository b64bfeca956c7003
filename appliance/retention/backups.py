"""What backups still have of somebody who was erased, and for how long."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from appliance.backup.manifest import Manifest, read_manifest
from appliance.errors import StoreError
from appliance.retention.rules import PastCall

EVERY = timedelta(days=1)  # appliance-backup.timer


class Remains(Struct, frozen=True, kw_only=True):
    """A copy that has not gone yet. Whoever brings it back takes them out of it again."""

    path: str
    made: datetime | None  # None: a data folder that was put aside by a restore
    calls: int  # of theirs, that had ended by then
    recordings: int  # files
    expires: datetime | None  # with one backup each night; None: when somebody removes it


def remains(
    backups: Path, data_dir: Path, keep: int, calls: Sequence[PastCall]
) -> list[Remains]:
    """The oldest first. Backups on a disk that is not there now are not among them."""
    found = sorted(_made_in(backups), key=lambda one: one[1].made)
    listed = [
        _of_backup(path, manifest, calls, (keep - (len(found) - 1 - place)) * EVERY)
        for place, (path, manifest) in enumerate(found)
    ]
    aside = sorted(data_dir.parent.glob(f"{data_dir.name}.before-*"))
    return listed + [
        Remains(path=str(path), made=None, calls=len(calls), recordings=0, expires=None)
        for path in aside
        if path.is_dir()
    ]


def _of_backup(
    path: Path, manifest: Manifest, calls: Sequence[PastCall], lasts: timedelta
) -> Remains:
    ids = {call.call_id for call in calls}
    named = [kept for kept in manifest.files if ids & set(Path(kept.path).parts)]
    return Remains(
        path=str(path),
        made=manifest.made,
        calls=sum(call.ended <= manifest.made for call in calls),
        recordings=len(named),
        expires=manifest.made + lasts,
    )


def _made_in(backups: Path) -> list[tuple[Path, Manifest]]:
    found = []
    for path in backups.glob("*/manifest.json"):
        try:
            found.append((path.parent, read_manifest(path.parent)))
        except StoreError:
            continue  # something else that lies there
    return found
