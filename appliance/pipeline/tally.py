"""What all calls have come to since the start, in numbers: never who, never what was said.

No clock: call times are passed in, in ms, as in `appliance.messages`.
"""

from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct, field

from appliance.messages import AiSuggestion, Sent, Transcript

# Upper edges in s. Close together where the promises are (finals within 2 s, the first
# word of advice within 0.8 s), and far enough out for an overload.
FINAL_EDGES_S = (0.3, 0.45, 0.6, 0.75, 0.9, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 120.0)
ADVICE_EDGES_S = (0.1, 0.2, 0.4, 0.6, 0.8, 1.2, 1.6, 2.0, 3.0, 5.0, 10.0, 30.0)


class Histogram(Struct):
    """How often a time was at most so long."""

    edges_s: Sequence[float]
    counts: list[int]  # one more than edges: the last has what was longer than all
    sum_s: float = 0.0

    @classmethod
    def of(cls, edges_s: Sequence[float]) -> "Histogram":
        return cls(edges_s=edges_s, counts=[0] * (len(edges_s) + 1))

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(self.edges_s, seconds)] += 1
        self.sum_s += max(0.0, seconds)


class Tally(Struct):
    """Counts since the start, of the whole box; part of `/healthz`."""

    partials: int = 0
    finals: int = 0
    failed: int = 0  # finals whose text is missing: the engine gave up on them
    advice: dict[str, int] = field(default_factory=dict)  # finished ones, by their status
    final_s: Histogram = field(default_factory=lambda: Histogram.of(FINAL_EDGES_S))
    first_advice_s: Histogram = field(default_factory=lambda: Histogram.of(ADVICE_EDGES_S))


class CallTally:
    """One call's part in the tally."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._asked = ""  # the customer's newest final
        self._asked_ms = 0
        self._begun = ""  # advice whose first word has been counted

    def heard(self, told: Transcript, now_ms: int) -> None:
        """A transcript goes to the screens. Withdrawn partials are not counted."""
        tally = self._tally
        if not told.is_final:
            tally.partials += 1
        elif told.failed:
            tally.failed += 1
        elif told.text:
            tally.finals += 1
            tally.final_s.add((now_ms - told.end_ms) / 1000)
            if told.speaker == "customer":
                self._asked, self._asked_ms = told.id, now_ms

    def advised(self, advice: Sent, now_ms: int) -> None:
        """Something goes to the agent: a state of some advice, or what is not counted."""
        if not isinstance(advice, AiSuggestion):
            return
        if advice.is_final:
            count = self._tally.advice.get(advice.status, 0)
            self._tally.advice[advice.status] = count + 1
        # Older finals' advice is superseded, and what is asked by hand answers none.
        answers = bool(advice.answers) and advice.answers == self._asked
        if answers and advice.suggestion and advice.id != self._begun:
            self._begun = advice.id
            self._tally.first_advice_s.add((now_ms - self._asked_ms) / 1000)
