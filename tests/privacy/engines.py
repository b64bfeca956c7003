"""Models of which a test knows what they hear, and what they were told."""

import json
import os
from pathlib import Path

import numpy as np

from appliance.assistant.mood.prompt import ASKED
from appliance.assistant.port import AdviceDelta, MoodScores, ReadMood, pack, unpack_job
from appliance.transcriber.port import DecodeItem
from appliance.workers.one_by_one import OneByOne
from tests.pipeline.engines import decoding

# The louder the sound, the later the line of the script that it is.
LOUDNESS = 1000


def dictation(config: bytes) -> OneByOne:
    """Hears line n of a script in sound of n + 1 times LOUDNESS: a word for each tenth of
    a second."""
    script: list[str] = json.loads(config)

    def hear(item: DecodeItem) -> list[str]:
        loud = np.abs(np.frombuffer(item.pcm, "<i2").astype(np.int32))
        heard = np.flatnonzero(loud > LOUDNESS // 2)
        tenths = round((heard[-1] - heard[0]) / 1600) if len(heard) else 0
        line = script[round(loud.max() / LOUDNESS) - 1].split() if tenths else []
        return line[:tenths]

    return decoding(hear)


def spoken_line(script: list[str], number: int) -> bytes:
    """The sound of a line, and the silence after it."""
    count = len(script[number].split()) * 1600
    tone = np.sign(np.sin(2 * np.pi * 440 * np.arange(count) / 16_000))
    pcm = (tone * LOUDNESS * (number + 1)).astype("<i2").tobytes()
    return bytes(pcm + bytes(2 * 1600 * 6))


def eavesdropper(config: bytes) -> OneByOne:
    """A language model that writes every prompt into the file that the config names."""
    file = Path(os.fsdecode(config))

    def answer(payload: bytes) -> bytes:
        with file.open("ab") as prompts:
            prompts.write(payload)
        if isinstance(unpack_job(payload), ReadMood):
            return pack(MoodScores(logits=(0.0,) * len(ASKED)))
        return pack(AdviceDelta(action="none", confidence=0.5, done=True))

    return OneByOne(answer)
