"""What joins the event loop, where people wait, to the thread that writes."""

import asyncio
from contextlib import suppress
from itertools import count

from appliance.errors import StoreError


class Counter:
    """Counts from any thread: `+=` on an attribute can lose one, `next` cannot."""

    def __init__(self) -> None:
        self.value = 0
        self._numbers = count(1)

    def add(self) -> None:
        self.value = next(self._numbers)


class Waiter:
    """A future of the running event loop that another thread may settle."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[None] = self._loop.create_future()

    def wake(self, error: StoreError | None) -> None:
        with suppress(RuntimeError):  # the loop is closed, and with it whoever waited
            self._loop.call_soon_threadsafe(self._settle, error)

    def _settle(self, error: StoreError | None) -> None:
        if self.future.done():  # the wait was cancelled
            return
        if error is None:
            self.future.set_result(None)
        else:
            self.future.set_exception(again(error))


def again(error: StoreError) -> StoreError:
    # One object raised in many tasks would gather all their tracebacks.
    return type(error)(error.problem, fix=error.fix)


def closed() -> StoreError:
    return StoreError("The record is closed.", fix="Start the service again.")


def stopped() -> StoreError:
    return StoreError(
        "The thread that writes the record has stopped.",
        fix="Restart the service; its log says why.",
    )


def overflow(most: int) -> StoreError:
    return StoreError(
        f"{most} events wait for the disk; there is no room for more.",
        fix="Restart the service once the disk answers again.",
    )
