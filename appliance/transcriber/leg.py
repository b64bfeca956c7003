"""From boundaries to words: the partials and the final of each utterance of one leg.

No clock, no model. Endpointer events go in and requests for the engine come out; results
go in and transcripts come out. Times in are leg time, transcripts carry call time.

    Started --> partials --> Paused --> speculative final --> Ended --> it is the final
                   ^                          |
                   +-------- Resumed <--------+   it was only a partial
"""

from collections.abc import Sequence

from appliance.messages import (
    Ended,
    Paused,
    Resumed,
    Role,
    SpeechEvent,
    Started,
    Transcript,
)
from appliance.settings import VadSettings
from appliance.transcriber.guards import doubtful, whole_sentence
from appliance.transcriber.language import LegLanguage
from appliance.transcriber.port import Decoded, Purpose
from appliance.transcriber.scheduler import SECOND_LOOK, Request, context_for
from appliance.transcriber.utterance import Utterance

# Of what the person has said, this much goes with the next piece of audio: more than the
# engine takes.
SAID_CHARACTERS = 400


class LegTranscriber:
    def __init__(
        self,
        speaker: Role,
        *,
        vad: VadSettings,
        language: LegLanguage,
        floor_frames: int,
        offset_ms: int,
    ) -> None:
        """`offset_ms` is the call time of the leg's first sample."""
        self.speaker = speaker
        self.language = language
        self._vad = vad
        self._floor = floor_frames
        self._offset_ms = offset_ms
        self._open: Utterance | None = None
        self._waiting: dict[str, Utterance] = {}  # open, or ended without their final
        self._partial: Request | None = None
        self._count = 0
        self._last_end_ms = 0
        self.said = ""  # the newest finals, for the engine to go on from

    @property
    def speaking(self) -> bool:
        return self._open is not None

    @property
    def unfinished(self) -> int:
        """Utterances whose final has not been told yet."""
        return len(self._waiting)

    def needed_from_ms(self, now_ms: int) -> int:
        """Audio before this leg time is not asked for again."""
        ahead = now_ms - self._vad.pre_roll_ms - self._vad.start_ms
        return max(0, min([ahead, *(u.start_ms for u in self._waiting.values())]))

    def settled_ms(self, now_ms: int) -> int:
        """Leg time until which all that was said is told, of audio up to `now_ms`."""
        # Speech is known as such only after `start_ms` of it.
        known = now_ms - self._vad.start_ms
        return max(0, min([known, *(u.voiced_ms for u in self._waiting.values())]))

    # ------------------------------------------------------------------ boundaries

    def on_event(self, event: SpeechEvent) -> Sequence[Request | Transcript]:
        """What one decision of the endpointer asks for, or settles."""
        match event:
            case Started(at_ms):
                self._begin(at_ms)
                return []
            case Paused(at_ms):
                return self._speculate(at_ms)
            case Resumed():
                self._resume()
                return []
            case Ended(at_ms, cut):
                return self._end(at_ms, cut=cut)

    def _begin(self, at_ms: int) -> None:
        self._count += 1
        utterance = Utterance(
            id=f"{self.speaker}-{self._count}",
            speaker=self.speaker,
            offset_ms=self._offset_ms,
            # Never back into the utterance before: its last word would be said twice.
            start_ms=max(at_ms - self._vad.pre_roll_ms, self._last_end_ms),
            voiced_ms=at_ms,
            asked_ms=at_ms,
        )
        self._open = self._waiting[utterance.id] = utterance

    def _speculate(self, at_ms: int) -> Sequence[Request | Transcript]:
        utterance = self._open
        if utterance is None:
            return []
        end_ms = at_ms + self._vad.speculate_ms
        utterance.best, utterance.ready = None, False
        if self._partial is not None and self._partial.waits:
            self._partial.abandoned = True  # this request says more, and is as quick
        utterance.last_word = self._request(utterance, "speculative", end_ms)
        utterance.asked_ms = end_ms
        return [utterance.last_word]

    def _resume(self) -> None:
        utterance = self._open
        if utterance is None:
            return
        if utterance.last_word is not None:
            utterance.last_word.abandoned = True
        utterance.last_word = utterance.best = None
        utterance.ready = False

    def _end(self, at_ms: int, *, cut: bool) -> Sequence[Request | Transcript]:
        utterance = self._open
        if utterance is None:
            return []
        self._open = None
        self._last_end_ms = at_ms
        utterance.end_ms = at_ms
        if utterance.last_word is None or cut:
            tail_ms = 0 if cut else self._vad.speculate_ms
            utterance.best = None
            utterance.last_word = self._request(utterance, "final", at_ms + tail_ms)
            return [utterance.last_word]
        if utterance.ready:
            return self._settle(utterance)
        utterance.last_word.purpose = "final"
        return []

    def partial(self, now_ms: int, interval_ms: float) -> Request | None:
        """A request for the words so far, if there is enough new speech.

        One that still waits in the queue is brought up to date instead.
        """
        utterance = self._open
        if utterance is None or utterance.last_word is not None:
            return None
        waiting = self._partial
        if waiting is not None and waiting.waits and waiting.utterance == utterance.id:
            waiting.end_ms = utterance.asked_ms = now_ms
            waiting.context_frames = self._context(utterance, now_ms)
            return None
        if now_ms - utterance.asked_ms < interval_ms:
            return None
        utterance.asked_ms = now_ms
        self._partial = self._request(utterance, "partial", now_ms)
        return self._partial

    def _request(self, utterance: Utterance, purpose: Purpose, end_ms: int) -> Request:
        return Request(
            leg=self,
            utterance=utterance.id,
            purpose=purpose,
            start_ms=utterance.start_ms,
            end_ms=end_ms,
            context_frames=self._context(utterance, end_ms),
        )

    def _context(self, utterance: Utterance, end_ms: int) -> int:
        return context_for(end_ms - utterance.start_ms, self._floor)

    def _unsettled(self, request: Request) -> Utterance | None:
        utterance = self._waiting.get(request.utterance)
        return None if utterance is None or utterance.settled is not None else utterance

    def wants(self, request: Request) -> bool:
        """False once nobody waits for this request: its audio may be gone already."""
        utterance = self._unsettled(request)
        if utterance is None:
            return False
        return request is utterance.last_word or utterance.end_ms is None

    # ------------------------------------------------------------------ results

    def on_decoded(
        self, request: Request, decoded: Decoded, *, hurried: bool = False
    ) -> Sequence[Request | Transcript]:
        """What one result shows, settles, or asks for again; `hurried` forgoes that."""
        utterance = self._unsettled(request)
        if utterance is None:
            return []
        if request is not utterance.last_word:
            return self._show(utterance, request, decoded)
        utterance.read(decoded)
        again = not hurried and not request.second and request.context_frames < SECOND_LOOK
        if again and doubtful(decoded, request.end_ms - request.start_ms):
            return [*self._show(utterance, request, decoded), self._look_again(utterance)]
        utterance.ready = True
        if utterance.end_ms is not None:
            return self._settle(utterance)
        return self._show(utterance, request, decoded)

    def ends_sentence(self, request: Request, decoded: Decoded) -> bool:
        """True if this result says that the person, who is pausing, has finished."""
        utterance = self._open
        if utterance is None or request is not utterance.last_word:
            return False
        return whole_sentence(decoded)

    def on_failed(self, request: Request) -> Sequence[Request | Transcript]:
        """The engine gave this request up."""
        utterance = self._unsettled(request)
        if utterance is None or request is not utterance.last_word:
            return []
        if utterance.end_ms is None:
            utterance.last_word = utterance.best = None
            return []
        return self._settle(utterance)

    def give_up_oldest(self) -> Sequence[Request | Transcript] | None:
        """Settle the oldest utterance that waits for its final with what is known of it;
        None if none waits."""
        oldest = next(iter(self._waiting.values()), None)
        if oldest is None or oldest.end_ms is None:
            return None
        return self._settle(oldest)

    def withdraw(self) -> Sequence[Transcript]:
        """Forget what is not settled; partials that people have seen are withdrawn."""
        told = [u.withdrawn() for u in self._waiting.values() if u.shown]
        for utterance in self._waiting.values():
            if utterance.last_word is not None:
                utterance.last_word.abandoned = True
        if self._partial is not None:
            self._partial.abandoned = True
        self._waiting.clear()
        self._open = self._partial = None
        return told

    def _look_again(self, utterance: Utterance) -> Request:
        again = self._request(utterance, "speculative", utterance.asked_ms)
        if utterance.last_word is not None:
            again.end_ms = utterance.last_word.end_ms
        again.purpose = "speculative" if utterance.end_ms is None else "final"
        again.context_frames = SECOND_LOOK
        again.second = True
        utterance.last_word = again
        return again

    def _show(
        self, utterance: Utterance, request: Request, decoded: Decoded
    ) -> Sequence[Request | Transcript]:
        partial = utterance.partial(decoded, request.end_ms)
        return [partial] if partial is not None else []

    def _settle(self, utterance: Utterance) -> Sequence[Transcript]:
        """Settle one utterance; what it tells, and those after it that waited for it.

        Two processes may read two utterances of one person at the same time, and people
        and the assistant read them in the order they were said.
        """
        if utterance.last_word is not None:
            utterance.last_word.abandoned = True  # or done already
        final = utterance.final()
        utterance.settled = (final,) if final is not None else ()
        if final is not None and final.text and utterance.best is not None:
            self.language.heard(utterance.best, (final.end_ms - final.start_ms) / 1000)
            self.said = f"{self.said} {final.text}"[-SAID_CHARACTERS:].lstrip()
        told: list[Transcript] = []
        for waiting in list(self._waiting.values()):
            if waiting.settled is None:
                break
            del self._waiting[waiting.id]
            told += waiting.settled
        return told
