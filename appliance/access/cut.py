"""The beginning of the audit log, taken out once it has been kept long enough. No IO.

The rest goes on from the last row that is gone, and a new row at the end, "log cut", says
which that was: its number, its hash, from when to when the rows were. That row is chained
as all are, so it cannot be made to say anything else, nor can more go than it says.
"""

import re

from appliance.access.audit import Entry, Head, Note

_DETAIL = re.compile(r"rows (\d+) to (\d+), .*, the last with the hash ([0-9a-f]{64})")


def cut_note(actor: str, first: Entry, last: Entry) -> Note:
    """What the new row says, once all from the first to the last are gone."""
    detail = (
        f"rows {first.n} to {last.n}, of {first.wall:%Y-%m-%d} to {last.wall:%Y-%m-%d}, "
        f"the last with the hash {last.hash}"
    )
    return Note(actor=actor, action="log cut", detail=detail)


def cut_of(entry: Entry) -> Head | None:
    """The last row that is gone, as this one says; None if it is no such row."""
    told = _DETAIL.fullmatch(entry.detail) if entry.action == "log cut" else None
    return Head(n=int(told[2]), hash=told[3]) if told else None
