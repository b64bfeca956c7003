"""Drafts of calls that are over: as they are written, and anew from the record."""

from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from appliance.assistant.summary.lines import Said
from appliance.assistant.summary.stage import Summaries, said_of
from appliance.messages import ChatLine, Sent, Summary, Transcript
from appliance.store.event import Event
from appliance.store.rows import SessionDetail
from appliance.store.writer import Store

_SAID: dict[str, type[Transcript] | type[ChatLine]] = {
    "transcript": Transcript,
    "chat": ChatLine,
}


class _Place(Struct, frozen=True):
    """Where in the record a new draft belongs."""

    seq: int
    at_ms: int


class Drafts:
    def __init__(self, summaries: Summaries, store: Store) -> None:
        self._summaries = summaries
        self._store = store
        self._places: dict[str, _Place] = {}  # by call that is written up anew

    def latest(self, call_id: str) -> Summary | None:
        """As far as it is written; None where no call of this id has ended lately."""
        return self._summaries.latest(call_id)

    def writing(self, call_id: str) -> bool:
        """Whether more comes."""
        return self._summaries.writing(call_id)

    def forget(self, call_id: str) -> None:
        """What was said in it has been taken out of the record."""
        self._summaries.forget(call_id)

    def again(self, detail: SessionDetail) -> None:
        """Write a call that is over up once more. While one is written, nothing more is."""
        session, last = detail.session, detail.events[-1]
        if not self.writing(session.call_id):
            self._places[session.call_id] = _Place(last.seq + 1, last.at_ms)
            drafts = sum(event.kind == "summary" for event in detail.events)
            self._summaries.write_up(
                session.call_id, lines_of(detail), session.language, drafts=drafts
            )

    def record(self, call_id: str, message: Sent) -> None:
        """Keep the new draft of a call that is over; it goes to no screen."""
        place = self._places.pop(call_id, None)
        if place is None:
            return
        event = Event.of(
            msgspec.structs.replace(message, seq=place.seq),
            call_id=call_id,
            at_ms=place.at_ms,
            wall=datetime.now(UTC),
        )
        self._store.append(event)


def lines_of(detail: SessionDetail) -> list[Said]:
    """What was said and typed, in the order of the record."""
    found: dict[str, Said] = {}
    for event in detail.events:
        kind = _SAID.get(event.kind)
        said = said_of(msgspec.convert(event.payload, kind)) if kind else None
        if said is not None:
            found[said.id] = said
    return list(found.values())
