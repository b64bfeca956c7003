"""A process that records calls, to be killed: `python -m tests.store.recorder FILE TIDY`.

Prints `call seq` for each acknowledged commit, from eight calls at once, without end, and
from short ones, one after the other. The write-ahead log is tidied at TIDY bytes.
"""

import os
import sys
from itertools import count
from pathlib import Path

import anyio

from appliance.store import committer
from appliance.store.event import CallEnded, Event
from appliance.store.writer import Store
from tests.store.events import said, started, wall

SHORT = 10  # events


async def record(store: Store, call_id: str) -> None:
    await store.commit(started(call_id))
    seq = 1
    while True:
        seq += 1
        store.append(said(seq, "partial", call_id=call_id, is_final=False))
        seq += 1
        await store.commit(said(seq, f"final {seq}", call_id=call_id))
        os.write(1, f"{call_id} {seq}\n".encode())


async def record_short(store: Store) -> None:
    for n in count():
        call_id = f"short-{os.getpid()}-{n}"
        fact = CallEnded(reason="hangup")
        await store.commit(started(call_id))
        for seq in range(2, SHORT):
            await store.commit(said(seq, call_id=call_id))
        end = Event.note(fact, call_id=call_id, seq=SHORT, at_ms=90, wall=wall(1))
        await store.commit(end)
        os.write(1, f"{call_id} {SHORT}\n".encode())


async def main(path: Path, tidy: int) -> None:
    committer.TIDY_AT = committer.TIDY_NOW = tidy
    store = Store.open(path)
    async with anyio.create_task_group() as calls:
        for n in range(8):
            calls.start_soon(record, store, f"c{n}")
        calls.start_soon(record_short, store)


if __name__ == "__main__":
    anyio.run(main, Path(sys.argv[1]), int(sys.argv[2]))
