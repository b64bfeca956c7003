"""What a box costs that has nothing to do: processor time and memory of each process.

    python -m tests.load.idle [--seconds 120]

A server with the settings of a new box, after it has come to rest. `own` is what ends with
a process; the rest of `resident` is shared with others (the weights are mapped from their
files). The watching asks for `/healthz` once a second, and is in it.
"""

import argparse
import tempfile
from pathlib import Path

import anyio
import psutil

from appliance.access.lent import lent_token
from appliance.bench.watch import MIB, Watch
from appliance.replay.own_server import own_server

REST_S = 20.0


async def measure(seconds: float) -> tuple[Watch, dict[str, float]]:
    """And the MiB that are each process's own."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            own_server("--data-dir", folder) as url,
            lent_token(Path(folder)) as token,
        ):
            watch = Watch(url, token=token)
            begin = anyio.current_time() + REST_S
            await watch.run(begin, begin + seconds)
            own = {
                name: process.memory_full_info().uss / MIB
                for name, process in watch.processes.items()
            }
    return watch, own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    watch, own = anyio.run(measure, parser.parse_args().seconds)
    cost = watch.cost
    print("| Process | % of a core | resident MiB | own MiB |\n|---|---|---|---|")
    rows = [
        (name, 100 * used / cost.window_s, watch.resident_mib[name][-1], own[name])
        for name, used in cost.cpu_s.items()
    ]
    together = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
    for name, percent, resident, mine in [*rows, ("together", *together)]:
        print(f"| {name} | {percent:.1f} | {resident:.0f} | {mine:.0f} |")
    memory = psutil.virtual_memory()
    print(
        f"\nOver {cost.window_s:.0f} s; {psutil.cpu_count()} cores, "
        f"{memory.total / 1e9:.0f} GB; other work took {cost.other_cpu_s:.1f} s."
    )


if __name__ == "__main__":
    main()
