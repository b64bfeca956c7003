"""What keeping costs the calls: `python -m tests.load.retention [--calls N] [--due N]`.

Fills a record with N past calls, of which the oldest are due. Then 20 calls go on, each
with a final four times a second and three partials before it; first alone, then beside the
nightly round (texts taken out, the record written anew), then beside the erasure of a
customer. Prints how long their commits took, and the sizes of the file.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import anyio
import numpy as np

from appliance.messages import Customer
from appliance.retention.custodian import Custodian
from appliance.settings import RetentionSettings
from appliance.store.event import Event
from appliance.store.writer import Store
from tests.load.history import NOW, fill, vocabulary
from tests.load.store_commit import spoken
from tests.retention.box import ZELDA, card_of, import_people, keeping

TALKING, EVERY_S, ALONE_S = 20, 0.25, 15.0


class Talk:
    """Calls that go on, and how long their commits took in each part, in ms."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.took: list[float] = []

    async def go_on(self, call_id: str) -> None:
        turn = 0
        while True:
            await anyio.sleep(EVERY_S * random.uniform(0.8, 1.2))
            for part in range(1, 4):
                self._store.append(spoken(call_id, 4 * turn + part, turn, False))
            final = spoken(call_id, 4 * turn + 4, turn, True)
            begun = perf_counter()
            await self._store.commit(final)
            self.took.append(1e3 * (perf_counter() - begun))
            turn += 1

    async def beside(self, what: str, work: Callable[[], Awaitable[object]]) -> None:
        self.took.clear()
        begun = perf_counter()
        await work()
        lasted = perf_counter() - begun
        p50, p95, p99 = np.percentile(self.took, [50, 95, 99])
        sys.stdout.write(
            f"{what}: {lasted:.1f} s, {len(self.took)} commits, p50 {p50:.1f} p95 {p95:.1f}"
            f" p99 {p99:.1f} max {max(self.took):.0f} ms\n"
        )
        sys.stdout.flush()


async def measure(store: Store, custodian: Custodian, folder: Path, calls: int) -> None:
    await fill(store, calls, vocabulary(random.Random(1)))
    now = NOW + timedelta(minutes=calls)
    shown = Customer(seq=20, source="agent", card=card_of(ZELDA))
    store.append(Event.of(shown, call_id=f"call-{calls - 1}", at_ms=1, wall=now))
    await store.flush()
    talk = Talk(store)
    size = (folder / "appliance.duckdb").stat().st_size / 1e6
    sys.stdout.write(f"{calls} calls, {size:.0f} MB\n")
    sys.stdout.flush()
    async with anyio.create_task_group() as talking:
        for n in range(TALKING):
            talking.start_soon(talk.go_on, f"live-{n}")
        await talk.beside("alone", lambda: anyio.sleep(ALONE_S))

        async def night() -> None:
            ran = await custodian.round("the box", now, dry=False)
            sys.stdout.write(
                f"{ran.transcripts} calls' texts taken out, {ran.before / 1e6:.0f} MB"
                f" -> {ran.after / 1e6:.0f} MB\n"
            )

        await talk.beside("the round", night)
        await talk.beside(
            "an erasure", lambda: custodian.erase("customer", ZELDA.id, "ann", now)
        )
        talking.cancel_scope.cancel()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=20_000)
    options.add_argument("--due", type=int, default=2_880, help="two days of them")
    chosen = options.parse_args()
    kept = timedelta(minutes=chosen.calls - chosen.due)
    days = RetentionSettings(
        recording_days=0, transcript_days=max(1, kept.days), call_days=0, staff_days=0
    )
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        import_people(folder, ZELDA)
        with keeping(folder, days, live=True) as (store, custodian):
            anyio.run(measure, store, custodian, folder, chosen.calls)


if __name__ == "__main__":
    main()
