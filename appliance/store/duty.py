"""What agents were doing, written beside the events that tell it."""

from collections.abc import Iterator, Sequence
from datetime import UTC

import msgspec

from appliance.store.event import AgentBecame, Event

_KIND = AgentBecame.__struct_config__.tag

# One after the other.
_STATEMENTS = (
    """INSERT INTO agent_time
    SELECT agent, name, state, call_id, since, greatest(since, $wall) FROM agent_now
    WHERE agent = $agent""",
    "DELETE FROM agent_now WHERE agent = $agent",
    """INSERT INTO agent_now
    SELECT $agent, $name, $state, $call_id, $wall WHERE $state <> 'off'""",
)


def written_up(event: Event) -> str:
    """The call whose agent is done with it by this event; '' none. Raises MsgspecError."""
    return _became(event).wrote_up if event.kind == _KIND else ""


def changes(events: Sequence[Event]) -> Iterator[tuple[str, dict[str, object]]]:
    """Statements for what became of agents, in the order of the events, and the values that
    are bound in them. Raises MsgspecError."""
    for event in events:
        if event.kind != _KIND:
            continue
        became = _became(event)
        known = {
            # UTC, without saying so, as the record has it.
            "wall": event.wall.astimezone(UTC).replace(tzinfo=None),
            "agent": became.agent,
            "name": became.name,
            "state": became.state,
            "call_id": became.call_id,
        }
        for sql in _STATEMENTS:
            yield sql, {name: known[name] for name in known if f"${name}" in sql}


def _became(event: Event) -> AgentBecame:
    return msgspec.json.decode(event.payload, type=AgentBecame)
