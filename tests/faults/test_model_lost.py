"""A model or its device goes while the box serves: named, and back once mended."""

import os
import resource
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import anyio
import msgspec
import psutil
import pytest

from appliance.models.resolve import resolve
from appliance.settings import read_settings
from appliance.transcriber import cuda
from appliance.transcriber.port import DecodeItem, DecodeJob, DecodeReply, EngineConfig
from appliance.workers.port import ask
from appliance.workers.supervisor import Spec, Worker
from tests.faults.process import START_S, Serving, serving

pytestmark = [
    pytest.mark.model,
    pytest.mark.timeout(180),
    pytest.mark.usefixtures("models"),
]

SPEECH_ALONE = {
    "APPLIANCE_ADVICE_ENABLED": "false",
    "APPLIANCE_KNOWLEDGE_ENABLED": "false",
}


def until(server: Serving, state: str, problem: str = "") -> dict[str, Any]:
    """What is told of the speech process once it is so."""
    end = time.monotonic() + START_S
    while True:
        told = server.health()["parts"]["speech"]
        if told["state"] == state and problem in str(told["problem"]):
            return dict(told)
        assert time.monotonic() < end, told
        time.sleep(0.05)


def copied(name: str, folder: Path) -> Path:
    settings = read_settings()
    model = resolve(Path(settings.models.dir).expanduser(), name, "speech")
    return Path(shutil.copytree(model.path, folder / name))


@pytest.mark.fault("model file damaged")
def test_a_model_damaged_under_a_running_box_is_named_and_back_when_mended(
    tmp_path: Path,
) -> None:
    model = copied(read_settings().speech.model, tmp_path)
    weights = model / "model.bin"
    with serving(tmp_path, {**SPEECH_ALONE, "APPLIANCE_SPEECH_MODEL": str(model)}) as box:
        assert box.health()["ok"]
        kept = weights.rename(model / "model.kept")
        weights.write_bytes(bytes(1000))
        os.kill(box.pid_of("speech"), signal.SIGKILL)
        told = until(box, "paused", "cannot be loaded")
        assert "appliance models verify" in told["fix"]
        assert box.health()["speech"] == "paused"
        kept.replace(weights)
        until(box, "live")
        assert box.health()["ok"]


def speech(device: str = "cpu", compute_type: str = "int8") -> Worker:
    settings = read_settings()
    folder = Path(settings.models.dir).expanduser()
    model = resolve(folder, settings.speech.model, "speech")
    config = EngineConfig(
        model=str(model.path), threads=1, device=device, compute_type=compute_type
    )
    return Worker(
        Spec(
            name="speech",
            target="appliance.transcriber.whisper:build",
            config=msgspec.msgpack.encode(config),
            stall_s=60,
        )
    )


@pytest.mark.fault("GPU gone")
def test_a_gpu_that_is_gone_when_the_process_starts_again_is_named() -> None:
    if cuda.machine().gpus:
        pytest.skip("this machine has a GPU")
    worker = speech("cuda", "float16")

    async def start() -> None:
        async with anyio.create_task_group() as running:
            running.start_soon(worker.run)
            await worker.settled()
            running.cancel_scope.cancel()

    anyio.run(start)
    assert "cannot be loaded" in str(worker.problem)
    assert "CUDA" in str(worker.problem)
    assert "[speech] device = 'cpu'" in str(worker.fix)


# More than the engine's own proof has needed, and so more memory than it has.
LARGE = DecodeJob(
    items=[DecodeItem(pcm=bytes(2 * 16_000 * 8))] * 4, context_frames=3000, careful=False
)


@pytest.mark.fault("model out of memory")
def test_words_that_memory_was_not_enough_for_are_read_by_the_next_process(
    caplog: pytest.LogCaptureFixture,
) -> None:
    worker = speech()

    async def read() -> bytes:
        async with anyio.create_task_group() as running:
            running.start_soon(worker.run)
            await worker.settled()
            assert worker.pid is not None
            used = psutil.Process(worker.pid).memory_info().vms
            limits = (used, resource.RLIM_INFINITY)
            resource.prlimit(worker.pid, resource.RLIMIT_AS, limits)
            read = await ask(worker, msgspec.msgpack.encode(LARGE))
            running.cancel_scope.cancel()
        return read

    reply = msgspec.msgpack.decode(anyio.run(read), type=DecodeReply)
    assert len(reply.items) == len(LARGE.items)
    assert worker.restarts == 1
    assert "ran out of memory" in caplog.text
