"""Which GPUs the speech library can use: asked in a process of its own.

CUDA takes hundreds of megabytes of the process that it is asked in, and a driver that is
broken may end it; the server must have neither. `python -m appliance.transcriber.cuda`
answers with a Machine as JSON.
"""

import ctypes
import os
import subprocess
import sys

import msgspec

from appliance.transcriber.placement import Machine

# The library opens it at the first matrix product, long after it has counted the devices:
# without it every pass would fail. The name is the one that CTranslate2 4 is built for.
CUBLAS = "libcublas.so.12"

ANSWER_S = 60.0  # the first use of a GPU after a boot loads its driver


def machine() -> Machine:
    """What this machine has. A GPU that cannot be asked is no GPU, and says why."""
    cores = len(os.sched_getaffinity(0))
    try:
        asked = subprocess.run(
            [sys.executable, "-m", __name__],
            capture_output=True,
            timeout=ANSWER_S,
            check=True,
        )
        return msgspec.json.decode(asked.stdout, type=Machine)
    except subprocess.TimeoutExpired:
        why = f"CUDA has not answered for {ANSWER_S:.0f} s"
    except subprocess.CalledProcessError as error:
        why = f"asking CUDA ended with status {error.returncode}"
    except msgspec.DecodeError as error:
        why = f"asking CUDA gave no answer ({error})"
    return Machine(cores=cores, without_gpu=why)


def look() -> Machine:
    """The same, in this process."""
    import ctranslate2

    cores = len(os.sched_getaffinity(0))
    gpus = ctranslate2.get_cuda_device_count()
    if not gpus:
        return Machine(cores=cores)
    try:
        ctypes.CDLL(CUBLAS)
        offered = [
            ctranslate2.get_supported_compute_types("cuda", gpu) for gpu in range(gpus)
        ]
    except (OSError, RuntimeError) as error:
        return Machine(cores=cores, without_gpu=f"CUDA cannot be used: {error}")
    types = tuple(sorted(set.intersection(*map(set, offered))))
    return Machine(cores=cores, gpus=gpus, gpu_types=types, without_gpu="")


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(look()))
