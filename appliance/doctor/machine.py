"""Is the machine fit for it: processor, memory, disk, clock, graphics card."""

import os
import platform
import shutil
import tempfile
import time
from pathlib import Path

from appliance.doctor.finding import Finding, ok, soon, unknown, wrong
from appliance.doctor.site import Site
from appliance.errors import ModelError
from appliance.kit.machine import flags as processor_flags
from appliance.kit.machine import memory_mb
from appliance.models.shelf import find
from appliance.tls.dates import EARLIEST
from appliance.transcriber import cuda

CPU = Path("/proc/cpuinfo")
MEMORY = Path("/proc/meminfo")

# What the speech and language engines are several times slower without; all server
# processors since 2013 (Intel) and 2015 (AMD) have them.
NEEDED = ("avx2", "fma", "f16c")
FASTER = ("avx512f", "avx512_vnni", "avx_vnni")

# Beside the models: the server, voice activity, the record's cache; measured.
OTHERS_MB = 1500

# An hour of a call's record is a few MB; a migration needs the record's size again.
DISK_WRONG_MB, DISK_SOON_MB = 500, 5_000

# A commit is one fsync. The screens of every call wait for it.
FSYNCS = 20
FSYNC_SOON_MS = 50.0


def processor(_site: Site) -> list[Finding]:
    cores = len(os.sched_getaffinity(0))
    if platform.machine() != "x86_64":
        return [ok("processor", f"{platform.machine()}, {cores} cores")]
    flags = processor_flags(CPU)
    if not flags:
        return [unknown("processor", f"{cores} cores; {CPU} cannot be read")]
    lacks = [flag for flag in NEEDED if flag not in flags]
    if lacks:
        return [
            wrong(
                "processor",
                f"it has no {', '.join(lacks)}",
                "Speech would be several times slower than people talk: take another "
                "machine, or have the virtual one show its processor as it is "
                "(`cpu host`).",
            )
        ]
    fast = [flag for flag in FASTER if flag in flags]
    return [ok("processor", f"{cores} cores with {', '.join([*NEEDED, *fast])}")]


def memory(site: Site) -> list[Finding]:
    if not (total := memory_mb(MEMORY)):
        return [unknown("memory", f"{MEMORY} cannot be read")]
    needed = OTHERS_MB + sum(_memory_of_models(site))
    said = f"{total / 1000:.1f} GB; the models and the rest take {needed / 1000:.1f}"
    if total < needed:
        smaller = "Choose smaller models (`appliance models list`), or add memory."
        return [wrong("memory", said, smaller)]
    return [ok("memory", said)]


def _memory_of_models(site: Site) -> list[int]:
    speech, advice = site.settings.speech, site.settings.advice
    names = [one.model for one in (speech, advice) if one.enabled]
    found = []
    for name in names:
        try:
            found.append(find(site.models_dir, name).memory_mb)
        except ModelError:
            found.append(0)  # a path, or no model at all: that is told elsewhere
    return found


def disk(site: Site) -> list[Finding]:
    folder = site.nearest
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    said = f"{free_mb / 1000:.1f} GB free in {folder}"
    if not os.access(folder, os.W_OK):
        user = f"user {os.getuid()}"
        return [
            wrong("disk", f"{folder} cannot be written by {user}", f"chown it to {user}.")
        ]
    if free_mb < DISK_WRONG_MB:
        return [wrong("disk", said, f"Free some space in {folder}.")]
    if free_mb < DISK_SOON_MB:
        return [soon("disk", said, f"Free some space in {folder}, or give it a disk.")]
    return [ok("disk", said)]


def disk_speed(site: Site) -> list[Finding]:
    """How long a commit takes."""
    try:
        with tempfile.TemporaryFile(dir=site.nearest) as file:
            took = sorted(_fsync(file.fileno()) for _ in range(FSYNCS))
    except OSError as error:
        return [unknown("disk speed", f"nothing can be written: {error.strerror}")]
    median_ms = took[FSYNCS // 2]
    said = f"a commit takes {median_ms:.1f} ms (median of {FSYNCS})"
    if median_ms > FSYNC_SOON_MS:
        return [soon("disk speed", said, "Put the data folder on an SSD.")]
    return [ok("disk speed", said)]


def _fsync(file: int) -> float:
    """In ms, for 4 KB."""
    begun = time.perf_counter()
    os.write(file, bytes(4096))
    os.fsync(file)
    return (time.perf_counter() - begun) * 1000


def clock(site: Site) -> list[Finding]:
    said = f"{site.now:%Y-%m-%d %H:%M} UTC"
    if site.now < EARLIEST:
        return [
            wrong("clock", f"{said}, which cannot be", "Set it: `timedatectl set-time`.")
        ]
    latest = _latest_change(site.data_dir)
    if latest > site.now.timestamp() + 60:
        ahead = (latest - site.now.timestamp()) / 3600
        return [
            wrong(
                "clock",
                f"{said}; the record was written {ahead:.1f} h later than that",
                "Set it: `timedatectl set-time`. Calls would be filed in the wrong order.",
            )
        ]
    return [ok("clock", said)]


def _latest_change(folder: Path) -> float:
    """Of the record's files, in seconds since 1970; 0 where there are none."""
    times = [path.stat().st_mtime for path in folder.glob("appliance.duckdb*")]
    return max(times, default=0.0)


def graphics(site: Site) -> list[Finding]:
    machine = cuda.machine()
    if machine.gpus:
        return [ok("GPU", f"{machine.gpus}; {', '.join(machine.gpu_types)}")]
    if site.settings.speech.device == "cuda":
        return [
            wrong(
                "GPU",
                f"speech.device is cuda; {machine.without_gpu}",
                'Install the driver and cuBLAS 12, or set `speech.device = "cpu"`.',
            )
        ]
    return [ok("GPU", f"none, and none is needed ({machine.without_gpu})")]
