"""Erases a customer while calls are recorded, and is killed at one place on the way:
`python -m tests.retention.dies FOLDER PLACE COUNT`.

Prints `call seq` for each acknowledged commit.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import anyio

from appliance.database import rebuilding
from appliance.recordings.shelf import Shelf
from appliance.retention import erasing
from appliance.retention.custodian import Custodian
from appliance.store import log
from appliance.store.writer import Store
from tests.retention.box import NOW, ZELDA, keeping
from tests.store.events import said, started

# Where it dies: whose attribute, and whether before or after it was called.
PLACES: dict[str, tuple[Any, str, bool]] = {
    "after it was written down": (erasing, "write_erasures", True),
    "before a recording goes": (Shelf, "remove", False),
    "after a change": (log.SessionLog, "change", True),
    "before the cards go": (erasing, "erase_customers", False),
    "after the cards went": (erasing, "erase_customers", True),
    "after the new file was made": (log, "prepare", True),
    "after a piece was copied": (rebuilding.Fresh, "copy", True),
    "before the tables are compared": (rebuilding.Fresh, "_compare", False),
    "before the files change places": (rebuilding, "_put_in_place", False),
    "after the files changed places": (rebuilding, "_put_in_place", True),
    "after it goes on in the new file": (log.SessionLog, "go_over", True),
}


def arm(place: str, count: int) -> None:
    """Die at the `count`-th time there."""
    owner, name, after = PLACES[place]
    real: Callable[..., Any] = getattr(owner, name)
    left = [count]

    @wraps(real)
    def armed(*arguments: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and not after:
            os.kill(os.getpid(), 9)
        result = real(*arguments, **more)
        if left[0] == 0:
            os.kill(os.getpid(), 9)
        return result

    setattr(owner, name, armed)


async def record(store: Store, call_id: str) -> None:
    await store.commit(started(call_id))
    seq = 1
    while True:
        seq += 1
        await store.commit(said(seq, "kastanienfunk", call_id=call_id))
        os.write(1, f"{call_id} {seq}\n".encode())


async def run(store: Store, custodian: Custodian) -> None:
    async with anyio.create_task_group() as work:
        for n in range(3):
            work.start_soon(record, store, f"live-{n}")
        await custodian.erase("customer", ZELDA.id, "ann", NOW)
        work.cancel_scope.cancel()


def main(folder: Path, place: str, count: int) -> None:
    with keeping(folder, live=True) as (store, custodian):
        arm(place, count)
        anyio.run(run, store, custodian)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
