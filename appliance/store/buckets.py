"""Which bucket of a period a moment lies in, as arithmetic in SQL.

Most buckets of a period are alike: days have 24 hours but for the two on which the clock
is set. So the number of one is a division, and a year takes seven of them, where a join
with 366 edges would sort all rows of the year, each time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Run(NamedTuple):
    """Buckets of the same length, one after the other; from `first`, which counts from 0,
    `since` and `length` in us."""

    first: int
    since: int
    length: int


def runs(edges: Sequence[datetime]) -> list[Run]:
    """`edges` as in `Asked`."""
    found: list[Run] = []
    moments = [(edge - EPOCH) // timedelta(microseconds=1) for edge in edges]
    for bucket, (since, until) in enumerate(pairwise(moments)):
        if not found or found[-1].length != until - since:
            found.append(Run(bucket, since, until - since))
    return found


def bucket_of(column: str, edges: Sequence[datetime]) -> str:
    """In SQL, of a time not before the first edge. The last edge, and what is after it,
    has a number that no bucket has."""
    at, found = f"epoch_us({column})", runs(edges)
    *earlier, last = (
        f"{run.first} + ({at} - {run.since}) // {run.length}" for run in found
    )
    cases = [
        f"WHEN {at} < {after.since} THEN {inside}"
        for inside, after in zip(earlier, found[1:], strict=True)
    ]
    return f"(CASE {' '.join(cases)} ELSE {last} END)" if cases else f"({last})"
