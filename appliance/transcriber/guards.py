"""What Whisper says that nobody said: refuse it. No model, no clock.

Whisper was trained to always write something. On noise, cross-talk and cut-off words it
invents short phrases with low probability, and now and then repeats one for ever.
"""

import re
import zlib
from collections.abc import Iterator, Sequence

from appliance.transcriber.port import Decoded

# Below this mean log probability the text is a guess. faster-whisper re-decodes below it;
# on the customer legs of real calls, cross-talk gave -1.4 to -2.2 and speech -0.04 to -0.9.
GUESS_LOGPROB = -1.0

# Whisper's own rule: no speech when both say so. Alone, the no-speech probability is
# above 0.5 for many a quiet telephone "yes".
NO_SPEECH = 0.6
NO_SPEECH_LOGPROB = -0.7

# Text that packs this well repeats itself (the threshold of OpenAI's reference code).
COMPRESSION = 2.4

# A phrase said this many times in a row is a loop; people say "no, no, no".
LOOP_TIMES = 4
LOOP_WORDS = 8  # longest phrase looked for

# So often in a row nobody says anything, but for the zeros that fill up an account number;
# where Whisper hears no speech either it is stuck. On white noise it writes "1,5,5,5,5", on
# and on, in a language that nobody speaks there, and is sure of it (-0.3 to -0.7): 19 times
# in 200 where the language was not set.
STUCK_TIMES = 8
_BETWEEN = re.compile(r"[\s,.;:!?-]+")

# A final less sure than this is worth a second look with more context, unless it is short:
# a "zero" or "okay" is read the same again. On five real calls that is 16 second looks in
# place of 30, and 10.9 % WER in place of 11.0.
DOUBT_LOGPROB = -0.6
SHORT_MS = 2000  # with pre-roll and the silence behind it

# Whisper puts a full stop behind many a half sentence; behind one it is this sure of, it
# can be believed. On five real calls: 0.07 s less to the final at p50, 0.12 s at p95, and
# the same WER; at -0.6 names and numbers were cut in two.
SENTENCE_LOGPROB = -0.3
SENTENCE_ENDS = (".", "?", "!", "。", "？", "！")


def judge(decoded: Decoded) -> str:
    """The text to show, "" if nothing was said."""
    text = cut_loop(decoded.text)
    if not any(letter.isalnum() for letter in text):
        return ""
    if decoded.avg_logprob < GUESS_LOGPROB:
        return ""
    if decoded.no_speech > NO_SPEECH:
        stuck = any(_loops(_BETWEEN.split(decoded.text), STUCK_TIMES))
        if stuck or decoded.avg_logprob < NO_SPEECH_LOGPROB:
            return ""
    return text


def doubtful(decoded: Decoded, audio_ms: int) -> bool:
    """True if another pass with more context may read it better. A short one would have to
    be refused as it is."""
    enough = GUESS_LOGPROB if audio_ms <= SHORT_MS else DOUBT_LOGPROB
    return (
        decoded.avg_logprob < enough
        or decoded.capped
        or compression(decoded.text) > COMPRESSION
    )


def whole_sentence(decoded: Decoded) -> bool:
    """True if the speaker has very likely said all they meant to."""
    ends = decoded.text.endswith(SENTENCE_ENDS) and not decoded.text.endswith("...")
    return ends and decoded.avg_logprob > SENTENCE_LOGPROB


def compression(text: str) -> float:
    """Length of the text over its zlib length; above 2.4 it repeats itself."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0


def cut_loop(text: str) -> str:
    """The text up to the end of the first round of a phrase that repeats."""
    words = text.split()
    for first, size in _loops(words, LOOP_TIMES):
        end = first + size
        # Digits are dictated in runs ("0 0 0 0"): those are meant.
        if not all(word.strip(",.-").isdigit() for word in words[first:end]):
            return " ".join(words[:end])
    return text


def _loops(words: Sequence[str], times: int) -> Iterator[tuple[int, int]]:
    """Where a phrase begins that is said so many times in a row, and of how many words."""
    for size in range(1, LOOP_WORDS + 1):
        for first in range(len(words) - size * times + 1):
            phrase = words[first : first + size]
            if all(
                words[first + size * n : first + size * (n + 1)] == phrase
                for n in range(1, times)
            ):
                yield first, size
