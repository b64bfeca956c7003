"""What the box makes of what is said, for the agent: advice and moods."""

from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.messages.base import Sent


class Source(Struct, frozen=True, kw_only=True):
    """A passage of one of the site's articles, as it was when it was cited."""

    article: str  # its id
    version: int
    title: str
    section: str  # the heading above the passage, "" where there is none
    text: str
    steps: tuple[str, ...] = ()  # where the passage is a procedure
    first_step: int = 1  # number of the first of them
    probability: float = 0.0  # that it answers what was said, 0..1


class Grounds(Struct, frozen=True, kw_only=True):
    """What advice on the newest line may rest on."""

    sources: tuple[Source, ...] = ()
    trigger: str = ""  # id of the line that led to them
    silent: bool = False  # there is nothing, and without it nothing is to be shown


AdviceStatus: TypeAlias = Literal[
    "streaming", "done", "stopped", "superseded", "unavailable"
]


class AiSuggestion(Sent, frozen=True, kw_only=True, tag="ai_suggestion"):
    """Advice for the agent while it is written. Each message carries the whole text so
    far and replaces the one before with the same id."""

    id: str
    answers: str  # id of the customer's final, "" when the agent asked by hand
    action: str
    suggestion: str
    reasoning: str
    confidence: float  # probability of `action` among the allowed actions, 0..1
    is_final: bool
    status: AdviceStatus
    sources: tuple[Source, ...] = ()  # none: it rests on the call alone
    trigger: str = ""  # id of the line that led to them


MoodLabel: TypeAlias = Literal["negative", "neutral", "positive"]

Trend: TypeAlias = Literal["up", "down", "flat"]


class Sentiment(Sent, frozen=True, kw_only=True, tag="sentiment"):
    """How one line of the customer reads, and the call so far; the words, no voice."""

    id: str  # of the customer's final or typed line
    label: MoodLabel
    score: float  # -1 negative to 1 positive
    confidence: float  # probability of `label`, 0..1
    source: str  # the model, or "lexicon"
    quarters: tuple[float | None, ...]  # mean score in each quarter of the call
    trend: Trend  # the last of them against those before
    call_score: int  # -100 to 100, weighted towards the end
