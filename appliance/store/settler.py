"""The thread that makes the rows of calls, beside the one that commits what they say."""

import logging
from threading import Event as Signal
from threading import Thread
from typing import Protocol

from appliance.errors import StoreError

logger = logging.getLogger(__name__)

RETRY_S = 5.0  # after a failure: the disk is full and will be for a while


class Log(Protocol):
    """What the thread needs of the file; see SessionLog for the promises."""

    to_settle: Signal

    def settle(self) -> None: ...


class Settler:
    """Makes them as soon as they are wanted, so that hardly a question waits for them."""

    def __init__(self, log: Log) -> None:
        self.failure: StoreError | None = None  # why the last attempt failed
        self._log = log
        self._finishing = Signal()
        self._thread = Thread(target=self._run, name="settling", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Make what can be made and stop. Blocks. A start makes what is left."""
        self._finishing.set()
        self._log.to_settle.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._log.to_settle.wait()
            self._log.to_settle.clear()  # before the look at what there is to do
            last = self._finishing.is_set()
            self._settle()
            if last:
                return
            if self.failure is not None:
                self._finishing.wait(RETRY_S)
                self._log.to_settle.set()

    def _settle(self) -> None:
        try:
            self._log.settle()
        except StoreError as error:
            if self.failure is None:
                logger.warning("the rows of calls have to wait: %s", error)
            self.failure = error
        else:
            self.failure = None
