"""The real log, with a hand on it: to hold a write, or to let it fail."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event as Flag

import anyio

from appliance.errors import StoreError
from appliance.store.event import Event
from appliance.store.log import SessionLog
from appliance.store.writer import Store

FULL = StoreError("The disk is full.", fix="Free some space.")


class HeldLog(SessionLog):
    """Stops before each write until `go` is set."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.entered = Flag()
        self.go = Flag()
        self.batches: list[int] = []

    def write(self, events: Sequence[Event]) -> None:
        self.entered.set()
        self.go.wait()
        self.batches.append(len(events))
        super().write(events)


class FailingLog(SessionLog):
    """Fails every write while `broken`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.broken = False

    def write(self, events: Sequence[Event]) -> None:
        if self.broken:
            raise FULL
        super().write(events)


async def recovered(store: Store) -> None:
    """Wait until a flush succeeds."""
    with anyio.fail_after(30):
        while True:
            try:
                return await store.flush()
            except StoreError:
                await anyio.sleep(0.01)


def health(store: Store) -> tuple[bool, str | None]:
    return store.failing, store.problem
