"""Decide where utterances begin and end. No clock, no threads, no model.

    QUIET --start_ms of speech--> SPEAKING --speculate_ms of silence--> PAUSED
    PAUSED --speech--> SPEAKING            PAUSED --hangover_ms of silence--> QUIET
                                           (finished_ms if the words are a sentence)
    SPEAKING --max_utterance_ms--> SPEAKING again, cut at the quietest window

Times are ms of the leg's audio. Everything that may change the state is in `push`.
"""

from collections import deque

from appliance.messages import Ended, Paused, Resumed, SpeechEvent, Started
from appliance.settings import VadSettings
from appliance.vad.port import WINDOW_MS

# A cut is looked for in the last third of an utterance that grew too long: further back
# would leave scraps, and five seconds hold a breath of even a fast talker.
CUT_SEARCH = 1 / 3


class Endpointer:
    """Turn one leg's speech probabilities into utterance boundaries."""

    def __init__(self, settings: VadSettings) -> None:
        self.settings = settings
        self.now_ms = 0  # audio time: advances only when audio arrives
        self.speaking = False
        self._paused = False
        self._finished = False  # the words before this pause are a whole sentence
        self._speech_ms = 0  # speech in a row while quiet
        self._silence_ms = 0  # silence in a row while speaking
        self._start_ms = 0
        searched = int(settings.max_utterance_ms * CUT_SEARCH) // WINDOW_MS
        self._recent: deque[float] = deque(maxlen=searched)

    @property
    def voiced(self) -> bool:
        """The newest window belongs to an utterance and is speech."""
        return self.speaking and self._silence_ms == 0

    def push(self, probability: float) -> list[SpeechEvent]:
        """Account for one window and return what it decided."""
        self.now_ms += WINDOW_MS
        self._recent.append(probability)
        if not self.speaking:
            return self._while_quiet(probability)
        # Hysteresis: once open, an utterance is kept open by softer speech, else the end of
        # each falling sentence would flutter.
        if probability >= self.settings.release:
            return self._voiced()
        return self._unvoiced()

    def sounds_finished(self) -> None:
        """The words before the present pause are a whole sentence: wait less for more."""
        self._finished = self._paused

    def finish(self) -> list[SpeechEvent]:
        """The leg hung up: close an utterance that is still open."""
        if not self.speaking:
            return []
        return [self._end(self.now_ms - self._silence_ms)]

    def _while_quiet(self, probability: float) -> list[SpeechEvent]:
        voiced = probability >= self.settings.threshold or (
            self._speech_ms > 0 and probability >= self.settings.release
        )
        self._speech_ms = self._speech_ms + WINDOW_MS if voiced else 0
        if self._speech_ms < self.settings.start_ms:
            return []
        self._start_ms = self.now_ms - self._speech_ms
        self.speaking, self._paused = True, False
        self._speech_ms = self._silence_ms = 0
        return [Started(self._start_ms)]

    def _voiced(self) -> list[SpeechEvent]:
        self._silence_ms = 0
        events: list[SpeechEvent] = []
        if self._paused:
            self._paused = self._finished = False
            events.append(Resumed())
        if self.now_ms - self._start_ms >= self.settings.max_utterance_ms:
            events += self._cut()
        return events

    def _unvoiced(self) -> list[SpeechEvent]:
        self._silence_ms += WINDOW_MS
        end_ms = self.now_ms - self._silence_ms
        patience_ms = self.settings.hangover_ms
        if self._finished:
            patience_ms = min(patience_ms, self.settings.finished_ms)
        if self._silence_ms >= patience_ms:
            return [self._end(end_ms)]
        if not self._paused and self._silence_ms >= self.settings.speculate_ms:
            self._paused = True
            return [Paused(end_ms)]
        return []

    def _end(self, at_ms: int) -> Ended:
        self.speaking = self._paused = self._finished = False
        self._speech_ms = self._silence_ms = 0
        return Ended(at_ms)

    def _cut(self) -> list[SpeechEvent]:
        """End here and start again, at the quietest window of the last seconds."""
        windows = list(self._recent)
        # Of equals the latest, which leaves the shortest rest.
        quietest = min(range(len(windows)), key=lambda place: (windows[place], -place))
        at_ms = self.now_ms - (len(windows) - quietest) * WINDOW_MS + WINDOW_MS // 2
        self._start_ms = at_ms
        return [Ended(at_ms, cut=True), Started(at_ms)]
