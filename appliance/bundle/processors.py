"""Which processors a kit is built for, and what that means to llama.cpp.

What is not named is off. GGML_NATIVE is never on: it turns AMX on where the builder has
it, and on some virtual machines every inference then dies at `ldtilecfg` (llama.cpp issue
20824). Everything else in a kit chooses by itself when it runs.
"""

import hashlib
import platform
from collections.abc import Collection

from appliance.errors import KitError
from appliance.kit.machine import flags

# As /proc/cpuinfo and as llama.cpp call them.
KNOWN = {
    "avx2": "AVX2",
    "fma": "FMA",
    "f16c": "F16C",
    "bmi2": "BMI2",
    "avx512f": "AVX512",
    "avx512_vnni": "AVX512_VNNI",
    "avx512vbmi": "AVX512_VBMI",
    "avx512_bf16": "AVX512_BF16",
    "avx_vnni": "AVX_VNNI",
}

# Intel since 2013, AMD since 2015.
OLDEST = ("avx2", "fma", "f16c", "bmi2")
PROCESSORS = ("oldest", "this")


def needed(processor: str) -> tuple[str, ...]:
    """What a processor has to have for a kit of `--processor`. Raises KitError."""
    if processor not in PROCESSORS:
        raise KitError(
            f"There is no processor {processor!r}.", fix=f"Take {' or '.join(PROCESSORS)}."
        )
    if platform.machine() != "x86_64":
        return ()
    if processor == "oldest":
        return OLDEST
    here = flags()
    return tuple(flag for flag in KNOWN if flag in here)


def cmake(wanted: Collection[str]) -> str:
    if platform.machine() != "x86_64":
        return ""
    on = (
        f"-DGGML_{name}={'ON' if flag in wanted else 'OFF'}" for flag, name in KNOWN.items()
    )
    return " ".join(["-DGGML_NATIVE=OFF", *on])


def cache_name(version: str, arguments: str) -> str:
    """The folder of a wheel that was compiled for kits; one serves every Python. Not those
    of scripts/setup, which know where they were compiled."""
    return f"kit-{version}-{hashlib.sha256(arguments.encode()).hexdigest()[:12]}"
