"""The model processes, and how the parts that depend on them are doing."""

from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.messages import Status
from appliance.pipeline.ears import Hearing
from appliance.transcriber.usage import Usage
from appliance.workers.pool import Pool
from appliance.workers.supervisor import Worker

PartState: TypeAlias = Literal["live", "degraded", "paused", "off"]
Part: TypeAlias = Literal["speech", "suggestions"]


class Models(Struct, frozen=True, kw_only=True):
    """None where a part is switched off."""

    vad: Worker | None
    speech: Pool | None
    language: Worker | None
    floor_frames: int = 1500

    def all(self) -> list[Worker]:
        speech = self.speech.workers if self.speech else ()
        return [w for w in (self.vad, *speech, self.language) if w is not None]


class Parts:
    def __init__(self, models: Models, hearing: Hearing | None) -> None:
        self._models = models
        self._hearing = hearing
        self._told: dict[Part, PartState] = {}

    @property
    def speech(self) -> PartState:
        if self._hearing is None:
            return "off"
        if any(w.state != "live" for w in (self._models.vad, self._models.speech) if w):
            return "paused"
        return "live" if self._hearing.transcriber.load == "live" else "degraded"

    @property
    def suggestions(self) -> PartState:
        if self._models.language is None:
            return "off"
        # Finals come first: advice stops before they are late for long.
        overloaded = self._hearing and self._hearing.transcriber.load == "overloaded"
        return (
            "live" if self._models.language.state == "live" and not overloaded else "paused"
        )

    @property
    def lag_ms(self) -> int:
        """Age of the oldest final that waits to be decoded."""
        return self._hearing.transcriber.lag_ms if self._hearing else 0

    @property
    def usage(self) -> Usage | None:
        """What the speech engine did so far; None where it is switched off."""
        return self._hearing.transcriber.usage if self._hearing else None

    def news(self) -> list[Status]:
        """What has changed since this was last asked; the first time, nothing."""
        states: dict[Part, PartState] = {
            "speech": self.speech,
            "suggestions": self.suggestions,
        }
        changed = [
            Status(part=part, state=state, text=f"{part} {state}", lag_ms=self.lag_ms)
            for part, state in states.items()
            if self._told.get(part, state) != state
        ]
        self._told = states
        return changed
