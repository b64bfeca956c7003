"""What somebody is told of their calls, out of all that is kept of them. No IO.

Only what is theirs: who else was shown as somebody it could be is left out, and the people
of the site are "the agent", for the right of access is not one to the names of those who
work there (CJEU C-579/21). What the box suggested to the agent is about the agent's work.
"""

from datetime import datetime

from msgspec import Struct

from appliance.messages import CustomerCard
from appliance.store.rows import SessionDetail, StoredEvent


class Line(Struct, frozen=True, kw_only=True):
    at_ms: int  # call time
    speaker: str  # "customer" or "agent"
    how: str  # "said" or "typed"
    text: str


class Note(Struct, frozen=True, kw_only=True):
    """Something else that was written down of them."""

    at_ms: int
    kind: str  # summary, mood, consent, payment
    text: str


class ToldCall(Struct, frozen=True, kw_only=True):
    call_id: str
    started: datetime
    ended: datetime | None
    concern: str  # why they called
    outcome: str
    summary: str  # what the agent wrote afterwards
    language: str
    mood: int | None  # -100 to 100, over the whole call; as software read the words
    erased: bool  # what was said has been taken out
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    recordings: tuple[str, ...] = ()  # files beside this


class Told(Struct, frozen=True, kw_only=True):
    """All that is kept of one person, for them."""

    made: datetime
    customer: str  # number, as the site writes it
    card: CustomerCard | None
    calls: tuple[ToldCall, ...]


def told_of(detail: SessionDetail, recordings: tuple[str, ...] = ()) -> ToldCall:
    """`detail` without the texts that later ones replaced."""
    row, events = detail.session, detail.events
    moods = [e.payload["call_score"] for e in events if e.kind == "sentiment"]
    return ToldCall(
        call_id=row.call_id,
        started=row.started,
        ended=row.ended,
        concern=row.concern,
        outcome=row.outcome,
        summary=row.summary,
        language=row.language,
        mood=moods[-1] if moods else None,
        erased=any(event.kind == "purged" for event in events),
        lines=_lines(events),
        notes=tuple(note for event in events if (note := _note(event)) is not None),
        recordings=recordings,
    )


def _lines(events: list[StoredEvent]) -> tuple[Line, ...]:
    """The last word on each; one that became empty was never said."""
    found: dict[tuple[str, str], Line] = {}
    for event in events:
        if event.kind in ("transcript", "chat"):
            said = event.payload
            found[event.kind, said["id"]] = Line(
                at_ms=said.get("start_ms", said.get("at_ms", event.at_ms)),
                speaker=said["speaker"],
                how="said" if event.kind == "transcript" else "typed",
                text=said["text"],
            )
    kept = (line for line in found.values() if line.text)
    return tuple(sorted(kept, key=lambda line: line.at_ms))


def _note(event: StoredEvent) -> Note | None:
    text = ""
    if event.kind == "summary":
        parts = ("situation", "action", "follow_ups")
        lines = [one["text"] for part in parts for one in event.payload.get(part, ())]
        text = " ".join(lines)
    elif event.kind == "consent":
        told = {
            k: v for k, v in event.payload.items() if k not in ("type", "seq", "person")
        }
        text = ", ".join(f"{name}: {value}" for name, value in told.items())
    elif event.kind == "payment":
        text = "nothing was kept from here on" if event.payload["on"] else "kept again"
    return Note(at_ms=event.at_ms, kind=event.kind, text=text) if text else None
