"""The model processes, and how the parts that depend on them are doing."""

from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.assistant.actions.own import Own
from appliance.messages import Status
from appliance.pipeline.ears import Hearing
from appliance.transcriber.scheduler import LAG_LIVE_MS, Load
from appliance.transcriber.usage import Usage
from appliance.workers.pool import Pool
from appliance.workers.supervisor import Worker

PartState: TypeAlias = Literal["live", "degraded", "paused", "off"]
Part: TypeAlias = Literal["speech", "suggestions"]

# While finals are late, screens are told anew how late once it has doubled or halved: a
# number that is right enough, in few messages, each of which is kept with every call.
LAG_AGAIN = 2.0


class Models(Struct, frozen=True, kw_only=True):
    """None where a part is switched off."""

    vad: Worker | None
    speech: Pool | None
    language: Worker | None
    knowledge: Worker | None = None
    sentence_model: str = ""  # that the knowledge worker has; "" for the words alone
    actions: Own | None = None  # how the site's agents go on, if it has taught that
    floor_frames: int = 1500
    batch: int = 4  # most utterances in one pass of the speech model

    def all(self) -> list[Worker]:
        speech = self.speech.workers if self.speech else ()
        every = (self.vad, *speech, self.language, self.knowledge)
        return [worker for worker in every if worker is not None]


class Reading(Struct, frozen=True, kw_only=True):
    """Calls that are transcribed, that wait for room, and that there is room for."""

    calls: int
    waiting: int
    capacity: int


class Parts:
    def __init__(self, models: Models, hearing: Hearing | None) -> None:
        self._models = models
        self._hearing = hearing
        self._told: dict[Part, PartState] = {}
        self._told_lag_ms = 0

    @property
    def speech(self) -> PartState:
        if self._hearing is None:
            return "off"
        if any(w.state != "live" for w in (self._models.vad, self._models.speech) if w):
            return "paused"
        return "live" if self.load == "live" else "degraded"

    @property
    def suggestions(self) -> PartState:
        if self._models.language is None:
            return "off"
        # Finals come first: advice stops before they are late for long.
        live = self._models.language.state == "live" and self.load != "overloaded"
        return "live" if live else "paused"

    @property
    def lag_ms(self) -> int:
        """Age of the oldest final that waits to be decoded."""
        return self._hearing.transcriber.lag_ms if self._hearing else 0

    @property
    def load(self) -> Load:
        """Of the speech engine: which of what it does has been given up for finals."""
        return self._hearing.transcriber.load if self._hearing else "live"

    @property
    def reading(self) -> Reading | None:
        """None where speech is switched off."""
        if self._hearing is None:
            return None
        admission = self._hearing.transcriber.admission
        return Reading(
            calls=admission.reading,
            waiting=admission.waiting,
            capacity=admission.capacity,
        )

    @property
    def usage(self) -> Usage | None:
        """What the speech engine did so far; None where it is switched off."""
        return self._hearing.transcriber.usage if self._hearing else None

    def news(self) -> list[Status]:
        """What has changed since this was last asked; the first time, nothing.

        While transcripts are late, `lag_ms` changes too, by half or to the double.
        """
        states: dict[Part, PartState] = {
            "speech": self.speech,
            "suggestions": self.suggestions,
        }
        lag_ms = self.lag_ms
        changed = [part for part, s in states.items() if self._told.get(part, s) != s]
        if "speech" not in changed and self._is_news(lag_ms):
            changed.append("speech")
        if "speech" in changed:
            self._told_lag_ms = lag_ms
        self._told = states
        return [
            Status(
                part=part,
                state=states[part],
                text=f"{part} {states[part]}",
                lag_ms=lag_ms,
            )
            for part in changed
        ]

    def _is_news(self, lag_ms: int) -> bool:
        if self._told.get("speech") != "degraded":
            return False
        low, high = sorted((lag_ms, self._told_lag_ms))
        return high >= LAG_AGAIN * max(low, LAG_LIVE_MS)
