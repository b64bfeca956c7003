"""Payment mode: while it is on nothing is recorded, read or advised on. No clock, no IO.

It begins by hand, by a phrase of the agent's, or by whatever else asks for it, and ends by
hand or after a while, for people forget. Times are monotonic seconds, passed in.
"""

from collections.abc import Sequence

from appliance.dictated import WORD


class PaymentMode:
    def __init__(self, phrases: Sequence[str], minutes: float) -> None:
        self.on = False
        self._phrases = [plain for phrase in phrases if (plain := _plain(phrase))]
        self._longest_s = minutes * 60
        self._until = 0.0

    def is_asked_for(self, text: str) -> bool:
        """Whether an agent who says this is about to take a payment; not while it is on."""
        said = f" {_plain(text)} "
        return not self.on and any(f" {phrase} " in said for phrase in self._phrases)

    def switch(self, on: bool, now: float) -> bool:
        """False if it is so already; asked for again, it lasts as long again."""
        if on:
            self._until = now + self._longest_s
        changed = on != self.on
        self.on = on
        return changed

    def is_over(self, now: float) -> bool:
        """It has been on for as long as it may."""
        return self.on and now >= self._until


def _plain(text: str) -> str:
    return " ".join(word.lower().replace("’", "'") for word in WORD.findall(text))
