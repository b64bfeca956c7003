"""What is found on the machine that runs the tests, whichever that is."""

import os
import subprocess
import sys

import msgspec
import pytest

from appliance.transcriber.cuda import look, machine
from appliance.transcriber.engine import GpuLost, engine
from appliance.transcriber.port import Decoded, DecodeJob
from appliance.workers.port import Refusal


def test_the_machine_is_asked_in_another_process_and_says_the_same() -> None:
    found = machine()

    assert found == look()
    assert found.cores == len(os.sched_getaffinity(0))
    assert bool(found.gpus) == (found.without_gpu == "") == bool(found.gpu_types)


def test_no_command_loads_a_library_of_models_before_it_is_asked_to() -> None:
    code = (
        "import sys, appliance.cli.app;"
        "heavy = {'ctranslate2', 'faster_whisper', 'llama_cpp', 'tokenizers', 'torch'};"
        "sys.exit(' '.join(heavy & sys.modules.keys()) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


@pytest.mark.fault("GPU gone")
@pytest.mark.parametrize(
    ("error", "ends"),
    [
        ("CUDA failed with error an illegal memory access was encountered", True),
        ("CUDA failed with error out of memory", False),
        ("Input shape is too long", False),
    ],
)
def test_a_gpu_that_computes_no_more_ends_its_process_and_a_bad_job_does_not(
    error: str, ends: bool
) -> None:
    def model(_: DecodeJob) -> list[Decoded]:
        raise RuntimeError(error)

    answering = engine(model)
    job = DecodeJob(items=[], context_frames=1000, careful=True)
    answering.submit(1, msgspec.msgpack.encode(job))
    if ends:
        with pytest.raises(GpuLost):
            answering.step()
    else:
        assert isinstance(answering.step()[0], Refusal)


@pytest.mark.parametrize(
    "error", ["mkl_malloc: failed to allocate memory", "could not create a memory object"]
)
def test_a_lack_of_memory_ends_the_process_and_loses_no_words(error: str) -> None:
    def model(_: DecodeJob) -> list[Decoded]:
        raise RuntimeError(error)

    answering = engine(model)
    job = DecodeJob(items=[], context_frames=1000, careful=True)
    answering.submit(1, msgspec.msgpack.encode(job))
    with pytest.raises(MemoryError):
        answering.step()
