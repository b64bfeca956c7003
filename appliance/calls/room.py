"""What one call has said so far, and to whom each message goes. No clock, no IO.

Every message of a call has its own `seq`. A screen that comes back says which it saw last
and gets what it missed; of a text that was rewritten meanwhile only the newest state.
"""

from collections import deque
from collections.abc import Callable

from appliance.messages import (
    AiSuggestion,
    Alert,
    ChatLine,
    Checklist,
    Customer,
    Role,
    Sent,
    Sentiment,
    Summary,
    Transcript,
    encode,
)

# Messages kept for a screen that comes back: two hours of a lively call. A page that
# missed more reads the record.
HISTORY = 5000

# Messages on their way to one screen. A screen this far behind sleeps; its socket is
# closed, and it catches up from the history when it comes back.
UNSENT = 1000

# Audio frames on their way to one listener: a second. Late sound is worth nothing; the
# oldest goes first.
UNHEARD = 50


class Outbox:
    """What one socket still has to send: text that must arrive, sound that may not."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._text: deque[bytes] = deque()
        self._sound: deque[bytes] = deque(maxlen=UNHEARD)
        self._ack: bytes | None = None
        self.closing: tuple[int, str] | None = None  # code and reason

    def say(self, message: bytes) -> None:
        if len(self._text) >= UNSENT:
            self.close(1013, "Too far behind; resume the call.")
            return
        self._text.append(message)
        self._wake()

    def play(self, frame: bytes) -> None:
        self._sound.append(frame)
        self._wake()

    def acknowledge(self, message: bytes) -> None:
        """Only the newest acknowledgement matters."""
        self._ack = message
        self._wake()

    def close(self, code: int, reason: str) -> None:
        """Close the socket once what is waiting has been sent."""
        if self.closing is None:
            self.closing = (code, reason)
        self._wake()

    def take(self) -> bytes | str | None:
        """The next thing to send: str goes out as text, bytes as binary; None if empty.

        Sound first: it is small, and late sound is heard as a stutter.
        """
        if self._sound:
            return self._sound.popleft()
        if self._ack is not None:
            ack, self._ack = self._ack, None
            return ack.decode()
        if self._text:
            return self._text.popleft().decode()
        return None


def may_see(role: Role, message: Sent) -> bool:
    """Advice, how the customer reads, what the site knows, what is to be done and what is
    written about the call are for the agent; a customer must never see them: whoever calls
    may only say that they are who they say."""
    if isinstance(message, Alert):
        return role in message.to
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

    def missed(self, role: Role, last_seq: int) -> list[Sent]:
        """What a person has not seen, in order, without states that are out of date."""
        later = [m for m in self._history if m.seq > last_seq and may_see(role, m)]
        newest = {_identity(message): message.seq for message in later}
        return [m for m in later if newest[_identity(m)] == m.seq]


def _identity(message: Sent) -> tuple[str, str | int]:
    """A later message with the same identity replaces this one."""
    if isinstance(message, Transcript | ChatLine | AiSuggestion | Alert | Summary):
        return (type(message).__name__, message.id)
    if isinstance(message, Customer | Checklist):
        return (type(message).__name__, "")
    return ("", message.seq)
