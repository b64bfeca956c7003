"""Calls of the past for `appliance rules test`: from the record, or from files."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeAlias, get_args

import msgspec

from appliance.errors import RulesError
from appliance.messages import (
    ROLES,
    Alert,
    ChatLine,
    Customer,
    Gap,
    Role,
    Sentiment,
    Transcript,
)
from appliance.replay.samples import Sample, Script, every_sample
from appliance.rules.past import Arrival, Happened, PastCall
from appliance.store.rows import SessionDetail
from appliance.store.search import Search
from appliance.store.writer import Store

PAGE = 100

Message: TypeAlias = Transcript | ChatLine | Gap | Sentiment | Alert | Customer
KINDS = {str(kind.__struct_config__.tag) for kind in get_args(Message)}


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """Of a transcript file, as the built-in calls have them; times in s."""

    text: str
    start: float
    end: float
    channel: int = 0
    role: Role | None = None  # else by the channel: 0 is the agent


class Turns(msgspec.Struct, frozen=True, kw_only=True):
    turns: tuple[Turn, ...]


async def from_record(
    store: Store, calls: int | None, since: date | None
) -> AsyncIterator[PastCall]:
    """The newest calls of the record that are over, or those since a day (UTC). Raises
    StoreError."""
    begin = datetime.combine(since, time(), UTC) if since else None
    search = Search(since=begin, limit=min(calls or PAGE, PAGE), status="ended")
    left = calls
    while left is None or left > 0:
        page = await store.sessions(search)
        for row in page.sessions[:left]:
            detail = await store.session(row.call_id, partials=False)
            if detail is not None:
                yield _of_detail(detail)
        left = None if left is None else left - len(page.sessions)
        if page.next is None:
            return
        search = msgspec.structs.replace(search, before=page.next)


def from_file(file: Path) -> PastCall:
    """What `/api/sessions/{id}` answers, or turns with `text`, `start`, `end` and a
    `channel` or `role`. Raises RulesError."""
    try:
        text = file.read_bytes()
        if b'"turns"' in text and b'"events"' not in text:
            return _of_turns(file.stem, msgspec.json.decode(text, type=Turns).turns)
        return _of_detail(msgspec.json.decode(text, type=SessionDetail))
    except OSError as error:
        raise RulesError(
            f"Cannot read {file}: {error.strerror}.", fix="Correct the name."
        ) from error
    except msgspec.MsgspecError as error:
        raise RulesError(
            f"{file} is no call: {error}.",
            fix="Name what /api/sessions/{call_id} answered, or a file with `turns`.",
        ) from error


def samples() -> Iterator[PastCall]:
    """The built-in calls."""
    return (_of_sample(sample) for sample in every_sample())


def _of_sample(sample: Sample) -> PastCall:
    script: Script = sample.script
    turns = [
        Turn(text=turn.text, start=turn.start, end=turn.end, role=turn.role)
        for turn in script.turns
    ]
    return _of_turns(sample.name, turns)


def _of_turns(name: str, turns: Sequence[Turn]) -> PastCall:
    events: list[tuple[int, Happened]] = [(0, Arrival(role=role)) for role in ROLES]
    for number, turn in enumerate(turns, 1):
        start_ms, end_ms = round(turn.start * 1000), round(turn.end * 1000)
        line = Transcript(
            id=f"turn-{number}",
            speaker=turn.role or ROLES[min(turn.channel, 1)],
            text=turn.text,
            is_final=True,
            start_ms=start_ms,
            end_ms=end_ms,
        )
        events.append((end_ms, line))
    end_ms = max((at_ms for at_ms, _ in events), default=0)
    return PastCall(call_id=name, end_ms=end_ms, events=events)


def _of_detail(detail: SessionDetail) -> PastCall:
    events: list[tuple[int, Happened]] = []
    joined: dict[str, Mapping[str, Any]] = {}
    for event in detail.events:
        if event.kind == "joined":
            joined[str(event.payload.get("role"))] = event.payload
        elif event.kind == "partner":
            events += _arrivals(event.at_ms, event.payload, joined)
        elif event.kind in KINDS:
            message: Message = msgspec.convert(event.payload, Message)
            events.append((event.at_ms, message))
    end_ms = max((event.at_ms for event in detail.events), default=0)
    return PastCall(call_id=detail.session.call_id, end_ms=end_ms, events=events)


def _arrivals(
    at_ms: int, payload: Mapping[str, Any], joined: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[int, Happened]]:
    role = payload.get("role")
    if payload.get("event") == "joined" and role in ROLES:
        known = joined.get(role, {})
        queue, reason = str(known.get("queue", "")), str(known.get("reason", ""))
        yield at_ms, Arrival(role=role, queue=queue, reason=reason)
