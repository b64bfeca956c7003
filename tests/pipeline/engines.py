"""Models that are quick and foreseeable, run in real child processes like the real ones."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from appliance.errors import ModelError
from appliance.messages import Word
from appliance.transcriber.port import Decoded, DecodeItem, DecodeJob, DecodeReply
from appliance.vad.port import WINDOW_SAMPLES, VadJob, VadReply
from appliance.workers.one_by_one import OneByOne


def loudness(_config: bytes) -> OneByOne:
    """Speech is what is loud."""

    def answer(payload: bytes) -> bytes:
        job = msgspec.msgpack.decode(payload, type=VadJob)
        samples = np.frombuffer(job.pcm, "<i2").astype(np.float32)
        loud = np.abs(samples.reshape(-1, WINDOW_SAMPLES)).mean(axis=1) > 500
        reply = VadReply(probabilities=loud.astype(np.float32).tobytes(), states=job.states)
        return msgspec.msgpack.encode(reply)

    return OneByOne(answer)


def spelled_length(_config: bytes) -> OneByOne:
    """Says how many tenths of a second of sound it was given: one word for each."""

    def hear(item: DecodeItem) -> list[str]:
        samples = np.frombuffer(item.pcm, "<i2")
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 500)
        tenths = round((loud[-1] - loud[0]) / 1600) if len(loud) else 0
        return [f"w{n}" for n in range(tenths)]

    return decoding(hear)


def spelled_length_unless(config: bytes) -> OneByOne:
    """The same, but it cannot be started while the file named by the config exists."""
    if Path(os.fsdecode(config)).exists():
        raise ModelError("The model file is damaged.", fix="Fetch it again.")
    return spelled_length(config)


def decoding(hear: Callable[[DecodeItem], Sequence[str]]) -> OneByOne:
    """A speech engine that is sure of the words it heard, each a tenth of a second."""

    def decode(item: DecodeItem) -> Decoded:
        words = hear(item)
        return Decoded(
            text=" ".join(words),
            words=tuple(
                Word(text=word, start_ms=n * 100, end_ms=n * 100 + 100, probability=1.0)
                for n, word in enumerate(words)
            ),
            language=item.language or "en",
            language_probability=1.0,
            avg_logprob=-0.1,
            no_speech=0.0,
            capped=False,
        )

    def answer(payload: bytes) -> bytes:
        job = msgspec.msgpack.decode(payload, type=DecodeJob)
        return msgspec.msgpack.encode(DecodeReply(items=[decode(i) for i in job.items]))

    return OneByOne(answer)
