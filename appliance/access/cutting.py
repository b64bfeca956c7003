"""Takes out of the audit log what has been kept long enough."""

from datetime import datetime

from appliance.access.access import Access
from appliance.access.audit import Asked, Entry, Head, whole
from appliance.access.cut import cut_note, cut_of
from appliance.access.verifier import Verifier
from appliance.errors import StoreError

# As in inspection.py: read and hashed in a few ms.
PAGE = 200

_EVERY = 1 << 62


async def overdue_rows(access: Access, before: datetime) -> int:
    """So many rows would go. Raises StoreError."""
    last = await access.overdue(before)
    return 0 if last is None else last.n - (await access.entries(0, 1))[0].n + 1


async def cut_log(access: Access, before: datetime, actor: str) -> int:
    """So many rows are gone, all those from before this moment, and a new one says so.

    Raises StoreError; also where one of them was changed: then it is evidence, and stays.
    Where the file could not be written anew either: the rows are gone, their bytes go with
    the next ones.
    """
    last = await access.overdue(before)
    if last is None:
        return 0
    first = await _checked(access, last)
    await access.cut(last.n, cut_note(actor, first, last))
    return last.n - first.n + 1


async def _checked(access: Access, last: Entry) -> Entry:
    """The first row of a log whose rows are as they were written, up to this one."""
    told = await access.newest(Asked(before=_EVERY, most=1, action="log cut"))
    known = [found for found in map(cut_of, told) if found is not None]
    verifier = Verifier(None, after=known[0] if known else Head())
    first, at = last, 0
    while at <= last.n:
        rows = whole(await access.entries(at, PAGE), PAGE)
        first = rows[0] if at == 0 else first
        for entry in rows:
            faults = list(verifier.told(entry)) if entry.n <= last.n else []
            if faults:
                raise StoreError(
                    f"The audit log keeps what is older than it should: {faults[0]}",
                    fix="Find out who changed it: `appliance audit verify`.",
                )
        at = rows[-1].n + 1
    return first
