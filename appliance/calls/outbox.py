"""What one socket still has to send, and how much of it may wait. No clock, no IO."""

from collections import deque
from collections.abc import Callable

# Messages on their way to one screen. A screen this far behind sleeps; its socket is
# closed, and it catches up from the history when it comes back.
UNSENT = 1000

# Audio frames on their way to one listener: a second. Late sound is worth nothing; the
# oldest goes first.
UNHEARD = 50


class Outbox:
    """What one socket still has to send: text that must arrive, sound that may not."""

    def __init__(self, wake: Callable[[], None], unheard: int = UNHEARD) -> None:
        """`unheard` is how many frames of sound may wait."""
        self._wake = wake
        self._text: deque[bytes] = deque()
        self._sound: deque[bytes] = deque(maxlen=unheard)
        self._ack: bytes | None = None
        self.closing: tuple[int, str] | None = None  # code and reason

    def say(self, message: bytes) -> None:
        if self.closing is not None:
            return  # behind a message that was left out: whoever resumes would miss that
        if len(self._text) >= UNSENT:
            self.close(1013, "Too far behind; resume the call.")
            return
        self._text.append(message)
        self._wake()

    def play(self, frame: bytes) -> None:
        if self.closing is not None:
            return  # a slow line would never be empty, and so never closed
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
