"""What one call has said so far, and to whom each message goes. No clock, no IO.

Every message of a call has its own `seq`. A screen that comes back says which it saw last
and gets what it missed; of a text that was rewritten meanwhile only the newest state.
"""

from collections import deque
from typing import Literal, TypeAlias

from appliance.calls.listeners import Listeners
from appliance.calls.outbox import Outbox
from appliance.messages import (
    AiSuggestion,
    Alert,
    ChatLine,
    Checklist,
    Customer,
    Recording,
    Role,
    Sent,
    Sentiment,
    Summary,
    Supervised,
    Transcript,
    encode,
)

# Messages kept for a screen that comes back: two hours of a lively call. A page that
# missed more reads the record.
HISTORY = 5000

Viewer: TypeAlias = Literal[Role, "supervisor"]


def may_see(viewer: Viewer, message: Sent) -> bool:
    """Advice, how the customer reads, what the site knows, what is to be done and what is
    written about the call are for the agent; a customer must never see them: whoever calls
    may only say that they are who they say. Who listens in is told to each in their own
    words. A supervisor who does sees what the agent sees, and what is for supervisors."""
    role = "agent" if viewer == "supervisor" else viewer
    if isinstance(message, Supervised):
        return message.to == role
    if isinstance(message, Alert):
        return viewer in message.to or role in message.to
    return role == "agent" or not isinstance(
        message, AiSuggestion | Sentiment | Checklist | Customer | Summary
    )


class Room:
    def __init__(self, call_id: str, epoch: str) -> None:
        self.call_id = call_id
        self.epoch = epoch
        self.last_seq = 0
        self._history: deque[Sent] = deque(maxlen=HISTORY)
        self._outboxes: dict[Role, Outbox] = {}
        self.listeners = Listeners()

    def next_seq(self) -> int:
        self.last_seq += 1
        return self.last_seq

    def deliver(self, message: Sent) -> None:
        """Keep a stamped message and put it into every outbox that may have it."""
        self._history.append(message)
        text: bytes | None = None
        for role, outbox in self._outboxes.items():
            if may_see(role, message):
                text = text or encode(message)
                outbox.say(text)
        # The people first: whoever listens must not be the one they wait for.
        if len(self.listeners) and may_see("supervisor", message):
            self.listeners.say(text or encode(message))

    def attach(self, role: Role, outbox: Outbox) -> Outbox | None:
        """Send to this outbox from now on; returns the one it takes over from."""
        before = self._outboxes.get(role)
        self._outboxes[role] = outbox
        return before

    def detach(self, role: Role, outbox: Outbox) -> bool:
        """False if another socket has taken the place already."""
        if self._outboxes.get(role) is not outbox:
            return False
        del self._outboxes[role]
        return True

    def outbox(self, role: Role) -> Outbox | None:
        return self._outboxes.get(role)

    def outboxes(self) -> list[Outbox]:
        return list(self._outboxes.values())

    def close(self, code: int, reason: str) -> None:
        """Close every socket once what waits for it has been sent."""
        for outbox in self._outboxes.values():
            outbox.close(code, reason)
        self.listeners.close(code, reason)

    def missed(self, viewer: Viewer, last_seq: int) -> list[Sent]:
        """What a person has not seen, in order, without states that are out of date."""
        later = [m for m in self._history if m.seq > last_seq and may_see(viewer, m)]
        newest = {_identity(message): message.seq for message in later}
        return [m for m in later if newest[_identity(m)] == m.seq]


def _identity(message: Sent) -> tuple[str, str | int]:
    """A later message with the same identity replaces this one."""
    if isinstance(message, Transcript | ChatLine | AiSuggestion | Alert | Summary):
        return (type(message).__name__, message.id)
    if isinstance(message, Customer | Checklist | Recording):
        return (type(message).__name__, "")
    if isinstance(message, Supervised):
        return ("Supervised", message.to)
    return ("", message.seq)
