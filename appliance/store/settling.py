"""The rows that sum a call up, made a moment after the commits that they heed.

Measured on 2 cores with `python -m tests.load.figures FILE --seconds 75`, 100,000 calls, 20
that write and a dashboard that asks: a commit takes p50 7, p95 19, p99 33 ms, the longest
97; with the rows made in the commit itself 9, 86, 192 and 304. A row costs 55 ms of a core,
50 of them to plan the two macros.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from appliance.store.running import Due, Standing, Unsettled

Run: TypeAlias = Callable[[str, Mapping[str, object]], Sequence[tuple[Any, ...]]]

# Calls after a position that have another row than one before it, if they have any.
CHANGED_SINCE = """
SELECT n,
    CASE kind WHEN 'agent_became' THEN payload->>'$.wrote_up' ELSE call_id END AS call_id
FROM {event} WHERE n >= $since
    AND kind IN ('call_ended', 'wrap_up', 'summary', 'agent_became')
"""

_END = "SELECT coalesce(max(n) + 1, 0) FROM event"
_MARK = "SELECT n FROM settled"
_CHANGED = f"""
SELECT call_id, max(n) FROM ({CHANGED_SINCE.format(event="event")})
WHERE call_id <> '' GROUP BY call_id
"""  # noqa: S608 - ours
_WITHOUT_ROW = """
SELECT call_id, min(n), call_id IN (
    SELECT call_id FROM event WHERE n >= $since AND kind = 'call_ended'
)
FROM event
WHERE kind = 'call_started' AND call_id NOT IN (SELECT call_id FROM session)
GROUP BY call_id
"""

_STARTS = "SELECT n FROM session WHERE list_contains($calls, call_id)"
# Both have a row for each call that has ended.
_FORGET = (
    "DELETE FROM session WHERE list_contains($starts, n)",
    "DELETE FROM measured WHERE list_contains($starts, n)",
)
_SUM_UP = (
    "INSERT INTO session SELECT * FROM summed_up($first, $calls) WHERE ended IS NOT NULL",
    "INSERT INTO measured SELECT * FROM measures_of($first, $calls)",
)
_NEW_MARK = "UPDATE settled SET n = $until"


def read_end(run: Run) -> int:
    """Position of the next event."""
    [(end,)] = run(_END, {})
    return int(end)


def read_standing(run: Run) -> Standing:
    """What a record is found with."""
    [(since,)] = run(_MARK, {})
    unended: dict[str, int] = {}
    ended: dict[str, int] = {}
    for call_id, start, has_ended in run(_WITHOUT_ROW, {"since": since}):
        (ended if has_ended else unended)[call_id] = start
    unsettled = {
        call_id: Unsettled(at, ended.get(call_id, unended.get(call_id)), since)
        for call_id, at in run(_CHANGED, {"since": since})
    }
    return Standing(read_end(run), unended, unsettled)


def make_rows(run: Run, due: Due) -> None:
    """Of these calls, in one transaction; those that go on have none."""
    calls = list(due.calls)
    starts = [one.start for one in due.calls.values() if one.start is not None]
    if len(starts) < len(calls):
        starts += [n for (n,) in run(_STARTS, {"calls": calls})]
    if starts:
        for forget in _FORGET:
            run(forget, {"starts": starts})
        for sum_up in _SUM_UP:
            run(sum_up, {"first": min(starts), "calls": calls})
    run(_NEW_MARK, {"until": due.until})
