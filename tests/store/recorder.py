"""A process that records calls, to be killed: `python -m tests.store.recorder FILE TIDY`.

Prints `call seq` for each acknowledged commit, from eight calls at once, without end. The
write-ahead log is tidied at TIDY bytes.
"""

import os
import sys
from pathlib import Path

import anyio

from appliance.store import committer
from appliance.store.writer import Store
from tests.store.events import said, started


async def record(store: Store, call_id: str) -> None:
    await store.commit(started(call_id))
    seq = 1
    while True:
        seq += 1
        store.append(said(seq, "partial", call_id=call_id, is_final=False))
        seq += 1
        await store.commit(said(seq, f"final {seq}", call_id=call_id))
        os.write(1, f"{call_id} {seq}\n".encode())


async def main(path: Path, tidy: int) -> None:
    committer.TIDY_AT = committer.TIDY_NOW = tidy
    store = Store.open(path)
    async with anyio.create_task_group() as calls:
        for n in range(8):
            calls.start_soon(record, store, f"c{n}")


if __name__ == "__main__":
    anyio.run(main, Path(sys.argv[1]), int(sys.argv[2]))
