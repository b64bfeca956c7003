"""Silero VAD in its process: many legs' windows in one batch. The only door to torch."""

import warnings
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import silero_vad
import torch

from appliance.errors import ModelError
from appliance.vad.port import (
    CONTEXT_FLOATS,
    FRESH_STATE,
    STATE_FLOATS,
    WINDOW_BYTES,
    WINDOW_SAMPLES,
    VadJob,
    VadReply,
)
from appliance.workers.one_by_one import OneByOne

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


def listen(model: Silero, job: VadJob) -> VadReply:
    """The probability of each window of the job."""
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
        probabilities[rows], states[legs] = model(windows[rows], states[legs])
    return VadReply(probabilities=probabilities.tobytes(), states=states.tobytes())


def build(_config: bytes) -> OneByOne:
    """Answers VadJobs with VadReplies; proved on one window of silence."""
    model = Silero()
    listen(model, VadJob(counts=[1], pcm=bytes(WINDOW_BYTES), states=FRESH_STATE))

    def answer(payload: bytes) -> bytes:
        job = msgspec.msgpack.decode(payload, type=VadJob)
        return msgspec.msgpack.encode(listen(model, job))

    return OneByOne(answer)
