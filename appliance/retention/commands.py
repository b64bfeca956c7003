"""What is asked of the keeping of the record, and what is answered: data alone."""

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias, get_args

from msgspec import Struct

from appliance.control.words import Answer, Command, Done
from appliance.retention.backups import Remains
from appliance.retention.rules import LegalHold

Subject: TypeAlias = Literal["call", "customer"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)


class Retain(Command, frozen=True, kw_only=True, tag="retain"):
    """Take out what has been kept long enough; with `dry`, only say what that is."""

    dry: bool = False


class Erase(Command, frozen=True, kw_only=True, tag="erase"):
    """A customer with all their calls, or one call."""

    kind: Subject
    subject: str  # id


class PlaceHold(Command, frozen=True, kw_only=True, tag="hold"):
    kind: Subject
    subject: str
    reason: str
    until: datetime | None = None


class ReleaseHold(Command, frozen=True, kw_only=True, tag="release hold"):
    id: str


class ListHolds(Command, frozen=True, kw_only=True, tag="list holds"):
    pass


class Export(Command, frozen=True, kw_only=True, tag="export"):
    """All that is kept of a customer, in a file that is there until the line closes."""

    lasts: ClassVar[bool] = True

    customer: str


RetentionCommand: TypeAlias = Retain | Erase | PlaceHold | ReleaseHold | ListHolds


class Ran(Answer, frozen=True, kw_only=True, tag="ran"):
    """Calls of which something went, by what; or would go, if it was a dry run."""

    dry: bool
    recordings: int
    transcripts: int
    calls: int
    held: int  # would have gone, but for a hold
    audit: int = 0  # rows of the audit log
    freed: int = 0  # bytes of recordings
    before: int = 0  # bytes of the record
    after: int = 0
    unfinished: tuple[str, ...] = ()  # erasures, and the audit log; and why


class Erased(Answer, frozen=True, kw_only=True, tag="erased"):
    """`waiting` is what is left to do, and when it is done; without it nothing is."""

    id: str
    calls: int
    customers: int  # cards
    freed: int  # bytes of recordings
    waiting: tuple[str, ...]
    backups: tuple[Remains, ...]


class Exported(Answer, frozen=True, kw_only=True, tag="export made"):
    path: str


class Held(Struct, frozen=True, kw_only=True):
    hold: LegalHold
    calls: int  # that it keeps


class Holds(Answer, frozen=True, kw_only=True, tag="holds"):
    holds: tuple[Held, ...]


RetentionAnswer: TypeAlias = Ran | Erased | Holds | Done
