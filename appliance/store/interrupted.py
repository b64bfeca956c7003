"""What a crash left open in the record, and the events that close it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from appliance.store.event import AgentBecame, CallEnded, Event
from appliance.store.log import Row
from appliance.store.reader import OpenCall

# The last sign of life of all: nobody can tell how long somebody was there after it.
ON_DUTY = """
SELECT agent, name, state, call_id, greatest(since, (SELECT max(wall) FROM event))
FROM agent_now
"""


def ends_of_calls(calls: Sequence[OpenCall], now: datetime) -> list[Event]:
    return [
        Event.note(
            CallEnded(reason="interrupted"),
            call_id=call.call_id,
            seq=call.next_seq,
            at_ms=call.at_ms,
            wall=now,
        )
        for call in calls
    ]


def ends_of_shifts(rows: Sequence[Row]) -> list[Event]:
    """`rows` are those of `ON_DUTY`."""
    return [
        Event.of_box(
            AgentBecame(
                agent=agent,
                name=name,
                state="off",
                wrote_up=call_id if state == "wrap_up" else "",
            ),
            last.replace(tzinfo=UTC),
        )
        for agent, name, state, call_id, last in rows
    ]
