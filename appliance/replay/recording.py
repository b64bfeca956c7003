"""A recorded call of two channels, read from a WAV or FLAC file."""

from pathlib import Path
from typing import TypeAlias

import numpy as np
import soundfile
from numpy.typing import NDArray

from appliance.errors import RecordingError
from appliance.messages import Role

RATES = (8000, 16_000, 24_000, 48_000)
SHORTEST_S = 1.0

Samples: TypeAlias = NDArray[np.int16]


class Recording:
    """Both sides of a call, played once or over and over."""

    def __init__(self, samples: Samples, rate: int, *, agent_channel: int = 0) -> None:
        """`samples`: one row for each moment, one column for each of two channels."""
        self.samples = samples
        self.rate = rate
        self.agent_channel = agent_channel
        self.length = len(samples)  # in samples of one channel, repeats included

    @property
    def duration_ms(self) -> int:
        return self.length * 1000 // self.rate

    def repeat_for(self, seconds: float) -> None:
        """Start over at the end until `seconds` have been played."""
        self.length = round(seconds * self.rate)

    def cut(self, role: Role, start: int, stop: int) -> Samples:
        """What this person says between two samples; silence after the end."""
        channel = self.agent_channel if role == "agent" else 1 - self.agent_channel
        heard = max(0, min(stop, self.length) - start)
        index = np.arange(start, start + heard) % len(self.samples)
        silence = np.zeros(stop - start - heard, np.int16)
        return np.concatenate([self.samples[index, channel], silence])


def read_recording(path: Path, *, agent_channel: int = 0) -> Recording:
    """Raises RecordingError for anything but two channels of audio at a telephone or
    browser rate.
    """
    if not path.is_file():
        raise RecordingError(
            f"There is no file {path}.",
            fix="Correct the path, or take a built-in call (--list-samples).",
        )
    try:
        with soundfile.SoundFile(path) as file:
            _refuse(path, file)
            samples = _read(file)
    except soundfile.LibsndfileError as error:
        raise RecordingError(
            f"{path} is not audio that can be read: {error.error_string.rstrip('.')}.",
            fix="Convert it to WAV or FLAC with two channels.",
        ) from error
    if len(samples) < SHORTEST_S * file.samplerate:
        raise RecordingError(
            f"{path} is {'empty' if not len(samples) else 'shorter than a second'}.",
            fix="Take a recording of a whole call; check that it was copied completely.",
        )
    return Recording(samples, file.samplerate, agent_channel=agent_channel)


def _refuse(path: Path, file: soundfile.SoundFile) -> None:
    if file.channels != 2:
        found = "one channel" if file.channels == 1 else f"{file.channels} channels"
        raise RecordingError(
            f"{path} has {found}; a call has the agent on one and the customer on another.",
            fix="Take the two-channel recording, before both sides were mixed.",
        )
    if file.samplerate not in RATES:
        raise RecordingError(
            f"{path} has {file.samplerate} samples a second.",
            fix=f"Convert it to one of {', '.join(map(str, RATES))} Hz.",
        )


def _read(file: soundfile.SoundFile) -> Samples:
    if file.subtype in ("FLOAT", "DOUBLE"):
        # libsndfile would cut floats to integers without scaling them: silence.
        scaled = np.nan_to_num(file.read(dtype="float32", always_2d=True)) * 32768
        return np.asarray(np.clip(np.rint(scaled), -32768, 32767), np.int16)
    return np.asarray(file.read(dtype="int16", always_2d=True))
