"""What has been kept long enough: calls, rules and holds in, what goes out. No IO."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Literal, NamedTuple, TypeAlias, get_args

from msgspec import Struct

from appliance.errors import SettingsError
from appliance.retention.scrubbing import Level
from appliance.settings import RetentionSettings

Kind: TypeAlias = Literal["recording", "transcript", "call"]
KINDS: tuple[Kind, ...] = get_args(Kind)

FOR_EVER = 0


class Rules(Struct, frozen=True, kw_only=True):
    """Days after the end of a call; 0 is for ever."""

    days: Mapping[Kind, int]
    queues: Mapping[str, Mapping[Kind, int]] = {}
    staff_days: int = FOR_EVER  # what agents were doing
    audit_days: int = FOR_EVER  # who did what, in the audit log

    @classmethod
    def of(cls, settings: RetentionSettings) -> "Rules":
        """Raises SettingsError for a queue's rule that cannot be read."""
        queues: dict[str, dict[Kind, int]] = {}
        for rule in filter(None, map(str.strip, settings.queues.split(","))):
            queue, kind, most = _read(rule)
            queues.setdefault(queue, {})[kind] = most
        days: dict[Kind, int] = {
            "recording": settings.recording_days,
            "transcript": settings.transcript_days,
            "call": settings.call_days,
        }
        return cls(
            days=days,
            queues=queues,
            staff_days=settings.staff_days,
            audit_days=settings.audit_days,
        )

    def kept(self, queue: str, kind: Kind) -> timedelta | None:
        """For how long; None is for ever."""
        days = self.queues.get(queue, {}).get(kind, self.days[kind])
        return None if days == FOR_EVER else timedelta(days=days)


class PastCall(NamedTuple):
    """A call that has ended, as far as keeping it matters."""

    call_id: str
    n: int  # position of its first event in the record
    started: datetime
    ended: datetime
    queue: str = ""
    customer: str = ""  # id
    purged: Level | None = None
    recorded: bool = False


class LegalHold(Struct, frozen=True, kw_only=True):
    """What has to be kept whatever the rules say, and though somebody wants it erased."""

    id: str
    kind: Literal["call", "customer"]
    subject: str  # id
    reason: str
    placed_by: str
    placed: datetime
    until: datetime | None = None  # None: until somebody ends it


class Goes(NamedTuple):
    call: PastCall
    kind: Kind


class Due(NamedTuple):
    goes: list[Goes]
    held: list[Goes]  # would, but for a hold


def holding(
    holds: Iterable[LegalHold], call: PastCall, now: datetime
) -> Iterator[LegalHold]:
    """Those by which this call has to be kept."""
    subjects = {"call": call.call_id, "customer": call.customer}
    for hold in holds:
        in_force = hold.until is None or hold.until > now
        if in_force and hold.subject and hold.subject == subjects[hold.kind]:
            yield hold


def due(
    calls: Iterable[PastCall], holds: Sequence[LegalHold], rules: Rules, now: datetime
) -> Due:
    """The whole of a call takes its recording and its texts with it."""
    goes, held = list[Goes](), list[Goes]()
    for call in calls:
        kinds = list(_overdue(call, rules, now))
        if kinds:
            keep = next(holding(holds, call, now), None) is not None
            (held if keep else goes).extend(Goes(call, kind) for kind in kinds)
    return Due(goes, held)


def _overdue(call: PastCall, rules: Rules, now: datetime) -> Iterator[Kind]:
    def over(kind: Kind) -> bool:
        kept = rules.kept(call.queue, kind)
        return kept is not None and call.ended + kept <= now

    if over("call"):
        yield "call"
        return
    if call.recorded and over("recording"):
        yield "recording"
    if call.purged is None and over("transcript"):
        yield "transcript"


def _read(rule: str) -> tuple[str, Kind, int]:
    """`sales.recording=30`. Raises SettingsError."""
    name, _, days = rule.partition("=")
    queue, _, kind = name.strip().rpartition(".")
    for known in KINDS:
        if known == kind and queue and days.strip().isdecimal():
            return queue, known, int(days)
    near = get_close_matches(kind, KINDS, n=1)
    raise SettingsError(
        f"[retention] queues has a rule that cannot be read: {rule!r}.",
        fix=f"Write {near[0]!r} for {kind!r}."
        if near and near[0] != kind
        else f"Write QUEUE.KIND=DAYS, with KIND one of {', '.join(KINDS)}.",
    )
