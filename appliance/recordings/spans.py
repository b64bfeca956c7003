"""The vocabulary of a recording: its legs, and what in them is not what was said. No IO.

Places are samples of call time at 16 kHz: 0 is the first audio of the call, as in the
transcript, so that a line and its sound have the same time.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from appliance.messages import Role

RATE = 16_000  # Hz
PER_MS = RATE // 1000

LATE = 2 * RATE  # samples by which the sound of a leg may be behind the call

# `lost` never came, `paused` is a payment, `silenced` was taken out after it had been said,
# `off` was not to be recorded, `missing` could not be written. All of it is silence.
SpanKind: TypeAlias = Literal["lost", "paused", "silenced", "off", "missing"]


class Span(Struct, frozen=True):
    """A stretch of one leg, in samples."""

    kind: SpanKind
    start: int
    end: int


class Mark(Struct, frozen=True, kw_only=True):
    """What is noted of one leg beside its sound while the call goes on. `leg` is all of it;
    a later mark of the same kind and start replaces one before. Without an end it goes on
    to the end of the leg."""

    role: Role
    kind: SpanKind | Literal["leg"]
    start: int
    end: int | None = None


class Leg(Struct, frozen=True, kw_only=True):
    """What is there of one person: where they began and ended, and the spans, in order."""

    role: Role
    start: int
    end: int
    spans: tuple[Span, ...] = ()


def leg_of(
    role: Role, marks: Iterable[Mark], chunks: Iterable[tuple[int, int]]
) -> Leg | None:
    """One person, from the marks and from where there is sound; None if they said nothing.

    What is neither marked nor there is `missing`.
    """
    pieces = sorted(chunks)
    mine = {(mark.kind, mark.start): mark for mark in marks if mark.role == role}
    whole = next((mark for mark in mine.values() if mark.kind == "leg"), None)
    if whole is None and not pieces:
        return None
    start = whole.start if whole else pieces[0][0]
    ends = [end for _, end in pieces] + [mark.end or mark.start for mark in mine.values()]
    end = whole.end if whole and whole.end is not None else max(ends)
    spans = [
        Span(
            mark.kind,
            max(start, mark.start),
            min(end, end if mark.end is None else mark.end),
        )
        for mark in mine.values()
        if mark.kind != "leg"
    ]
    off = [(span.start, span.end) for span in spans if span.kind == "off"]
    for first, last in _uncovered(start, end, [*pieces, *off]):
        spans.append(Span("missing", first, last))
    spans = [span for span in spans if span.end > span.start]
    spans.sort(key=lambda span: (span.start, span.end))
    return Leg(role=role, start=start, end=end, spans=tuple(spans))


def silenced_too(leg: Leg, marks: Iterable[Mark]) -> Leg:
    """With what the record knows to be secret, as far as that is not marked already. Marks
    of kind `paused` are what may have been said before a payment: if the pause behind it
    is marked, so is that. Their times are those of the call, which a leg may be behind."""
    begun = [span.start for span in leg.spans if span.kind == "paused"]
    muted = [
        (span.start, span.end) for span in leg.spans if span.kind in ("paused", "silenced")
    ]
    more = []
    for mark in marks:
        start, end = max(leg.start, mark.start), min(leg.end, mark.end or mark.start)
        known = mark.kind == "paused" and any(abs(at - end) <= LATE for at in begun)
        if mark.role == leg.role and end > start and not known:
            more += [Span("silenced", *hole) for hole in _uncovered(start, end, muted)]
    spans = [span for span in (*leg.spans, *more) if span.end > span.start]
    spans.sort(key=lambda span: (span.start, span.end))
    return replace(leg, spans=tuple(spans))


def length_of(leg: Leg, *kinds: SpanKind) -> int:
    """Samples of the leg that these spans cover, each once."""
    ranges = [(span.start, span.end) for span in leg.spans if span.kind in kinds]
    holes = sum(last - first for first, last in _uncovered(leg.start, leg.end, ranges))
    return leg.end - leg.start - holes


def _uncovered(
    start: int, end: int, ranges: Iterable[tuple[int, int]]
) -> Iterable[tuple[int, int]]:
    at = start
    for first, last in sorted(ranges):
        if first > at:
            yield at, min(first, end)
        at = max(at, last)
        if at >= end:
            return
    yield at, end
