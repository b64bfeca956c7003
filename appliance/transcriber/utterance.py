"""One utterance of one leg: what has been read of it, and what people are told.

Times of the utterance are leg time, transcripts carry call time; all in ms.
"""

import math
from dataclasses import dataclass

import msgspec

from appliance.messages import Role, Transcript, Word
from appliance.transcriber.guards import judge
from appliance.transcriber.port import Decoded
from appliance.transcriber.scheduler import Request


@dataclass(slots=True, kw_only=True)
class Utterance:
    id: str
    speaker: Role
    offset_ms: int  # call time of the leg's first sample
    start_ms: int  # first sample to decode, with pre-roll
    voiced_ms: int  # first voiced window
    asked_ms: int  # end of the newest partial's audio
    end_ms: int | None = None  # set once the speaker has stopped
    shown_to_ms: int = 0  # audio behind the newest partial shown
    shown: str = ""
    last_word: Request | None = None  # what becomes the final, unless speech resumes
    best: Decoded | None = None  # the surest reading of it so far
    ready: bool = False  # no reading of it is still to come
    settled: tuple[Transcript, ...] | None = None  # told when those before it are

    def read(self, decoded: Decoded) -> None:
        """Keep this reading if it is surer than those before."""
        if self.best is None or decoded.avg_logprob > self.best.avg_logprob:
            self.best = decoded

    def partial(self, decoded: Decoded, end_ms: int) -> Transcript | None:
        """The words up to `end_ms`, if that is news."""
        text = judge(decoded)
        news = text and text != self.shown and end_ms > self.shown_to_ms
        if not news or self.end_ms is not None:
            return None
        self.shown, self.shown_to_ms = text, end_ms
        return self._transcript(decoded, text, end_ms)

    def withdrawn(self) -> Transcript:
        """A final without words, which takes back what was shown."""
        return Transcript(
            id=self.id,
            speaker=self.speaker,
            text="",
            is_final=True,
            start_ms=self.voiced_ms + self.offset_ms,
            end_ms=(self.end_ms or self.asked_ms) + self.offset_ms,
        )

    def final(self) -> Transcript | None:
        """The surest reading; None if nobody has seen anything and nothing was said."""
        end_ms = self.end_ms or self.asked_ms
        decoded = self.best
        if decoded is None:
            return msgspec.structs.replace(self.withdrawn(), failed=True)
        text = judge(decoded)
        if not text and not self.shown:
            return None
        words = decoded.words if text == decoded.text else ()
        shift_ms = self.start_ms + self.offset_ms
        return msgspec.structs.replace(
            self._transcript(decoded, text, end_ms),
            is_final=True,
            words=tuple(_shifted(word, shift_ms) for word in words),
        )

    def _transcript(self, decoded: Decoded, text: str, end_ms: int) -> Transcript:
        return Transcript(
            id=self.id,
            speaker=self.speaker,
            text=text,
            is_final=False,
            start_ms=self.voiced_ms + self.offset_ms,
            end_ms=end_ms + self.offset_ms,
            language=decoded.language,
            confidence=round(math.exp(min(0.0, decoded.avg_logprob)), 3),
        )


def _shifted(word: Word, by_ms: int) -> Word:
    return msgspec.structs.replace(
        word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms
    )
