"""Events for the store's tests."""

from datetime import UTC, datetime, timedelta

from appliance.messages import Role, Transcript
from appliance.store.event import CallStarted, Event, Joined
from appliance.store.log import SessionLog

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def wall(minutes: float = 0) -> datetime:
    return NOON + timedelta(minutes=minutes)


def started(call_id: str = "c1", seq: int = 1, minutes: float = 0) -> Event:
    fact = CallStarted()
    return Event.note(fact, call_id=call_id, seq=seq, at_ms=0, wall=wall(minutes))


def joined(role: Role, name: str, call_id: str = "c1", seq: int = 2) -> Event:
    fact = Joined(role=role, name=name)
    return Event.note(fact, call_id=call_id, seq=seq, at_ms=0, wall=wall())


def said(
    seq: int,
    text: str = "hello",
    *,
    call_id: str = "c1",
    is_final: bool = True,
    turn: str = "",
    speaker: Role = "customer",
    language: str = "",
) -> Event:
    transcript = Transcript(
        seq=seq,
        id=turn or f"t{seq}",
        speaker=speaker,
        text=text,
        is_final=is_final,
        start_ms=seq * 10,
        end_ms=seq * 10 + 9,
        language=language,
    )
    return Event.of(transcript, call_id=call_id, at_ms=seq * 10, wall=wall(seq / 60))


def stored(log: SessionLog) -> list[tuple[str, int]]:
    """Call and seq of every event, in the order of the record."""
    return [(c, s) for c, s in log.ask("SELECT call_id, seq FROM event ORDER BY n")]


def of_kind(seq: int, kind: str, payload: bytes, call_id: str = "c1") -> Event:
    return Event(
        call_id=call_id,
        seq=seq,
        at_ms=seq * 10,
        wall=wall(seq / 60),
        kind=kind,
        payload=payload,
    )
