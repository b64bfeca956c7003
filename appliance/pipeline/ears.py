"""What listens to one leg: buffer -> voice activity -> endpointer -> transcriber."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.audio.buffer import LegBuffer
from appliance.messages import Gap, Role, SpeechEvent, Transcript
from appliance.settings import Settings
from appliance.transcriber import stage
from appliance.transcriber.language import Languages
from appliance.transcriber.leg import LegTranscriber
from appliance.vad.detector import Detector
from appliance.vad.endpointer import Endpointer
from appliance.vad.port import WINDOW_MS

# Audio kept of a leg that the models are behind with: a model process can be restarted
# many times meanwhile. Beyond this the oldest is given up, and the screens are told.
MOST_BEHIND_MS = 300_000
SKIPPED_MS = 10_240  # of audio that not even the detector has heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """The stages that all legs share; absent where speech is switched off."""

    detector: Detector
    transcriber: stage.Transcriber
    languages: Languages
    floor_frames: int


class Ears:
    def __init__(
        self,
        role: Role,
        hearing: Hearing,
        settings: Settings,
        *,
        offset_ms: int,
        tell: Callable[[Transcript | Gap], None],
        queue: str = "",
    ) -> None:
        """`offset_ms` is the call time of the first sample heard. Times within are ms from
        there. `queue` is the call's."""
        self._role = role
        self._hearing = hearing
        self._offset_ms = offset_ms
        self._tell = tell
        self._buffer = LegBuffer()
        self._endpointer = Endpointer(settings.vad)
        core = LegTranscriber(
            role,
            vad=settings.vad,
            language=hearing.languages.leg(queue),
            floor_frames=hearing.floor_frames,
            offset_ms=offset_ms,
        )
        self._words = stage.Leg(
            core, self._buffer.cut, tell, self._endpointer.sounds_finished
        )
        hearing.transcriber.open(self._words)
        self._detecting = hearing.detector.open(self._on_probabilities)

    @property
    def unheard_ms(self) -> int:
        """Audio that the detector has not heard yet."""
        return self._buffer.end_ms - self._endpointer.now_ms

    @property
    def settled_ms(self) -> int:
        """Call time until which all that was said is told."""
        return self._offset_ms + self._words.core.settled_ms(self._endpointer.now_ms)

    def hear(self, pcm: bytes) -> None:
        """The next s16le audio at 16 kHz."""
        self._buffer.append(pcm)
        self._hearing.detector.feed(self._detecting, pcm)
        if self._buffer.kept_ms > MOST_BEHIND_MS:
            self._give_up_oldest()

    def close_open_utterance(self) -> None:
        """The person sends nothing more for now; what was said is settled."""
        if self._endpointer.speaking:
            self._tell_transcriber(self._endpointer.finish())

    def withdraw(self) -> None:
        """Nothing of what has not been told as final will be."""
        self._hearing.detector.skip(self._detecting, MOST_BEHIND_MS)
        self._hearing.transcriber.withdraw(self._words)
        self._forget()

    async def finish(self) -> None:
        """Return once every final is told."""
        await self._hearing.detector.drain(self._detecting)
        self.close_open_utterance()
        self._hearing.transcriber.close(self._words)
        await self._words.finished.wait()
        self.abandon()

    def abandon(self) -> None:
        """Let go of the leg at once, finished or not."""
        self._hearing.detector.close(self._detecting)
        self._hearing.transcriber.abandon(self._words)

    def _give_up_oldest(self) -> None:
        if self._hearing.transcriber.give_up_oldest(self._words):
            self._forget()
            return
        from_ms = self._endpointer.now_ms
        windows = self._hearing.detector.skip(self._detecting, SKIPPED_MS // WINDOW_MS)
        self._tell(
            Gap(
                speaker=self._role,
                start_ms=from_ms + self._offset_ms,
                end_ms=from_ms + windows * WINDOW_MS + self._offset_ms,
                reason="lost",
            )
        )

    def _forget(self) -> None:
        self._buffer.forget_before(self._words.core.needed_from_ms(self._endpointer.now_ms))

    def _on_probabilities(self, probabilities: list[float]) -> None:
        for probability in probabilities:
            self._tell_transcriber(self._endpointer.push(probability))
        self._forget()

    def _tell_transcriber(self, events: Sequence[SpeechEvent]) -> None:
        self._hearing.transcriber.heard(
            self._words,
            events,
            self._endpointer.now_ms,
            voiced=self._endpointer.voiced,
        )
