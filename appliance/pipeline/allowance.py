"""How much audio one person may send, and how fast. No clock: times are passed in."""

from appliance.bucket import Bucket, Rate
from appliance.errors import ProtocolError

# May come at once: what a page keeps of a dropped line, and a hole that is filled with
# silence. From then on ten times as fast as life, which is a replay. Each second of it is
# work for every stage after this one.
AUDIO_S = Rate(burst=200, per_s=10)

# What a sender may be ahead of that before their frames are refused. A few bytes can stand
# for a minute of silence, and hundreds of such frames come in one piece.
MOST_AHEAD_S = 30.0


class Allowance:
    """Of one leg. Times are monotonic seconds."""

    def __init__(self, now: float) -> None:
        self._bucket = Bucket(AUDIO_S, now)

    def check(self, now: float) -> None:
        """Before a frame is taken. Raises ProtocolError if too much came before it."""
        ahead_s = self._bucket.spend(0, now) * AUDIO_S.per_s
        if ahead_s > MOST_AHEAD_S:
            raise ProtocolError(
                f"Audio is {ahead_s:.0f} s ahead of what the box takes at once.",
                fix=f"Send it at most {AUDIO_S.per_s:.0f} times as fast as it was spoken.",
            )

    def spend(self, audio_ms: float, now: float) -> float:
        """So much was taken. Seconds that the sender has to wait, 0.0 as a rule."""
        return self._bucket.spend(audio_ms / 1000, now)
