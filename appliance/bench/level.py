"""What K simultaneous calls came to: everything measured, pooled over the calls."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct, field

from appliance.bench.caller import Played
from appliance.bench.delays import Advice, final_delays, live_text, partial_delays
from appliance.bench.metronome import FRAME_S
from appliance.bench.reference import Errors, Turn, count_errors
from appliance.bench.watch import Cost
from appliance.messages import ROLES

# A generator this late has measured itself.
LATE_S = 0.1


class Window(Struct, frozen=True):
    """What counts, in s of the event loop's clock."""

    from_s: float
    to_s: float


class Level(Struct, kw_only=True):
    """K calls at once. Delays in s."""

    calls: int
    final_s: list[float] = field(default_factory=list)
    partial_s: list[float] = field(default_factory=list)
    advice: Advice = field(default_factory=Advice)
    errors: Errors = field(default_factory=Errors)
    turns: int = 0
    lost: int = 0  # turns without any final
    dropped: int = 0  # sockets that closed in mid call
    worst_late_s: float = 0.0  # of a frame of the generator
    unready_s: float = 0.0  # longest wait for the server to take a new call
    cost: Cost = field(default_factory=Cost)

    @property
    def valid(self) -> bool:
        return self.worst_late_s <= LATE_S

    def hear(self, played: Played, turns: Sequence[Turn], window: Window) -> None:
        """Score what was said within the window in one call of these reference turns."""
        self.dropped += played.dropped
        if not played.sent:
            return
        first_s = played.first_frame * FRAME_S
        from_s, to_s = window.from_s - played.zero_s, window.to_s - played.zero_s
        spoken = within(turns, first_s, played.sent * FRAME_S, from_s, to_s)
        for channel, role in enumerate(ROLES):
            mine = [turn for turn in spoken if turn.channel == channel]
            self.errors.add(count_errors(mine, live_text(played.told, role)))
            for delay in final_delays(played.told, role, mine):
                self.turns += 1
                if delay is None:
                    self.lost += 1
                else:
                    self.final_s.append(delay)
        self.partial_s += partial_delays(played.told, from_s * 1000, to_s * 1000)
        self.advice.hear(played.told, from_s * 1000, to_s * 1000)

    def add(self, other: "Level") -> None:
        """Pool with another run of as many calls."""
        self.final_s += other.final_s
        self.partial_s += other.partial_s
        self.advice.add(other.advice)
        self.errors.add(other.errors)
        self.turns += other.turns
        self.lost += other.lost
        self.dropped += other.dropped
        self.worst_late_s = max(self.worst_late_s, other.worst_late_s)
        self.unready_s = max(self.unready_s, other.unready_s)
        self.cost.add(other.cost)


def within(
    turns: Sequence[Turn], first_s: float, sent_s: float, from_s: float, to_s: float
) -> list[Turn]:
    """The turns of which anything was played, in the time of a call that begins at
    `first_s` of the recording and lasts `sent_s`; only those that lie between `from_s` and
    `to_s` of the call, and were played whole, are still to be scored."""
    heard = []
    for turn in turns:
        start, end = turn.start - first_s, turn.end - first_s
        if end <= 0 or start >= sent_s:
            continue
        counts = start >= 0 and end <= sent_s and from_s <= start and end <= to_s
        heard.append(
            turn._replace(start=start, end=end, uncertain=turn.uncertain or not counts)
        )
    return heard


def percentile(values: Sequence[float], share: float) -> float:
    """NaN for no values. `share` is 0..100."""
    return float(np.percentile(values, share)) if values else float("nan")
