"""What a backup asks of a server that has the databases open."""

from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from appliance.control.words import Answer, Command
from appliance.database.copying import Still


class KeepStill(Command, frozen=True, kw_only=True, tag="keep still"):
    """Checkpoint nothing until the line is closed."""

    lasts: ClassVar[bool] = True


class Copied(Command, frozen=True, kw_only=True, tag="copied"):
    """For the log: a copy was made there."""

    folder: str


class File(Struct, frozen=True):
    path: str
    wal_bytes: int

    @classmethod
    def of(cls, still: Still) -> "File":
        return cls(str(still.path), still.wal_bytes)

    def still(self) -> Still:
        return Still(Path(self.path), self.wal_bytes)


class AllStill(Answer, frozen=True, kw_only=True, tag="still"):
    """The databases at one moment each, and the end of the audit log at that of its own."""

    record: File
    access: File
    audit_n: int
    audit_hash: str
