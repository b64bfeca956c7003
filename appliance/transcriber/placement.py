"""Where the speech model runs, and in how many processes. Facts in, a plan out: no library,
no clock.

On the CPU one process of one thread for each core reads most (scripts/bench/tried.md). A
GPU wants the opposite: one process that has it to itself, and large batches, which cost it
little more than small ones.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.errors import SettingsError
from appliance.settings import SpeechSettings

Device: TypeAlias = Literal["cpu", "cuda"]

# The best first. Whole numbers are no faster than float16 on a GPU that has it (measured
# by others: CTranslate2 issue 1648), and cost it accuracy; older GPUs have only them.
GPU_TYPES = ("float16", "int8_float32", "float32")
CPU_TYPE = "int8"


class Machine(Struct, frozen=True, kw_only=True):
    """What was found on this machine."""

    cores: int
    gpus: int = 0
    gpu_types: tuple[str, ...] = ()  # number formats that all of the GPUs compute in
    without_gpu: str = "no CUDA device was found"  # why none can be used, if none can


class Placement(Struct, frozen=True, kw_only=True):
    """The plan. Process n takes GPU n modulo `gpus`."""

    device: Device
    compute_type: str
    processes: int
    threads: int  # of each process; 0: every core
    batch: int  # most utterances in one pass
    gpus: int = 0
    why: str = ""  # this device, where it was not named

    def __str__(self) -> str:
        on = f"{self.gpus} GPU" if self.device == "cuda" else "the CPU"
        because = f" ({self.why})" if self.why else ""
        return (
            f"speech runs on {on}{because}: {self.processes} process"
            f"{'es' if self.processes > 1 else ''}, {self.compute_type}, "
            f"batches of {self.batch}"
        )


def place(wish: SpeechSettings, machine: Machine) -> Placement:
    """Raises SettingsError if a GPU, or a number format, is demanded that is not there."""
    if wish.device == "cpu" or not machine.gpus:
        if wish.device == "cuda":
            raise SettingsError(
                f"[speech] device is cuda, but {machine.without_gpu}.",
                fix="Install the NVIDIA driver and cuBLAS 12, or set it to auto.",
            )
        return Placement(
            device="cpu",
            compute_type=_either(wish.compute_type, CPU_TYPE),
            processes=wish.processes or machine.cores,
            threads=wish.threads,
            batch=wish.max_batch,
            why=machine.without_gpu if wish.device == "auto" else "",
        )
    return Placement(
        device="cuda",
        compute_type=_gpu_type(wish.compute_type, machine.gpu_types),
        processes=wish.processes or machine.gpus,
        threads=1,
        batch=wish.gpu_batch,
        gpus=machine.gpus,
    )


def _gpu_type(wanted: str, offered: tuple[str, ...]) -> str:
    best = next((t for t in GPU_TYPES if t in offered), GPU_TYPES[-1])
    chosen = _either(wanted, best)
    if chosen not in offered:
        raise SettingsError(
            f"[speech] compute_type is {chosen}, which the GPU does not compute in.",
            fix=f"Set it to auto, or to one of {', '.join(sorted(offered))}.",
        )
    return chosen


def _either(wanted: str, otherwise: str) -> str:
    return otherwise if wanted == "auto" else wanted
