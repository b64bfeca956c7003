"""One person's voice: audio -> buffer -> voice activity -> endpointer -> transcriber."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.audio.buffer import LegBuffer
from appliance.audio.leg import LegAudio, Taken
from appliance.audio.wire import Frame
from appliance.messages import AudioFormat, Gap, Role, SpeechEvent, Transcript
from appliance.settings import Settings
from appliance.transcriber import stage
from appliance.transcriber.language import LegLanguage
from appliance.transcriber.leg import LegTranscriber
from appliance.vad.detector import Detector, DetectorLeg
from appliance.vad.endpointer import Endpointer
from appliance.vad.port import WINDOW_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """The stages that all legs share; absent where speech is switched off."""

    detector: Detector
    transcriber: stage.Transcriber
    floor_frames: int


# A leg that says nothing more for this long, in mid utterance, has stopped sending: its
# utterance is closed rather than left hanging on the screen.
STALLED_S = 2.0

# Audio kept of a leg that the models are behind with: a model process can be restarted
# many times meanwhile. Beyond this the oldest is given up, and the screens are told.
MOST_BEHIND_MS = 300_000
SKIPPED_MS = 10_240  # of audio that not even the detector has heard


class Leg:
    def __init__(
        self,
        role: Role,
        audio: AudioFormat,
        *,
        settings: Settings,
        hearing: Hearing | None,
        offset_ms: int,
        tell: Callable[[Transcript | Gap], None],
    ) -> None:
        """`offset_ms` is the call time of the leg's first sample."""
        self.role = role
        self.offset_ms = offset_ms
        self.format = audio
        self.paused_from_ms: int | None = None  # leg time
        self._over = False
        self._audio = LegAudio(audio)
        self._tell = tell
        self._hearing = hearing
        self._buffer = LegBuffer()
        self._endpointer = Endpointer(settings.vad)
        core = LegTranscriber(
            role,
            vad=settings.vad,
            language=LegLanguage(
                settings.speech.language, settings.speech.fallback_language
            ),
            floor_frames=hearing.floor_frames if hearing else 0,
            offset_ms=offset_ms,
        )
        self._words = stage.Leg(
            core, self._buffer.cut, tell, self._endpointer.sounds_finished
        )
        self._ears: DetectorLeg | None = None
        if hearing is not None:
            hearing.transcriber.open(self._words)
            self._ears = hearing.detector.open(self._on_probabilities)

    @property
    def next_seq(self) -> int:
        return self._audio.next_seq

    @property
    def taken_ms(self) -> float:
        return self._audio.taken_ms

    @property
    def unheard_ms(self) -> int:
        """Audio that the detector has not heard yet."""
        return self._buffer.end_ms - self._endpointer.now_ms

    def take(self, frame: Frame) -> Taken:
        """One frame in. Raises ProtocolError, having taken nothing, if it is not usable."""
        taken = self._audio.push(frame)
        for start_ms, end_ms in taken.gaps:
            self._mark_gap(start_ms, end_ms, "lost")
        self._hear(taken.pcm)
        return taken

    def pause(self, *, on: bool) -> None:
        """While paused, what is said is neither kept nor recognised."""
        now_ms = round(self.taken_ms)
        if on and self.paused_from_ms is None:
            self.paused_from_ms = now_ms
        elif not on and self.paused_from_ms is not None:
            self._mark_gap(self.paused_from_ms, now_ms, "paused")
            self.paused_from_ms = None

    def close_open_utterance(self) -> None:
        """The person sends nothing more for now; what was said is settled."""
        if self._hearing is not None and self._endpointer.speaking:
            events = self._endpointer.finish()
            self._tell_transcriber(events)

    async def finish(self) -> None:
        """The person has left: return once every final is told. What they say from now on
        is no part of the call; somebody who talks on could hold its end up for ever."""
        self.pause(on=False)
        self._hear(self._audio.flush())
        self._over = True
        if self._hearing is None or self._ears is None:
            return
        await self._hearing.detector.drain(self._ears)
        self.close_open_utterance()
        self._hearing.transcriber.close(self._words)
        await self._words.finished.wait()
        self.abandon()

    def abandon(self) -> None:
        """Let go of the leg at once, finished or not."""
        if self._hearing is not None and self._ears is not None:
            self._hearing.detector.close(self._ears)
            self._hearing.transcriber.abandon(self._words)

    def _hear(self, pcm: bytes) -> None:
        if self._hearing is None or self._ears is None or self._over or not pcm:
            return
        if self.paused_from_ms is not None:
            pcm = bytes(len(pcm))
        self._buffer.append(pcm)
        self._hearing.detector.feed(self._ears, pcm)
        if self._buffer.kept_ms > MOST_BEHIND_MS:
            self._give_up_oldest(self._hearing, self._ears)

    def _give_up_oldest(self, hearing: Hearing, ears: DetectorLeg) -> None:
        if hearing.transcriber.give_up_oldest(self._words):
            self._forget()
            return
        from_ms = self._endpointer.now_ms
        windows = hearing.detector.skip(ears, SKIPPED_MS // WINDOW_MS)
        self._mark_gap(from_ms, from_ms + windows * WINDOW_MS, "lost")

    def _forget(self) -> None:
        self._buffer.forget_before(self._words.core.needed_from_ms(self._endpointer.now_ms))

    def _on_probabilities(self, probabilities: list[float]) -> None:
        if self._hearing is None:
            return
        for probability in probabilities:
            events = self._endpointer.push(probability)
            self._tell_transcriber(events)
        self._forget()

    def _tell_transcriber(self, events: Sequence[SpeechEvent]) -> None:
        if self._hearing is not None:
            self._hearing.transcriber.heard(
                self._words,
                events,
                self._endpointer.now_ms,
                voiced=self._endpointer.voiced,
            )

    def _mark_gap(self, start_ms: int, end_ms: int, reason: str) -> None:
        self._tell(
            Gap(
                speaker=self.role,
                start_ms=start_ms + self.offset_ms,
                end_ms=end_ms + self.offset_ms,
                reason="paused" if reason == "paused" else "lost",
            )
        )
