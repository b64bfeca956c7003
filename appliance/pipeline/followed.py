"""Whether advice was followed: what agents say and click, kept in the record."""

from collections.abc import Callable, Iterable

from appliance.assistant.said import Became, Fates
from appliance.messages import AiSuggestion, ChatLine, Sent, Transcript
from appliance.received import Feedback
from appliance.store.event import AdviceBecame, AdviceBegan


class Followed:
    """Of one call."""

    def __init__(self, note: Callable[[AdviceBecame | AdviceBegan], None]) -> None:
        self._note = note
        self._fates = Fates()
        self._asked = ""  # the customer's newest final
        self._asked_ms = 0  # its end
        self._begun = ""  # the newest advice with a word

    def advised(self, message: Sent, now_ms: int) -> None:
        """Something went to the agent. What is unavailable may be a note of ours."""
        if not isinstance(message, AiSuggestion):
            return
        self._begin(message, now_ms)
        if not message.is_final:
            return
        if message.status != "unavailable":
            self._fates.shown(message.id, message.suggestion, now_ms)

    def _begin(self, advice: AiSuggestion, now_ms: int) -> None:
        """Of the customer's newest line only: advice on an older one is superseded."""
        if not advice.suggestion or advice.status == "unavailable":
            return
        if advice.id == self._begun:
            return
        if advice.answers and advice.answers == self._asked:
            self._begun = advice.id
            after_ms = max(0, now_ms - self._asked_ms)
            self._note(AdviceBegan(id=advice.id, after_ms=after_ms))

    def judged(self, feedback: Feedback) -> None:
        self._fates.judged(feedback.id)

    def heard(self, line: Transcript | ChatLine, now_ms: int) -> None:
        """A line of either person; typed ones count as said."""
        if line.speaker == "customer" and isinstance(line, Transcript) and line.is_final:
            self._asked, self._asked_ms = line.id, line.end_ms
        settled = isinstance(line, ChatLine) or line.is_final
        if line.speaker == "agent" and settled and line.text:
            self._tell(self._fates.heard(line.id, line.text, now_ms))

    def passed(self, now_ms: int | None = None) -> None:
        """Time goes on; without one, the call is over."""
        self._tell(self._fates.passed(now_ms))

    def _tell(self, became: Iterable[Became]) -> None:
        for advice_id, fate, line in became:
            self._note(AdviceBecame(id=advice_id, fate=fate, line=line))
