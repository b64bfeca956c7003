"""A recorded call told again: the messages that a screen got, each at its moment. No IO.

A screen that was there from the first to the last moment of the call; one that came later
was told the newest states alone of what it had missed. What belongs to a socket and not to
the call (`hello`, acknowledgements, errors) is not in the record.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import MsgspecError
from msgspec.json import decode

from appliance.calls.room import Viewer, may_see
from appliance.messages import decode_from_server
from appliance.store.event import Written
from appliance.store.growth import State, states
from appliance.store.reader import MESSAGE_KINDS
from appliance.store.rows import Kept

# Recorded under the moment when they were said, by the sound's own time, not when sent; so
# is a typed line that reads otherwise for what was said.
_HEARD = ("transcript", "gap", "chat")


class Line(NamedTuple):
    """A message, byte for byte as it was sent."""

    at_ms: int  # call time when it was sent; what came before the first sound is at 0
    seq: int
    text: bytes


def retold(events: Sequence[Kept], viewer: Viewer) -> list[Line]:
    """`events` in the order of their `seq`. A line never comes before the one that was sent
    before it, whatever became of the clock."""
    sent = sorted(_sent(events), key=lambda state: state.seq)
    if not sent:
        return []
    began, at_ms = _began(events), 0
    lines = []
    for seq, wall, text in sent:
        at_ms = max(at_ms, (wall - began) // timedelta(milliseconds=1))
        if _is_for(viewer, text):
            lines.append(Line(at_ms, seq, text))
    return lines


def _sent(events: Sequence[Kept]) -> Iterator[State]:
    for event in events:
        if event.kind == "call_ended":
            return  # the sockets are closed; what is written later goes to none
        if event.kind == "written":
            yield from states(decode(event.payload, type=Written).steps)
        elif event.kind in MESSAGE_KINDS:
            yield State(event.seq, event.wall, event.payload.encode())


def _began(events: Sequence[Kept]) -> datetime:
    """When the first sound came; without any, when the call was started."""
    said = [
        event.wall - timedelta(milliseconds=event.at_ms)
        for event in events
        if event.at_ms > 0 and event.kind not in _HEARD
    ]
    return min(said, default=events[0].wall)


def _is_for(viewer: Viewer, text: bytes) -> bool:
    try:
        message = decode_from_server(text)
    except MsgspecError:
        return False  # of a version that spoke otherwise: nobody can tell whom it is for
    return may_see(viewer, message)
