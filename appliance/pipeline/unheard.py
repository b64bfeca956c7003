"""What of a call nobody may hear afterwards, by what is told of it. No IO."""

from collections.abc import Sequence

from msgspec import convert

from appliance.messages import Role, Transcript
from appliance.pipeline.leg import BEGUN_MS
from appliance.privacy.kinds import ALWAYS, MARKS
from appliance.recordings.spans import PER_MS, Mark, SpanKind
from appliance.store.event import Payment
from appliance.store.rows import StoredEvent

# Word times are off by so much; a digit that is heard is worse than a word that is not.
AROUND_MS = 300

_SECRET = tuple(MARKS[kind] for kind in sorted(ALWAYS))


def secret_places(line: Transcript) -> list[tuple[int, int]]:
    """Call times in ms of what is secret in a line as people are told it."""
    if not line.is_final or not _is_secret(line.text):
        return []
    places = [(word.start_ms, word.end_ms) for word in line.words if _is_secret(word.text)]
    return [
        (max(0, start_ms - AROUND_MS), end_ms + AROUND_MS)
        for start_ms, end_ms in places or [(line.start_ms, line.end_ms)]
    ]


def secrets_of(events: Sequence[StoredEvent]) -> list[Mark]:
    """Of a call that a crash has cut off: what was told may not have come to the disk of
    the recordings. Before a payment all goes that they may have begun to read out."""
    marks = []
    for event in events:
        if event.kind == "transcript":
            line = convert(event.payload, Transcript)
            places = secret_places(line)
            marks += [_mark(line.speaker, "silenced", *place) for place in places]
        elif event.kind == "payment" and convert(event.payload, Payment).on:
            begun_ms = event.at_ms - BEGUN_MS
            marks.append(_mark("customer", "paused", begun_ms, event.at_ms))
    return marks


def _mark(role: Role, kind: SpanKind, start_ms: int, end_ms: int) -> Mark:
    start, end = max(0, start_ms) * PER_MS, end_ms * PER_MS
    return Mark(role=role, kind=kind, start=start, end=end)


def _is_secret(text: str) -> bool:
    return any(mark in text for mark in _SECRET)
