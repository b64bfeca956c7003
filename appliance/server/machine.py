"""What the machine has left, and what each process of the box takes of it."""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from appliance.server.families import gauge, labelled

TICKS_S = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")

# Places in /proc/PID/stat after the name in brackets, which may have blanks (proc(5)).
UTIME, STIME, RSS = 11, 12, 21


class Use(NamedTuple):
    """Of one process."""

    cpu_s: float
    resident: int  # bytes


class Machine(Struct, frozen=True, kw_only=True):
    disk_free: int  # bytes, of the disk that the record is on
    disk_size: int
    record: int  # bytes of the record's files
    processes: Mapping[str, Use]


def measure(record: Path, pids: Mapping[str, int]) -> Machine:
    """As of now; a process that has just gone is left out. Blocks: it asks the disk."""
    disk = shutil.disk_usage(record.parent)
    files = record.parent.glob(f"{record.name}*")
    used = {name: use for name, pid in pids.items() if (use := _use(pid)) is not None}
    return Machine(
        disk_free=disk.free,
        disk_size=disk.total,
        record=sum(_size(file) for file in files),
        processes=used,
    )


def _use(pid: int) -> Use | None:
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    facts: Sequence[str] = told.rpartition(")")[2].split()
    return Use(
        cpu_s=(int(facts[UTIME]) + int(facts[STIME])) / TICKS_S,
        resident=int(facts[RSS]) * PAGE,
    )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # a log that a checkpoint has just taken away


def machine_metrics(machine: Machine) -> Iterable[Metric]:
    yield gauge("disk_free_bytes", "Left on the disk of the record.", machine.disk_free)
    yield gauge("disk_size_bytes", "Size of that disk.", machine.disk_size)
    yield gauge("record_size_bytes", "Size of the record's files.", machine.record)
    used = machine.processes.items()
    yield labelled(
        CounterMetricFamily,
        "process_cpu_seconds",
        "Processor time of a process of the box, of its present life.",
        "process",
        {name: use.cpu_s for name, use in used},
    )
    yield labelled(
        GaugeMetricFamily,
        "process_resident_memory_bytes",
        "Memory that a process of the box holds.",
        "process",
        {name: use.resident for name, use in used},
    )
