"""The server's part of an upgrade."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

from appliance.control.words import Answer
from appliance.upgrade.commands import Calls, CountCalls, HoldCalls


class CallDesk:
    def __init__(
        self, hold: Callable[[bool], None], count: Callable[[], Mapping[str, int]]
    ) -> None:
        """`count` has how many calls are `active` and `waiting`."""
        self._hold = hold
        self._count = count
        self._holders = 0

    @asynccontextmanager
    async def performing(self, command: HoldCalls | CountCalls) -> AsyncGenerator[Answer]:
        if isinstance(command, CountCalls):
            yield self._calls()
            return
        self._holders += 1
        self._hold(True)
        try:
            yield self._calls()
        finally:
            # Whoever asked has died, or gave up: the box goes on as if nobody had.
            self._holders -= 1
            self._hold(self._holders > 0)

    def _calls(self) -> Calls:
        count = self._count()
        return Calls(active=count["active"], waiting=count["waiting"])
