"""The mood of one call: a score and a trend over its readings, and when to raise an alert.

Both formulas are other people's, so that a supervisor can compare:

- `call_score` is that of Genesys Cloud, weighted to the end: 100 tanh(0.75 sum(polarity *
  place)), polarity -1, 0 or 1 by the line's label, place = its number / lines so far
  (help.mypurecloud.com, "How is the customer sentiment score calculated?");
- `quarters` and `trend` are those of the Live Call Analytics sample of AWS
  (weighted_sentiment.py, sentiment.js), scores in -1..1 instead of -5..5: the time from the
  customer's first word to the last in four equal parts, neutral lines without a score.

No clock, no model: readings come in, in the order of their lines.
"""

import math
from collections.abc import Sequence

from msgspec import Struct

from appliance.messages import Alert, MoodLabel, Sentiment, Trend

POLARITY: dict[MoodLabel, int] = {"negative": -1, "neutral": 0, "positive": 1}

# The original compares for equality; means of probabilities are never equal.
FLAT = 0.1

# One sharp word is not a mood: so many of the newest lines have to be negative.
OF_LAST, NEGATIVE = 3, 2
CALM = 2  # lines in a row that end an alert

# A warning says that it is so: only lines that more likely than not are negative count. Of
# calls in STAR that are not marked as annoyed, 14 instead of 22 % have an alert then
# (qwen2.5-0.5b, 100 calls; 12 instead of 24 % by the word list, 2,363 calls); of those that
# are, 45 instead of 56 % (100 calls; 27 instead of 42 %, 135 calls).
SURE = 0.5

# A whole call reads as its score says from here on. One line in the first quarter of it,
# with nothing but neutral ones after, comes to 18 at most: they did not leave in that mood.
LEAST_SCORE = 20

RAISED = "The customer's last messages read as unhappy."
OVER = "The customer's last messages no longer read as unhappy."


class Reading(Struct, frozen=True, kw_only=True):
    """How one line of the customer reads."""

    line: str  # id of the transcript or chat line
    start_ms: int
    end_ms: int
    label: MoodLabel
    score: float  # -1 negative to 1 positive
    confidence: float  # probability of `label`
    source: str

    @property
    def unhappy(self) -> bool:
        return self.label == "negative" and self.confidence >= SURE


class Course:
    """Grows by one reading after the other."""

    def __init__(self) -> None:
        self._readings: list[Reading] = []
        self._raised: Alert | None = None
        self._alerts = 0

    def add(self, reading: Reading) -> list[Sentiment | Alert]:
        """What is to be shown for it."""
        self._readings.append(reading)
        parts = quarters(self._readings)
        shown = Sentiment(
            id=reading.line,
            label=reading.label,
            score=round(reading.score, 3),
            confidence=round(reading.confidence, 3),
            source=reading.source,
            quarters=tuple(None if part is None else round(part, 3) for part in parts),
            trend=trend(parts),
            call_score=call_score([POLARITY[one.label] for one in self._readings]),
        )
        return [shown, *self._alert()]

    def _alert(self) -> list[Alert]:
        """Raised when the customer begins to read as unhappy, and taken back when they no
        longer do: a warning that stays on the screen is soon part of the furniture."""
        newest = self._readings[-OF_LAST:]
        unhappy = [one.line for one in newest if one.unhappy]
        if self._raised is None and len(unhappy) >= NEGATIVE:
            self._alerts += 1
            self._raised = Alert(
                id=f"mood-{self._alerts}",
                kind="mood",
                state="raised",
                lines=tuple(unhappy),
                text=RAISED,
            )
            return [self._raised]
        # After one calm line the next sharp word would raise it again.
        calm = not any(one.unhappy for one in newest[-CALM:])
        if self._raised is not None and calm:
            over, self._raised = self._raised, None
            return [Alert(id=over.id, kind="mood", state="over", lines=(), text=OVER)]
        return []


def call_score(polarities: Sequence[float]) -> int:
    """-100 to 100, later lines weigh more; 0 without lines."""
    count = len(polarities)
    weighted = sum(
        polarity * place / count for place, polarity in enumerate(polarities, start=1)
    )
    return round(100 * math.tanh(0.75 * weighted))


def label_of(score: int) -> MoodLabel:
    """How a whole call reads by its `call_score`."""
    if abs(score) < LEAST_SCORE:
        return "neutral"
    return "positive" if score > 0 else "negative"


def quarters(readings: Sequence[Reading]) -> list[float | None]:
    """Mean score of the lines that begin in each quarter of the time they span, None where
    none of them is positive or negative."""
    scored: list[list[float]] = [[], [], [], []]
    begin = readings[0].start_ms if readings else 0
    length = max((one.end_ms for one in readings), default=0) - begin
    for one in readings:
        if one.label != "neutral":
            part = (one.start_ms - begin) * 4 // length if length > 0 else 0
            scored[min(max(part, 0), 3)].append(one.score)
    return [sum(scores) / len(scores) if scores else None for scores in scored]


def trend(parts: Sequence[float | None]) -> Trend:
    """The last quarter that has a score against the mean of those before it."""
    known = [part for part in parts if part is not None]
    if len(known) < 2:
        return "flat"
    change = known[-1] - sum(known[:-1]) / len(known[:-1])
    if abs(change) < FLAT:
        return "flat"
    return "up" if change > 0 else "down"
