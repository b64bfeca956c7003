"""What is being done, on the disk before it is done: so that it can be taken back after a
power cut at any moment.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from appliance.durable import sync_folder
from appliance.errors import UpgradeError
from appliance.kit.place import Place, write
from appliance.upgrade.steps import Step

NAME = "upgrade.json"


class Journal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str  # of this one: when it was begun
    old: str  # the release that was used
    new: str  # the one that is to be
    made: bool  # the new one was not here before
    saved: str  # folder of the databases as the old release has left them
    changes_data: bool = True  # until it is known that they stay readable for the old one
    begun: tuple[Step, ...] = ()

    def beginning(self, step: Step) -> "Journal":
        return msgspec.structs.replace(self, begun=(*self.begun, step))


def path_of(place: Place) -> Path:
    return place.software / NAME


def keep(place: Place, journal: Journal) -> None:
    """On the disk when it returns. Raises OSError."""
    text = msgspec.json.format(msgspec.json.encode(journal)).decode()
    write(path_of(place), text, 0o644)


def found(place: Place) -> Journal | None:
    """Raises UpgradeError."""
    try:
        return msgspec.json.decode(path_of(place).read_bytes(), type=Journal)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise UpgradeError(
            f"The journal of an upgrade, {path_of(place)}, cannot be read: {error}.",
            fix="See which release `current` leads to, and that it runs; then remove it.",
        ) from error


def drop(place: Place) -> None:
    path_of(place).unlink(missing_ok=True)
    sync_folder(place.software)
