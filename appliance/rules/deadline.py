"""One deadline of one call: kept, missed, or nobody can tell. No clock.

WAITING --said in time--> KEPT
WAITING --past it, everything before it read--> MISSED --said after all--> LATE
WAITING --past it, something before it unread--> UNCHECKED
MISSED, UNCHECKED --a line comes late that was said in time--> KEPT
"""

from typing import Literal, TypeAlias

from appliance.rules.heard import Heard
from appliance.rules.rulebook import Ready

# Finals come within two seconds, under load later. What has not been read by then is taken
# for unreadable: a warning half a minute late helps nobody.
GRACE_MS = 15_000

State: TypeAlias = Literal["waiting", "kept", "missed", "late", "unchecked"]


class Deadline:
    def __init__(self, ready: Ready) -> None:
        self.ready = ready
        self.state: State = "waiting"
        self.alert = ""  # id of the alert that is raised
        self._from_ms: int | None = None

    @property
    def due_ms(self) -> int | None:
        """Call time; None while it does not run."""
        seconds = self.ready.rule.deadline_s
        if self._from_ms is None or seconds is None:
            return None
        return self._from_ms + round(seconds * 1000)

    def run_from(self, at_ms: int) -> None:
        """The moment from which it counts; later ones change nothing."""
        if self._from_ms is None:
            self._from_ms = at_ms

    def said(self, at_ms: int) -> None:
        """What is awaited was said at this call time."""
        due_ms = self.due_ms
        if self.state in ("kept", "late"):
            return
        if due_ms is None or at_ms <= due_ms:
            self.state = "kept"
        elif self.state != "unchecked":
            # Where it may have been said before, unheard, this tells nothing.
            self.state = "late"

    def has_passed(self, now_ms: int) -> bool:
        """And nothing is known of it yet."""
        due_ms = self.due_ms
        return self.state == "waiting" and due_ms is not None and now_ms >= due_ms

    def look(self, now_ms: int, heard: Heard) -> bool:
        """Whether it has just been missed, or found to be unchecked."""
        due_ms = self.due_ms
        if due_ms is None or not self.has_passed(now_ms):
            return False
        speaker = self.ready.rule.speaker
        behind = heard.is_behind(speaker, due_ms)
        if behind and now_ms < due_ms + GRACE_MS:
            return False
        hidden = behind or heard.hides(speaker, self._from_ms or 0, due_ms)
        self.state = "unchecked" if hidden else "missed"
        return True
