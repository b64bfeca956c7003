"""Which language one leg speaks: told, or found out once, and changed only against good
evidence. No model.

Evidence is the probability of a guess times the seconds of speech it was made on. While
nothing is settled, every utterance is decoded in the language it is taken for by itself,
and its guess counts. Later, one final in every RECHECK_S of speech tells its guess again,
though it is decoded in the language that is settled:

    UNSETTLED --ENOUGH_S for one, and SHARE of all--> SETTLED
    SETTLED --guesses for one other, in a row, twice as much as the last time--> SETTLED

As each change takes twice the evidence of the one before, it cannot go to and fro.
"""

from difflib import get_close_matches

from appliance.errors import SettingsError
from appliance.settings import SpeechSettings
from appliance.transcriber.port import Decoded

AUTO = "auto"

# Three seconds of sure speech settle it; a "hello" alone is often taken for another.
ENOUGH_S = 3.0
SHARE = 0.7  # of all evidence so far

RECHECK_S = 20.0  # of speech


class LegLanguage:
    def __init__(
        self, language: str, fallback: str = "en", choices: tuple[str, ...] = ()
    ) -> None:
        """`choices` are all that a guess may be; without them, all the model knows."""
        self.fallback = fallback
        self.choices = choices
        self.settled = "" if language == AUTO else language
        self._told = language != AUTO
        self._evidence: dict[str, float] = {}
        self._to_change_s = 2 * ENOUGH_S
        self._since_s = 0.0  # speech since the newest guess

    @property
    def to_ask(self) -> str:
        """The language to decode in; "" asks the model."""
        return self.settled

    @property
    def doubts(self) -> bool:
        """Whether the next final is to tell its guess, beside what is settled."""
        if self._told or not self.settled:
            return False
        return bool(self._evidence) or self._since_s >= RECHECK_S

    def heard(self, decoded: Decoded, seconds: float) -> None:
        """Count one final's guess, if it made one."""
        if self._told:
            return
        self._since_s += seconds
        if not decoded.guess:
            return
        self._since_s = 0.0
        if decoded.guess == self.settled:
            self._evidence.clear()
            return
        weight = decoded.guess_probability * seconds
        self._evidence[decoded.guess] = self._evidence.get(decoded.guess, 0.0) + weight
        best = max(self._evidence, key=self._evidence.__getitem__)
        total = sum(self._evidence.values())
        enough_s = self._to_change_s if self.settled else ENOUGH_S
        if self._evidence[best] >= max(enough_s, SHARE * total):
            if self.settled:
                self._to_change_s *= 2
            self.settled = best
            self._evidence.clear()


class Languages:
    """In which language the calls of each queue are recognised, by the settings."""

    def __init__(self, settings: SpeechSettings) -> None:
        """Raises SettingsError if the list of queues cannot be read."""
        self._usual = settings.language
        self._fallback = settings.fallback_language
        self._choices = _list(settings.languages)
        self._of_queue = dict(map(_pair, _list(settings.queue_languages)))

    @property
    def named(self) -> tuple[str, ...]:
        """Every language that the speech model has to know."""
        named = [self._usual, *self._of_queue.values(), *self._choices]
        if AUTO in named:
            named.append(self._fallback)
        return tuple(sorted(set(named) - {AUTO}))

    def of(self, queue: str) -> str:
        """A code, or `auto`."""
        return self._of_queue.get(queue.casefold(), self._usual)

    def told(self, queue: str) -> str:
        """A code, "" where it is detected."""
        language = self.of(queue)
        return "" if language == AUTO else language

    def leg(self, queue: str) -> LegLanguage:
        """For a new leg of a call of this queue."""
        return LegLanguage(self.of(queue), self._fallback, self._choices)


def unknown(code: str, known: list[str]) -> SettingsError:
    """The error for a language that the speech model does not know."""
    near = get_close_matches(code, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return SettingsError(
        f"The speech model does not know the language {code!r}.{hint}",
        fix=f"Correct it under [speech]: one of {', '.join(known)}."
        if len(known) > 1
        else "This model knows English only: set [speech] model to a multilingual one, "
        "such as whisper-base (`appliance models list` says which are).",
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def _pair(text: str) -> tuple[str, str]:
    queue, equals, code = (part.strip() for part in text.rpartition("="))
    if not (queue and equals and code):
        raise SettingsError(
            f"[speech] queue_languages has {text!r}, which names no queue and language.",
            fix="Write it like: sales=de, support=auto.",
        )
    return queue.casefold(), code
