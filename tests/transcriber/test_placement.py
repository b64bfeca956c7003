"""Where the speech model runs: what was found and what is wanted in, a plan out."""

import pytest

from appliance.errors import SettingsError
from appliance.settings import SpeechSettings
from appliance.transcriber.placement import Machine, place

PLAIN = Machine(cores=4)
ONE_GPU = Machine(
    cores=16,
    gpus=1,
    gpu_types=("bfloat16", "float16", "float32", "int8", "int8_float16", "int8_float32"),
)
TWO_OLD = Machine(cores=8, gpus=2, gpu_types=("float32", "int8", "int8_float32"))


def test_without_a_gpu_each_core_gets_a_process_and_the_reason_is_named() -> None:
    plan = place(SpeechSettings(), PLAIN)

    assert (plan.device, plan.compute_type) == ("cpu", "int8")
    assert (plan.processes, plan.threads, plan.batch) == (4, 1, 4)
    assert str(plan) == (
        "speech runs on the CPU (no CUDA device was found): 4 processes, int8, batches of 4"
    )


def test_a_gpu_gets_one_process_in_float16_with_large_batches() -> None:
    plan = place(SpeechSettings(), ONE_GPU)

    assert (plan.device, plan.compute_type) == ("cuda", "float16")
    assert (plan.processes, plan.batch, plan.gpus) == (1, 16, 1)
    assert str(plan) == "speech runs on 1 GPU: 1 process, float16, batches of 16"


def test_every_gpu_gets_a_process_and_an_old_one_the_best_it_has() -> None:
    plan = place(SpeechSettings(), TWO_OLD)

    assert (plan.processes, plan.compute_type) == (2, "int8_float32")


def test_the_cpu_can_be_demanded_beside_a_gpu_and_needs_no_reason() -> None:
    plan = place(SpeechSettings(device="cpu", processes=3, threads=2), ONE_GPU)

    assert (plan.device, plan.processes, plan.threads, plan.why) == ("cpu", 3, 2, "")


def test_what_is_set_by_hand_is_taken() -> None:
    wish = SpeechSettings(compute_type="int8_float16", processes=2, gpu_batch=32)
    plan = place(wish, ONE_GPU)

    assert (plan.compute_type, plan.processes, plan.batch) == ("int8_float16", 2, 32)


def test_a_demanded_gpu_that_is_not_there_is_an_error_with_its_cause() -> None:
    found = Machine(cores=4, without_gpu="libcublas.so.12 is missing")
    with pytest.raises(SettingsError, match=r"libcublas.so.12 is missing") as refused:
        place(SpeechSettings(device="cuda"), found)

    assert "auto" in refused.value.fix


def test_a_number_format_that_the_gpu_has_not_is_refused_with_those_it_has() -> None:
    with pytest.raises(SettingsError) as refused:
        place(SpeechSettings(compute_type="float16"), TWO_OLD)

    assert "float32, int8, int8_float32" in refused.value.fix
