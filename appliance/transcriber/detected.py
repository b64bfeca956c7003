"""What a detection of the language comes to. No model."""

from collections.abc import Sequence
from typing import NamedTuple

from appliance.transcriber.port import DecodeItem

# A detection below this is noise or a word or two: on cross-talk of English calls Whisper
# heard Norwegian and Russian, and wrote it.
SURE = 0.5


class Heard(NamedTuple):
    """The language of one item, given or detected."""

    language: str
    probability: float = 1.0
    guess: str = ""
    guess_probability: float = 0.0


def heard_in(item: DecodeItem, guess: Sequence[tuple[str, float]]) -> Heard:
    """What to decode in, and what it sounds like, of a detection sorted best first."""
    if item.language and not item.guess:
        return Heard(item.language)
    named = {token.strip("<|>"): float(probability) for token, probability in guess}
    if chosen := {code: named[code] for code in item.choices if code in named}:
        total = sum(chosen.values())
        named = {code: found / total for code, found in chosen.items()}
    best = max(named, key=named.__getitem__)
    fallback = item.language or item.fallback
    if named[best] < SURE and fallback in named:
        best = fallback
    if item.language:
        return Heard(item.language, 1.0, best, named[best])
    return Heard(best, named[best], best, named[best])
