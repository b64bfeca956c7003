"""Which calls go on, and which want a row, told from the events as they are stored."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self

from appliance.store.duty import written_up
from appliance.store.event import Event

# With these in the record, the row that sums up the call has to be made, or made anew.
_SETTLING = ("call_ended", "wrap_up")
_SETTLING_LATE = ("summary",)  # after the end of the call

# Rows of so many calls are made at once; planning takes as long for one.
MOST_AT_ONCE = 100


class Unsettled(NamedTuple):
    """A call whose row is not what its events say."""

    at: int  # position of the newest event that the row has to heed
    start: int | None  # of the call's first event; None: it has an older row, if any
    since: int  # from here on there may be events that it does not heed


class Due(NamedTuple):
    """Calls whose rows are to be made, after which all before `until` is in rows."""

    calls: Mapping[str, Unsettled]
    until: int


class Standing(NamedTuple):
    """As of a commit. `unended` has the position of each call's first event."""

    end: int  # position of the next event
    unended: Mapping[str, int]
    unsettled: Mapping[str, Unsettled]

    @property
    def running(self) -> dict[str, int]:
        """Calls that go on or ended a moment ago, as `unended`."""
        starts = {call_id: one.start for call_id, one in self.unsettled.items()}
        ended = {call_id: n for call_id, n in starts.items() if n is not None}
        return {**self.unended, **ended}

    @property
    def due(self) -> Due | None:
        if not self.unsettled:
            return None
        oldest = sorted(self.unsettled, key=lambda call_id: self.unsettled[call_id].at)
        now, later = oldest[:MOST_AT_ONCE], oldest[MOST_AT_ONCE:]
        until = self.unsettled[later[0]].at if later else self.end
        return Due({call_id: self.unsettled[call_id] for call_id in now}, until)

    def behind(self, end: int) -> bool:
        """Whether a row does not heed all that is before this position."""
        return any(one.since < end for one in self.unsettled.values())

    def after(self, first: int, events: Sequence[Event]) -> Self:
        """Once these are stored from the position `first` on. Raises MsgspecError."""
        unended, unsettled = dict(self.unended), dict(self.unsettled)
        for n, event in enumerate(events, first):
            if event.kind == "call_started":
                unended.setdefault(event.call_id, n)
            call_id = _settles(event, unended)
            if call_id:
                fresh = Unsettled(n, unended.get(call_id), n)
                unsettled[call_id] = unsettled.get(call_id, fresh)._replace(at=n)
            if event.kind == "call_ended":
                unended.pop(event.call_id, None)
        return self._replace(end=first + len(events), unended=unended, unsettled=unsettled)

    def settled(self, due: Due) -> Self:
        """Once those rows are stored. What came in meanwhile is still to be heeded."""
        left: dict[str, Unsettled] = {}
        for call_id, one in self.unsettled.items():
            made = due.calls.get(call_id)
            if made is None:
                left[call_id] = one
            elif made.at < one.at:
                left[call_id] = one._replace(since=made.at + 1)
        return self._replace(unsettled=left)


def _settles(event: Event, unended: Mapping[str, int]) -> str:
    """The call whose row is to be made with this event; '' none."""
    late = event.kind in _SETTLING_LATE and event.call_id not in unended
    if event.kind in _SETTLING or late:
        return event.call_id
    return written_up(event)
