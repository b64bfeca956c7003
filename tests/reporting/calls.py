"""Calls as the box records them, in a few words each, for the tests of figures."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from appliance.messages import (
    Checklist,
    ChecklistItem,
    Customer,
    CustomerCard,
    ItemState,
    Partner,
    Received,
    Role,
    Sent,
    Sentiment,
    Transcript,
)
from appliance.store.event import (
    CallEnded,
    CallStarted,
    EndReason,
    Event,
    Fact,
    Joined,
    Left,
    WrapUp,
)

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)


class Told:
    """One call's events, each at a second after the customer came."""

    def __init__(self, call_id: str, came: datetime = NOON) -> None:
        self.call_id = call_id
        self.came = came
        self.events: list[Event] = []
        self._began_s = 0.0  # of the first sample

    def tell(self, what: Sent | Fact | Received, at_s: float, call_ms: int) -> "Told":
        seq = len(self.events) + 1
        known = {"call_id": self.call_id, "at_ms": call_ms, "wall": self._wall(at_s)}
        if isinstance(what, Sent):
            event = Event.of(replace(what, seq=seq), **known)  # type: ignore[arg-type]
        else:
            event = Event.note(what, seq=seq, **known)  # type: ignore[arg-type]
        self.events.append(event)
        return self

    def note(self, what: Sent | Fact | Received, at_s: float) -> "Told":
        return self.tell(what, at_s, max(0, round(1000 * (at_s - self._began_s))))

    def _wall(self, at_s: float) -> datetime:
        return self.came + timedelta(seconds=at_s)

    def come(self, queue: str = "", person: str = "") -> "Told":
        self.note(CallStarted(), 0)
        joined = Joined(role="customer", name="Ada", queue=queue, person=person)
        return self.note(joined, 0)

    def answer(self, at_s: float, agent: str = "a1", name: str = "Ann") -> "Told":
        """Sound begins with it."""
        self._began_s = at_s
        return self.note(Joined(role="agent", name=name, person=agent), at_s)

    def hold(self, since_s: float, until_s: float) -> "Told":
        self.note(Partner(role="agent", event="holding"), since_s)
        return self.note(Partner(role="agent", event="unholding"), until_s)

    def leave(self, at_s: float) -> "Told":
        return self.note(Left(role="customer"), at_s)

    def say(
        self, who: Role, since_ms: int, until_ms: int, lag_ms: int = 500, text: str = "so"
    ) -> "Told":
        """Times of the call, as those of its sound."""
        final = Transcript(
            id=f"t{len(self.events)}",
            speaker=who,
            text=text,
            is_final=True,
            start_ms=since_ms,
            end_ms=until_ms,
        )
        return self.tell(final, self._began_s + (until_ms + lag_ms) / 1000, until_ms)

    def know(self, customer: str) -> "Told":
        card = CustomerCard(
            id=customer, name="Ada", email="", phone="", status="", lifetime_value=None,
            currency="", since="",
        )  # fmt: skip
        return self.note(Customer(source="start", card=card), 1)

    def check(self, done: float, missed: float, unchecked: float = 0) -> "Told":
        states: dict[ItemState, float] = {
            "done": done,
            "missed": missed,
            "unchecked": unchecked,
        }
        items = tuple(
            ChecklistItem(id=state, text=state, weight=weight, state=state)
            for state, weight in states.items()
        )
        return self.note(Checklist(items=items, score=None), 5)

    def feel(self, score: int, trend: str) -> "Told":
        mood = Sentiment(
            id="t", label="neutral", score=0, confidence=1, source="lexicon",
            quarters=(), trend=trend, call_score=score,  # type: ignore[arg-type]
        )  # fmt: skip
        return self.note(mood, 20)

    def end(
        self, at_s: float, reason: EndReason = "hangup", settled_s: float = 2.0
    ) -> "Told":
        """Hung up at `at_s`; the record has it once the last words were read."""
        return self.note(CallEnded(reason=reason, settled_s=settled_s), at_s + settled_s)

    def wrap_up(
        self,
        at_s: float,
        outcome: str = "",
        after_s: float = 0.0,
        changed: float | None = None,
    ) -> "Told":
        wrap_up = WrapUp(outcome=outcome, summary="", after_s=after_s, changed=changed)
        return self.note(wrap_up, at_s)
