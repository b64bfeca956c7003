"""What Whisper sees of a sound: a log-mel spectrogram, of the length asked for."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

SAMPLES_PER_FRAME = 160  # 10 ms
FFT_SAMPLES = 400


class Spectrogram:
    def __init__(self, features: Callable[..., Floats]) -> None:
        """`features`: the model's own, from samples at 16 kHz to (bands, frames)."""
        self._features = features

    def of(self, samples: Floats, frames: int) -> Floats:
        """Log-mel spectrogram of the audio followed by silence, (80 or 128, frames).

        Only the audio is transformed: the silence has one known value, and is most of a
        short utterance's context.
        """
        samples = samples[: frames * SAMPLES_PER_FRAME]
        whole = -(-len(samples) // SAMPLES_PER_FRAME) * SAMPLES_PER_FRAME + FFT_SAMPLES
        padded = np.zeros(whole // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME, np.float32)
        padded[: len(samples)] = samples
        spoken = self._features(padded, padding=0)[:, :frames]
        # Whisper's own floor: nothing lies more than 8 decades below the loudest.
        silence = max((spoken.max() * 4 - 4) - 8, -10.0) / 4 + 1
        mel = np.full((len(spoken), frames), silence, np.float32)
        mel[:, : spoken.shape[1]] = spoken
        return mel


def floats(pcm: bytes) -> Floats:
    """PCM s16le as -1..1."""
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
