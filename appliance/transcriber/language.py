"""Which language one leg speaks: told, or found out once and then kept. No model."""

from appliance.transcriber.port import Decoded

AUTO = "auto"

# Evidence is probability times seconds of speech. Three seconds of sure speech settle it;
# a "hello" alone is often taken for another language.
ENOUGH_S = 3.0
SHARE = 0.7  # of all evidence so far


class LegLanguage:
    def __init__(self, language: str, fallback: str = "en") -> None:
        self.fallback = fallback
        self.settled = "" if language == AUTO else language
        self._evidence: dict[str, float] = {}

    @property
    def to_ask(self) -> str:
        """The language to decode in; "" asks the model."""
        return self.settled

    def heard(self, decoded: Decoded, seconds: float) -> None:
        """Count one final's guess."""
        if self.settled or not decoded.language:
            return
        weight = decoded.language_probability * seconds
        self._evidence[decoded.language] = (
            self._evidence.get(decoded.language, 0.0) + weight
        )
        best = max(self._evidence, key=self._evidence.__getitem__)
        total = sum(self._evidence.values())
        if self._evidence[best] >= max(ENOUGH_S, SHARE * total):
            self.settled = best
