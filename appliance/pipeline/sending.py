"""What one person's audio has come to."""

from dataclasses import dataclass

from appliance.pipeline.allowance import Allowance
from appliance.pipeline.lateness import Lateness
from appliance.pipeline.leg import STALLED_S, Leg
from appliance.vad.port import WINDOW_MS

# Sound that comes this much later than it should (after a dropped socket) is transcribed
# but not played: the partner would from then on hear everything that late.
STALE_S = 1.0


@dataclass(slots=True)
class Sending:
    leg: Leg
    lateness: Lateness
    last_frame: float  # monotonic s
    allowance: Allowance
    acked_ms: float = 0.0
    relayed: int = 0
    relayed_ms: int = 0

    def pause(self, on: bool, now: float) -> None:
        """Nothing of this person is kept or read, or it is again. Of somebody whose line is
        dropped, what they say meanwhile comes later: it is left out, too."""
        if on:
            self.leg.pause()
        elif now - self.last_frame > STALE_S:
            self.leg.resume(round(self.lateness.due_ms(now)))
        else:
            self.leg.resume(0)

    def settle_if_stalled(self, now: float) -> None:
        stalled = now - self.last_frame > STALLED_S
        if stalled and self.leg.unheard_ms < WINDOW_MS:
            self.leg.close_open_utterance()
