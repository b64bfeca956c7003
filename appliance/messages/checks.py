"""What has to be looked after in a call: alerts and the checklist."""

from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.messages.base import Sent

Severity: TypeAlias = Literal["info", "warning", "critical"]


class Alert(Sent, frozen=True, kw_only=True, tag="alert"):
    """Something in the call wants attention. A newer one with the same id replaces it.
    `unchecked`: nobody can tell, because what was said could not be read."""

    id: str
    kind: Literal["mood", "rule"]
    state: Literal["raised", "over", "unchecked"]
    lines: tuple[str, ...]  # ids of the lines it rests on
    text: str  # for people
    severity: Severity = "warning"
    to: tuple[Literal["agent", "supervisor"], ...] = ("agent", "supervisor")
    rule: str = ""  # name of the rule that says so


ItemState: TypeAlias = Literal["open", "done", "late", "missed", "unchecked"]


class ChecklistItem(Struct, frozen=True, kw_only=True):
    """`late`: done after its deadline. `unchecked`: what was said could not be read."""

    id: str
    text: str
    weight: float
    state: ItemState
    by: Literal["rule", "hand"] | None = None  # who says so; None while it is open
    at_ms: int = 0  # when it came to be so
    line: str = ""  # id of the line that ticked it
    rule: str = ""


class Checklist(Sent, frozen=True, kw_only=True, tag="checklist"):
    """What is to be done in this call and what has been, for the agent: all of it, each
    time. `score` is 100 times the weight done in time over the weight of what applies and
    could be checked; None where that is nothing."""

    items: tuple[ChecklistItem, ...]
    score: int | None
