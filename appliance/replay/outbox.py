"""Audio frames on their way: numbered, kept until acknowledged, sent again if need be."""

from collections import deque

from appliance.audio.wire import Frame

# A minute of 20 ms frames, as long as the box waits for a dropped person by default.
# When it is full the oldest is given up, and the hole in `seq` tells the box so.
LIMIT = 3000


class Outbox:
    def __init__(self) -> None:
        self.next_seq = 0  # of the next frame to be added
        self._kept: deque[Frame] = deque()  # not acknowledged, by seq
        self.unsent = 0  # of those kept, the newest so many are not on this socket yet

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, t_ms: int, payload: bytes) -> None:
        self._kept.append(Frame(self.next_seq, t_ms, payload))
        self.next_seq += 1
        self.unsent += 1
        if len(self._kept) > LIMIT:
            self._kept.popleft()
            self.unsent = min(self.unsent, len(self._kept))

    def take(self) -> Frame | None:
        """The next frame for the socket, None if it has carried them all."""
        if not self.unsent:
            return None
        self.unsent -= 1
        return self._kept[-self.unsent - 1]

    def acknowledge(self, seq: int) -> None:
        """The box has every frame up to this one."""
        while self._kept and self._kept[0].seq <= seq:
            self._kept.popleft()
        self.unsent = min(self.unsent, len(self._kept))

    def resume(self, next_seq: int, *, anew: bool) -> None:
        """A new socket: everything the box does not have goes out again, in order.

        `next_seq` is the first frame the box wants. If it has started `anew`, it may
        count from there, and what it does not have is renumbered.
        """
        oldest = self._kept[0].seq if self._kept else self.next_seq
        if anew and not oldest <= next_seq <= self.next_seq:
            self._kept = deque(
                frame._replace(seq=next_seq + n) for n, frame in enumerate(self._kept)
            )
            self.next_seq = next_seq + len(self._kept)
        self.acknowledge(next_seq - 1)
        self.unsent = len(self._kept)
