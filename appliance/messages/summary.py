"""What a call was about, in a few lines."""

from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.messages.base import Sent


class SummaryLine(Struct, frozen=True, kw_only=True):
    """A sentence of a summary, and the ids of the lines it rests on, if that is known."""

    text: str
    lines: tuple[str, ...] = ()
    quoted: bool = False  # as somebody said it; else written by the model


FactKind: TypeAlias = Literal["name", "amount", "date", "number", "email"]


class SummaryFact(Struct, frozen=True, kw_only=True):
    """Something to be written down exactly, as it stands in a line."""

    kind: FactKind
    text: str
    line: str


Resolution: TypeAlias = Literal["yes", "partly", "no", ""]


class Summary(Sent, frozen=True, kw_only=True, tag="summary"):
    """A draft of what the call was about, for the agent. Each message is the whole draft
    so far and replaces the one before with the same id. Every number and name in it was
    said. Probabilities are the model's own among the choices, 0 where it chose nothing."""

    id: str
    purpose: Literal["wrap_up", "transfer"]
    source: str  # the model, or "quotes": what was said, where no model wrote
    situation: tuple[SummaryLine, ...] = ()
    action: tuple[SummaryLine, ...] = ()
    follow_ups: tuple[SummaryLine, ...] = ()
    facts: tuple[SummaryFact, ...] = ()
    resolution: Resolution = ""
    resolution_confidence: float = 0.0
    disposition: str = ""
    disposition_confidence: float = 0.0
    removed: int = 0  # sentences left out because something in them was not said
    is_final: bool = True
