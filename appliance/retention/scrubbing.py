"""What is left of an event once what was said, or who it was, is taken out. No IO.

Every field of every kind of event has its place in the table: what is not named goes. So
the counts of a call stay (who answered it, when and how long each spoke, which advice was
used), and the views of the record project the same numbers from it as before.
"""

from collections.abc import Collection, Mapping
from typing import Any, Literal, TypeAlias

Level: TypeAlias = Literal["said", "person"]
Payload: TypeAlias = dict[str, Any]

# In place of a text: without letters, so that no search finds it, and not empty, because a
# line with an empty text was never said.
GONE = "…"

# What stays as it is.
KEPT: Mapping[str, tuple[str, ...]] = {
    "transcript": (
        "id",
        "speaker",
        "is_final",
        "start_ms",
        "end_ms",
        "language",
        "confidence",
        "failed",
    ),
    "chat": ("id", "speaker", "at_ms"),
    "ai_suggestion": (
        "id",
        "answers",
        "action",
        "confidence",
        "is_final",
        "status",
        "trigger",
    ),
    "sentiment": (
        "id",
        "label",
        "score",
        "confidence",
        "source",
        "quarters",
        "trend",
        "call_score",
    ),
    "alert": ("id", "kind", "state", "lines", "severity", "to", "rule"),
    "checklist": ("items", "score"),  # the site's own words
    "customer": ("source",),
    "summary": (
        "id",
        "purpose",
        "source",
        "resolution",
        "resolution_confidence",
        "disposition",
        "disposition_confidence",
        "removed",
        "is_final",
    ),
    "gap": ("speaker", "start_ms", "end_ms", "reason"),
    "partner": ("role", "event"),
    "status": ("part", "state", "text", "lag_ms"),
    "supervised": ("to", "following", "hearing", "names"),
    "recording": ("state", "choice"),
    "recording_kept": ("verdict", "format", "bytes", "duration_s", "legs"),
    "consent": ("given", "by", "method"),
    "call_started": ("language",),
    "joined": ("role", "person", "queue"),
    "left": ("role",),
    "call_ended": ("reason", "settled_s"),
    "payment": ("on", "by", "reason"),
    "overheard": ("person", "name", "does"),
    "advice_began": ("id", "after_ms"),
    "written": ("id",),
    "advice_became": ("id", "fate", "line"),
    "wrap_up": ("draft", "changed", "after_s"),
    "feedback": ("id", "verdict"),
    "choose_customer": (),
    "purged": ("what", "why"),
    # Of the box, and no call.
    "agent_became": ("agent", "name", "state", "call_id", "wrote_up"),
    "on_duty_still": ("agents",),
}

# What goes: texts, for which GONE stands; names and numbers of people, which stay with the
# level `said`; and the rest, left out.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "transcript": ("text",),
    "chat": ("text",),
    "ai_suggestion": ("suggestion", "reasoning"),
    "alert": ("text",),
    "wrap_up": ("summary",),
}
WHO: Mapping[str, tuple[str, ...]] = {
    "choose_customer": ("id",),
    "joined": ("name",),
    "partner": ("name",),
}
LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "transcript": ("words",),
    "chat": ("ref",),
    "joined": ("reason",),
    "summary": ("situation", "action", "follow_ups", "facts"),
    "feedback": ("reason",),
}
# These are looked into.
WITHIN: Mapping[str, tuple[str, ...]] = {
    "ai_suggestion": ("sources",),
    "customer": ("card", "matched", "candidates"),
    "written": ("steps",),
    "wrap_up": ("outcome",),
}

_ALWAYS = ("type", "seq")


def scrubbed(
    kind: str, payload: Payload, level: Level, outcomes: Collection[str] = ()
) -> Payload:
    """What is left of the payload of an event. `outcomes` are those of the site; others
    somebody has typed."""
    kept = (*_ALWAYS, *KEPT.get(kind, ()))
    left = {name: value for name, value in payload.items() if name in kept}
    for name in TEXTS.get(kind, ()):
        left[name] = GONE if payload.get(name) else ""
    if kind == "transcript":
        # How many words there were is counted, and is to be found again.
        left["text"] = " ".join(GONE for word in payload["text"].split(" ") if word)
    if level == "said" or payload.get("role") == "agent":
        who = WHO.get(kind, ())
        left |= {name: payload[name] for name in who if name in payload}
    if kind == "ai_suggestion":
        left["sources"] = [_source(one) for one in payload.get("sources", ())]
    elif kind == "written":
        left["steps"] = []  # how a text grew that is gone
    elif kind == "customer":
        left["card"] = _card(payload.get("card"), level)
    elif kind == "wrap_up":
        outcome = payload.get("outcome", "")
        left["outcome"] = outcome if outcome in outcomes or not outcome else GONE
    return left


def without(payload: Payload, is_gone: Collection[str]) -> Payload:
    """What is left of the `customer` event of somebody else's call, in which these were
    shown too."""
    left = dict(payload)
    if (payload.get("card") or {}).get("id") in is_gone:
        left |= {"card": None, "matched": None}
    candidates = payload.get("candidates", ())
    left["candidates"] = [one for one in candidates if one["id"] not in is_gone]
    return left


def _source(source: Payload) -> Payload:
    """Which article, and no longer the passage."""
    kept = ("article", "version", "probability")
    words = dict.fromkeys(("title", "section", "text"), GONE)
    return {name: source[name] for name in kept if name in source} | words


def _card(card: Payload | None, level: Level) -> Payload | None:
    if card is None or level == "person":
        return None
    empty = ("email", "phone", "status", "currency", "since")
    return {
        "id": card["id"],
        "name": card["name"],
        "lifetime_value": None,
        **dict.fromkeys(empty, ""),
    }
