"""Silero VAD in its process: many legs' windows in one batch. The only door to torch."""

import warnings
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import silero_vad
import torch

from appliance.errors import ModelError
from appliance.vad.port import (
    CONTEXT_FLOATS,
    STATE_FLOATS,
    WINDOW_SAMPLES,
    VadJob,
    VadReply,
)
from appliance.workers.port import Refusal, Reply

Floats = npt.NDArray[np.float32]


class Silero:
    """The 16 kHz network of the JIT file, called with an explicit state.

    Its own wrapper keeps one state for the batch it saw last and forgets it when the batch
    changes size, which it does whenever a call begins or ends.
    """

    def __init__(self) -> None:
        file = Path(silero_vad.__file__).parent / "data" / "silero_vad.jit"
        if not file.is_file():
            raise ModelError(
                f"The voice activity model {file} is missing.",
                fix="Run scripts/setup to install it again.",
            )
        # One thread: a batch of 64 legs takes 2 ms, and the other cores belong to Whisper.
        torch.set_num_threads(1)
        with warnings.catch_warnings():
            # TorchScript is deprecated, but the package ships the network in no other form
            # that torch can batch; batched it costs a third of the ONNX one.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._network = torch.jit.load(str(file))._model  # type: ignore[no-untyped-call]

    @torch.inference_mode()
    def __call__(self, windows: Floats, states: Floats) -> tuple[Floats, Floats]:
        """Speech probability of one window for each of B legs, and the legs' next states.

        `windows` is (B, 512) in -1..1 at 16 kHz; `states` is (B, 320): the flattened LSTM
        state and the 64 samples before the window.
        """
        batch = len(windows)
        hidden = states[:, :STATE_FLOATS].reshape(batch, 2, 128).transpose(1, 0, 2)
        heard = np.concatenate([states[:, STATE_FLOATS:], windows], axis=1)
        probabilities, hidden_next = self._network.forward(
            torch.from_numpy(heard), torch.from_numpy(np.ascontiguousarray(hidden))
        )
        flat = hidden_next.numpy().transpose(1, 0, 2).reshape(batch, STATE_FLOATS)
        following = np.concatenate([flat, heard[:, -CONTEXT_FLOATS:]], axis=1)
        return probabilities.numpy()[:, 0], following


class SileroEngine:
    """Answers VadJobs, oldest first."""

    def __init__(self, model: Silero) -> None:
        self._model = model
        self._jobs: deque[tuple[int, bytes]] = deque()

    def submit(self, job_id: int, payload: bytes) -> None:
        self._jobs.append((job_id, payload))

    def cancel(self, job_id: int) -> None:
        self._jobs = deque(job for job in self._jobs if job[0] != job_id)

    def idle(self) -> bool:
        return not self._jobs

    def step(self) -> Sequence[Reply | Refusal]:
        if not self._jobs:
            return []
        job_id, payload = self._jobs.popleft()
        job = msgspec.msgpack.decode(payload, type=VadJob)
        return [Reply(job_id, msgspec.msgpack.encode(self._answer(job)))]

    def _answer(self, job: VadJob) -> VadReply:
        samples = np.frombuffer(job.pcm, "<i2").astype(np.float32) / 32768
        windows = samples.reshape(-1, WINDOW_SAMPLES)
        counts = np.array(job.counts)
        first = np.concatenate([[0], np.cumsum(counts)[:-1]])
        states = np.frombuffer(job.states, np.float32).reshape(len(counts), -1).copy()
        probabilities = np.empty(len(windows), np.float32)
        # A leg's windows depend on each other, the legs do not: one pass for all first
        # windows, one for all second windows, and so on.
        for turn in range(int(counts.max(initial=0))):
            legs = np.flatnonzero(counts > turn)
            rows = first[legs] + turn
            probabilities[rows], states[legs] = self._model(windows[rows], states[legs])
        return VadReply(probabilities=probabilities.tobytes(), states=states.tobytes())


def build(_config: bytes) -> SileroEngine:
    """The engine, proved on one window of silence."""
    engine = SileroEngine(Silero())
    states = np.zeros((1, STATE_FLOATS + CONTEXT_FLOATS), np.float32)
    engine._model(np.zeros((1, WINDOW_SAMPLES), np.float32), states)
    return engine
