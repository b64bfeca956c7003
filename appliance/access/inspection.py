"""Whether the audit log is whole, looked at while the box works."""

from anyio import to_thread
from msgspec import Struct

from appliance.access.access import Access
from appliance.access.audit import whole
from appliance.access.head import read_head
from appliance.access.verifier import Verifier

# Read and hashed in a few ms: between two pages, voices are relayed.
PAGE = 200

# What a person reads; a log that was forged badly has as many faults as rows.
MOST_FAULTS = 100


class Inspection(Struct, frozen=True, kw_only=True):
    rows: int
    taken_out: int  # so many were, before them, as the rules of retention say
    faults: tuple[str, ...]  # none: every row is as it was written. At most 100 are told
    more_faults: int
    last: int  # number of the newest row; -1 without
    hash: str  # of the newest row, to be noted down elsewhere


async def inspect(access: Access) -> Inspection:
    """Raises StoreError if the log cannot be read."""
    # The head first: rows that are written meanwhile come after it.
    head = await to_thread.run_sync(read_head, access.folder)
    verifier, faults, first = Verifier(head), list[str](), 0
    while rows := await access.entries(first, PAGE):
        page = whole(rows, PAGE)
        for entry in page:
            faults += verifier.told(entry)
        first = page[-1].n + 1
    faults += verifier.finished()
    return Inspection(
        rows=verifier.rows,
        taken_out=verifier.taken_out.n + 1,
        faults=tuple(faults[:MOST_FAULTS]),
        more_faults=max(0, len(faults) - MOST_FAULTS),
        last=verifier.head.n,
        hash=verifier.head.hash if verifier.rows else "",
    )
