"""The supervisors who follow one call: they are told and hear, and are no part of it.

They hold no seat: none of them keeps a call alive, and none is waited for. No clock, no IO.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from appliance.calls.outbox import Outbox
from appliance.errors import CallError

# Of one call. Each costs the one core that relays every voice 1 % of it at most; a whole
# team may listen to a call that went wrong, a runaway script may not.
MOST = 64


@dataclass(slots=True, eq=False)
class Listener:
    """One supervisor at one socket."""

    person: str  # id of the account
    name: str
    outbox: Outbox
    hears: bool = False


class Listeners:
    def __init__(self) -> None:
        self._all: list[Listener] = []

    def __iter__(self) -> Iterator[Listener]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def hearing(self) -> int:
        return sum(one.hears for one in self._all)

    @property
    def names(self) -> tuple[str, ...]:
        """Each once, however many pages they have open; in the order they came."""
        return tuple(dict.fromkeys(one.name for one in self._all))

    def enter(self, listener: Listener) -> None:
        """Raises CallError if there are too many."""
        if len(self._all) >= MOST:
            raise CallError(
                f"{MOST} supervisors follow this call already.", fix="Try again later."
            )
        self._all.append(listener)

    def leave(self, listener: Listener) -> None:
        self._all.remove(listener)

    def say(self, message: bytes) -> None:
        for one in self._all:
            one.outbox.say(message)

    def play(self, frame: bytes) -> None:
        for one in self._all:
            if one.hears:
                one.outbox.play(frame)

    def close(self, code: int, reason: str) -> None:
        for one in self._all:
            one.outbox.close(code, reason)
