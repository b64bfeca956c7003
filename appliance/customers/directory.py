"""The customers while the box runs: search, the card of one, and whether they changed."""

from contextlib import suppress
from pathlib import Path

from anyio import CapacityLimiter, to_thread

from appliance.customers.card import read_card
from appliance.customers.database import Reader
from appliance.customers.rank import Hit
from appliance.customers.search import search
from appliance.errors import CustomersError
from appliance.messages import CustomerCard

FILE = "customers.duckdb"

MOST_HITS = 50


class Directory:
    """The newest file of customers in a folder, if there is one.

    Every method may take a look-up's time in a thread; the event loop goes on.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.problem: CustomersError | None = None  # why the newest file cannot be read
        self._reader: Reader | None = None
        self._seen: tuple[int, int] | None = None
        # One question at a time: the cores belong to the models.
        self._one = CapacityLimiter(1)

    async def refresh(self) -> bool:
        """Look whether an import has put a new file in place, and open it. True if so."""
        return await to_thread.run_sync(self._refresh, limiter=self._one)

    async def search(self, query: str, most: int, *, begun: bool = True) -> list[Hit]:
        """The best first; none without customers. Raises CustomersError."""
        return await to_thread.run_sync(
            self._search, query, min(most, MOST_HITS), begun, limiter=self._one
        )

    async def card(self, customer_id: str) -> CustomerCard | None:
        """None if there is no such customer. Raises CustomersError."""
        return await to_thread.run_sync(self._card, customer_id, limiter=self._one)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _refresh(self) -> bool:
        seen = None
        with suppress(OSError):
            found = self.path.stat()
            seen = (found.st_ino, found.st_mtime_ns)
        if seen == self._seen:
            return False
        self._seen = seen
        try:
            fresh = None if seen is None else Reader(self.path)
        except CustomersError as error:
            # The old one stays open: it has been replaced by something, not taken back.
            self.problem = error
            return False
        self.problem = None
        self.close()
        self._reader = fresh
        return True

    def _search(self, query: str, most: int, begun: bool) -> list[Hit]:
        return (
            [] if self._reader is None else search(self._reader, query, most, begun=begun)
        )

    def _card(self, customer_id: str) -> CustomerCard | None:
        return None if self._reader is None else read_card(self._reader, customer_id)
