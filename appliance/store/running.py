"""Which calls go on, told from the events as they are stored."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from appliance.store.event import Event

# With these in the record, the row that sums up the call has to be made, or made anew.
_SETTLING = ("call_ended", "wrap_up")
_SETTLING_LATE = ("summary",)  # after the end of the call


class After(NamedTuple):
    """What a batch of events has changed; positions are those of a call's first event."""

    running: dict[str, int]
    settled: dict[str, int | None]  # None: began before this program did


def after(running: Mapping[str, int], first: int, events: Sequence[Event]) -> After:
    """`first` is the position of the first of these events in the record."""
    begun = dict(running)
    settled: dict[str, int | None] = {}
    ended = set()
    for n, event in enumerate(events, first):
        if event.kind == "call_started":
            begun.setdefault(event.call_id, n)
        if event.kind == "call_ended":
            ended.add(event.call_id)
        late = event.call_id in ended or event.call_id not in begun
        if event.kind in _SETTLING or (event.kind in _SETTLING_LATE and late):
            settled[event.call_id] = begun.get(event.call_id)
    left = {call_id: n for call_id, n in begun.items() if call_id not in ended}
    return After(left, settled)
