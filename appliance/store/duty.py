"""What agents were doing, written beside the events that tell it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from appliance.store.event import AgentBecame, Event

# One after the other, with the values of `Change`.
STATEMENTS = (
    """INSERT INTO agent_time
    SELECT agent, name, state, call_id, since, greatest(since, $wall) FROM agent_now
    WHERE agent = $agent""",
    "DELETE FROM agent_now WHERE agent = $agent",
    """INSERT INTO agent_now
    SELECT $agent, $name, $state, $call_id, $wall WHERE $state <> 'off'""",
    # All of the call anew would take 45 ms.
    """UPDATE measured SET wrap_up_ms = (
        SELECT sum(date_diff('millisecond', since, until)) FROM agent_time
        WHERE state = 'wrap_up' AND agent_time.call_id = $wrote_up
    ) WHERE measured.call_id = $wrote_up AND $wrote_up <> ''""",
)


class Change(NamedTuple):
    wall: datetime  # UTC, without saying so, as the record has it
    became: AgentBecame


def changes(events: Sequence[Event]) -> Iterator[Change]:
    """In the order of the events."""
    for event in events:
        if event.kind == AgentBecame.__struct_config__.tag:
            became = msgspec.json.decode(event.payload, type=AgentBecame)
            yield Change(event.wall.astimezone(UTC).replace(tzinfo=None), became)
