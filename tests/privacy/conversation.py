"""A conversation that is redacted line by line, and all that was ever told of it."""

from appliance.messages import Role, Transcript, Word
from appliance.privacy.redactor import Redactor
from appliance.settings import PrivacySettings

EVERYTHING = (*PrivacySettings().redact, "name")


def line(speaker: Role, text: str, number: int = 0, *, final: bool = True) -> Transcript:
    """Each word takes a tenth of a second."""
    words = [
        Word(text=word, start_ms=100 * n, end_ms=100 * n + 100, probability=1.0)
        for n, word in enumerate(text.split())
    ]
    return Transcript(
        id=f"{speaker}-{number}",
        speaker=speaker,
        text=text,
        is_final=final,
        start_ms=0,
        end_ms=100 * len(words),
        words=tuple(words) if final else (),
    )


class Conversation:
    def __init__(self, kinds: tuple[str, ...] = PrivacySettings().redact) -> None:
        self.redactor = Redactor(kinds)  # type: ignore[arg-type] # checked by the settings
        self.told: list[tuple[str, str]] = []  # id and text, in order
        self._count = 0

    def says(self, speaker: Role, text: str) -> str:
        """What is told of it at once."""
        self._count += 1
        earlier, told = self.redactor.heard(line(speaker, text, self._count))
        self.told += [(one.id, one.text) for one in (*earlier, told)]
        return told.text

    def begins(self, speaker: Role, text: str) -> str:
        """What a partial shows."""
        _, told = self.redactor.heard(line(speaker, text, self._count + 1, final=False))
        return told.text

    def ends(self) -> dict[str, str]:
        """What each line reads in the end, by id."""
        self.told += [(one.id, one.text) for one in self.redactor.end()]
        return dict(self.told)
