"""What is said: from sound to lines."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from appliance.messages.base import Role, Sent

Codec: TypeAlias = Literal["pcm_s16le", "mulaw", "alaw", "webm_opus"]


class AudioFormat(Struct, frozen=True, kw_only=True):
    """How one leg's binary frames are encoded; announced in the client's `hello`."""

    codec: Codec = "pcm_s16le"
    # Hz; 8000, 16000, 24000 or 48000; ignored for webm_opus
    rate: Annotated[int, Meta(ge=0, le=1_000_000)] = 16_000


class Word(Struct, frozen=True, kw_only=True):
    text: str
    start_ms: int
    end_ms: int
    probability: float


# Endpointer to transcriber.


class Started(Struct, frozen=True):
    """Somebody began to speak. Here and below, times are ms of the leg's own audio."""

    at_ms: int  # first voiced window


class Paused(Struct, frozen=True):
    """Quiet for `vad.speculate_ms`: the speaker may have finished."""

    at_ms: int  # end of the last voiced window


class Resumed(Struct, frozen=True):
    """The pause was only a breath."""


class Ended(Struct, frozen=True):
    at_ms: int  # end of the last voiced window, or the place of the cut
    cut: bool = False  # too long: the next utterance starts here at once


SpeechEvent: TypeAlias = Started | Paused | Resumed | Ended


class Transcript(Sent, frozen=True, kw_only=True, tag="transcript"):
    """What one person said, without what is personal. A newer one with the same id replaces
    the older; after the final (`is_final`) comes at most another final, when what is said
    later tells what a number is. A final with empty text withdraws its partials."""

    id: str
    speaker: Role
    text: str
    is_final: bool
    start_ms: int
    end_ms: int
    language: str = ""
    confidence: float = 0.0  # mean token probability, 0..1
    words: tuple[Word, ...] = ()  # finals only
    failed: bool = False  # the engine gave up on this utterance; the text is missing


GapReason: TypeAlias = Literal["lost", "paused", "busy"]


class Gap(Sent, frozen=True, kw_only=True, tag="gap"):
    """Audio that never came or could not be kept (`lost`), or that was not listened to: by
    wish (`paused`), or because the box had as many calls as it can read (`busy`)."""

    speaker: Role
    start_ms: int
    end_ms: int
    reason: GapReason
