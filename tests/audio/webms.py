"""WebM recordings as browsers make them, for tests."""

import io

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


def speechlike(seconds: float, rate: int = 48_000) -> Samples:
    """A sound that differs from moment to moment, so that a shift or a hole shows."""
    time = np.arange(round(seconds * rate)) / rate
    sweep = np.sin(2 * np.pi * (200 * time + 300 * time**2))
    loudness = 4500 * (1 + np.sin(2 * np.pi * 3 * time))
    return np.asarray(loudness * sweep).astype(np.int16)


def likeness(heard: Samples, original: Samples, *, slack: int = 3) -> float:
    """Correlation at the best of the shifts up to `slack` samples."""
    inner = original[slack:-slack]
    shifted = [heard[at : at + len(inner)] for at in range(2 * slack + 1)]
    return max(float(np.corrcoef(one, inner)[0, 1]) for one in shifted)


def record(samples: Samples, *, live: bool = True, channels: int = 1) -> bytes:
    """Opus in WebM. `live` leaves segment and cluster sizes unknown, as recorders do."""
    file = io.BytesIO()
    options = {"live": "1", "cluster_time_limit": "500"} if live else {}
    with av.open(file, "w", format="webm", options=options) as container:
        stream = container.add_stream("libopus", rate=48_000)
        stream.layout = "mono" if channels == 1 else "stereo"
        frame = av.AudioFrame.from_ndarray(
            np.repeat(samples, channels).reshape(1, -1), format="s16", layout=stream.layout
        )
        frame.sample_rate = 48_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return file.getvalue()


def decode_whole(webm: bytes) -> Samples:
    """FFmpeg's own reading of the file, mono."""
    with av.open(io.BytesIO(webm)) as container:
        assert isinstance(container, av.container.InputContainer)
        planes = [frame.to_ndarray() for frame in container.decode(audio=0)]
    mixed = np.rint(np.concatenate(planes, axis=1).mean(axis=0) * 32768)
    return np.asarray(np.clip(mixed, -32768, 32767), np.int16)
