"""A call of the past goes through the rules again, as if it were live."""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from appliance.messages import (
    ROLES,
    Alert,
    ChatLine,
    Customer,
    Gap,
    Role,
    Sentiment,
    Transcript,
)
from appliance.rules.course import Applied, Course
from appliance.rules.rulebook import Rulebook


class Arrival(Struct, frozen=True, kw_only=True):
    """Somebody was connected for the first time."""

    role: Role
    queue: str = ""
    reason: str = ""


Happened: TypeAlias = Arrival | Transcript | ChatLine | Gap | Sentiment | Alert | Customer


class PastCall(Struct, frozen=True, kw_only=True):
    """`events` with their call time, in any order."""

    call_id: str
    end_ms: int
    events: Sequence[tuple[int, Happened]]


def applied_in(call: PastCall, rulebook: Rulebook) -> list[Applied]:
    """Which rules applied, and when, in the order in which they came to."""
    course = Course(rulebook)
    events = sorted(call.events, key=lambda event: event[0])
    for place, (at_ms, event) in enumerate(events):
        course.tick(at_ms, _settled(events[place:], events))
        _happen(course, at_ms, event)
    course.tick(call.end_ms, _settled((), events))
    course.end(call.end_ms)
    return course.applied


def _happen(course: Course, at_ms: int, event: Happened) -> None:
    match event:
        case Arrival(role=role, queue=queue, reason=reason):
            course.arrived(role, at_ms, queue=queue, reason=reason)
        case Transcript() | Gap():
            course.hear(event)
        case ChatLine():
            course.read(event)
        case Sentiment() | Customer() | Alert():
            course.know(event, at_ms)


def _settled(
    rest: Sequence[tuple[int, Happened]], events: Sequence[tuple[int, Happened]]
) -> dict[Role, int | None]:
    """Nothing at all was said: then nobody listened, as far as the record can tell."""
    if not any(isinstance(event, Transcript | ChatLine) for _, event in events):
        return dict.fromkeys(ROLES)
    return {role: _next_ms(rest, role) for role in ROLES}


def _next_ms(rest: Sequence[tuple[int, Happened]], role: Role) -> int:
    lines = (event for _, event in rest if isinstance(event, Transcript))
    starts = (line.start_ms for line in lines if line.speaker == role)
    return next(starts, 1 << 60)
