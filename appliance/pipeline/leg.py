"""One person's voice: frames in, audio out, and ears that listen to it if there is room."""

from collections.abc import Callable

from appliance.audio.leg import LegAudio, Taken
from appliance.audio.wire import Frame
from appliance.messages import AudioFormat, Gap, GapReason, Role, Transcript
from appliance.pipeline.ears import Ears, Hearing
from appliance.recordings.deck import Track
from appliance.settings import Settings

# What a customer has begun to read out when somebody turns payment mode on, where nobody
# listens who knows since when they speak.
BEGUN_MS = 5_000

# A leg that says nothing more for this long, in mid utterance, has stopped sending: its
# utterance is closed rather than left hanging on the screen.
STALLED_S = 2.0


class Leg:
    def __init__(
        self,
        role: Role,
        audio: AudioFormat,
        *,
        settings: Settings,
        offset_ms: int,
        tell: Callable[[Transcript | Gap], None],
        queue: str = "",
        track: Track | None = None,
    ) -> None:
        """`offset_ms` is the call time of the leg's first sample, `queue` the call's,
        `track` what it is recorded on. Nobody listens yet."""
        self.role = role
        self.offset_ms = offset_ms
        self.format = audio
        self.paused_from_ms: int | None = None  # leg time
        self._resume_ms: int | None = None  # leg time at which the pause ends, if it does
        self._settings = settings
        self._over = False
        self._audio = LegAudio(audio)
        self._tell = tell
        self._queue = queue
        self._track = track
        self._ears: Ears | None = None

    @property
    def next_seq(self) -> int:
        return self._audio.next_seq

    @property
    def taken_ms(self) -> float:
        return self._audio.taken_ms

    @property
    def unheard_ms(self) -> int:
        """Audio that is still on its way to the words."""
        return self._ears.unheard_ms if self._ears else 0

    @property
    def settled_ms(self) -> int | None:
        """Call time until which all that was said is told; None while nobody listens."""
        if self._ears is None or self.paused_from_ms is not None:
            return None
        return self._ears.settled_ms

    def listen(self, hearing: Hearing) -> None:
        """Recognise what is said from now on; what was said before is marked as missed."""
        if self._ears is not None or self._over:
            return
        self.missed()
        self._ears = Ears(
            self.role,
            hearing,
            self._settings,
            offset_ms=self.offset_ms + round(self.taken_ms),
            tell=self._tell,
            queue=self._queue,
        )

    def take(self, frame: Frame) -> Taken:
        """One frame in. Raises ProtocolError, having taken nothing, if it is not usable."""
        taken = self._audio.push(frame)
        for start_ms, end_ms in taken.gaps:
            self._mark_gap(start_ms, end_ms, "lost")
        self._hear(taken.pcm)
        self._resume_in_time()
        return taken

    def pause(self) -> None:
        """From now on nothing is kept or recognised. Of the customer, what waits to be
        recognised goes, too: they may have begun to read out a number."""
        self._resume_ms = None
        if self.paused_from_ms is not None:
            return
        self._silence_begun()
        self.paused_from_ms = round(self.taken_ms)
        if self._ears is not None and self.role == "customer":
            self._ears.withdraw()
        else:
            self.close_open_utterance()

    def _silence_begun(self) -> None:
        """What of the last seconds will not be told is not to be heard either."""
        if self._track is None:
            return
        now_ms = self.offset_ms + round(self.taken_ms)
        if self.role == "customer":
            settled_ms = self.settled_ms
            from_ms = now_ms - BEGUN_MS if settled_ms is None else settled_ms
            from_ms -= self._settings.vad.pre_roll_ms
            self._track.silence(max(self.offset_ms, from_ms), now_ms)
        self._track.mark("paused", now_ms)

    def resume(self, at_ms: int) -> None:
        """What is said is kept and recognised again, once the leg has come to `at_ms`."""
        self._resume_ms = at_ms
        self._resume_in_time()

    def _resume_in_time(self) -> None:
        now_ms = round(self.taken_ms)
        if self._resume_ms is None or self.paused_from_ms is None:
            return
        if now_ms >= self._resume_ms:
            self._mark_gap(self.paused_from_ms, now_ms, "paused")
            self.paused_from_ms = self._resume_ms = None

    def missed(self) -> None:
        """Nobody has listened so far, for want of room."""
        until_ms = round(self.taken_ms)
        if self._ears is None and until_ms > 0:
            self._mark_gap(0, until_ms, "busy")

    def close_open_utterance(self) -> None:
        """The person sends nothing more for now; what was said is settled."""
        if self._ears is not None:
            self._ears.close_open_utterance()

    async def finish(self) -> None:
        """The person has left: return once every final is told. What they say from now on
        is no part of the call; somebody who talks on could hold its end up for ever."""
        self._hear(self._audio.flush())
        self.resume(0)
        self._over = True
        if self._ears is not None:
            await self._ears.finish()

    def abandon(self) -> None:
        """Let go of the leg at once, finished or not."""
        if self._ears is not None:
            self._ears.abandon()

    def _hear(self, pcm: bytes) -> None:
        if self._over or not pcm:
            return
        kept = bytes(len(pcm)) if self.paused_from_ms is not None else pcm
        if self._track is not None:
            self._track.take(kept)
        if self._ears is not None:
            self._ears.hear(kept)

    def _mark_gap(self, start_ms: int, end_ms: int, reason: GapReason) -> None:
        if self._track is not None and reason != "busy":
            self._track.mark(reason, start_ms + self.offset_ms, end_ms + self.offset_ms)
        self._tell(
            Gap(
                speaker=self.role,
                start_ms=start_ms + self.offset_ms,
                end_ms=end_ms + self.offset_ms,
                reason=reason,
            )
        )
