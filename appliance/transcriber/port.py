"""What the transcriber asks of the speech model process, and what it gets back."""

from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.messages import Word

# Why a pass is run. A final's text is kept; a speculative one is a final decoded in the
# pause that may end the utterance; a partial is replaced by the next.
Purpose: TypeAlias = Literal["partial", "speculative", "final"]


class DecodeItem(Struct, frozen=True, kw_only=True, array_like=True):
    pcm: bytes  # s16le, 16 kHz, at most 25 s
    language: str = ""  # "" to detect it
    fallback: str = "en"  # taken where the detection is unsure
    before: str = ""  # what the same person said before, to go on from
    choices: tuple[str, ...] = ()  # what it may be detected as; all without
    guess: bool = False  # detect it though `language` says what to decode in


class DecodeJob(Struct, frozen=True, kw_only=True, array_like=True):
    """One batch. All items share the encoder context and the search."""

    items: list[DecodeItem]
    context_frames: int  # mel frames of 10 ms, speech and padding
    careful: bool  # beam search and word times, for finals


class Decoded(Struct, frozen=True, kw_only=True, array_like=True):
    text: str
    words: tuple[Word, ...]  # ms from the start of the item; careful passes only
    language: str
    language_probability: float  # 1.0 where it was given, low where it is the fallback
    avg_logprob: float  # mean log probability of a token
    no_speech: float  # probability that there is no speech
    capped: bool  # stopped by the token limit: a runaway
    guess: str = ""  # language detected, the fallback where unsure; "" where not asked for
    guess_probability: float = 0.0


class DecodeReply(Struct, frozen=True, kw_only=True, array_like=True):
    items: list[Decoded]


class EngineConfig(Struct, frozen=True, kw_only=True, array_like=True):
    model: str  # path of the CTranslate2 folder
    threads: int  # 0: every core
    device: str = "cpu"
    compute_type: str = "int8"
    gpu: int = 0  # which, where the device is cuda
    languages: tuple[str, ...] = ()  # that it has to know
    vocabulary: tuple[str, ...] = ()  # the site's names, to be expected
