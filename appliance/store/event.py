"""One recorded fact of a call: a message a screen saw, or what only the record keeps."""

from datetime import datetime
from typing import Any, Literal, Self

from msgspec import Struct
from msgspec.json import encode

from appliance.duty import AgentState
from appliance.errors import StoreError
from appliance.messages import (
    AiSuggestion,
    LegHealth,
    Received,
    Role,
    Sent,
    Summary,
    Transcript,
    Verdict,
)

EndReason = Literal["hangup", "timeout", "shutdown", "interrupted"]


class Fact(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What is worth keeping but is not sent to a screen in this form."""


class CallStarted(Fact, frozen=True, kw_only=True, tag="call_started"):
    """The first event of every call; a call without it is in no list."""

    language: str = ""  # as set for the call, "" when it is detected


class Joined(Fact, frozen=True, kw_only=True, tag="joined"):
    role: Role
    name: str = ""
    reason: str = ""  # why they call, in their own words
    person: str = ""  # id of the account or token whose place it is; "" of a customer
    queue: str = ""  # of the call, where they name one


class Left(Fact, frozen=True, kw_only=True, tag="left"):
    role: Role


class CallEnded(Fact, frozen=True, kw_only=True, tag="call_ended"):
    reason: EndReason
    settled_s: float = 0.0  # from the hang-up to this: the last words were still read


PaymentCause = Literal["agent", "customer", "phrase", "rule", "timer"]


class Payment(Fact, frozen=True, kw_only=True, tag="payment"):
    """From here on nothing is kept or read of what is said, or it is again."""

    on: bool
    by: PaymentCause  # whose button, or what
    reason: str = ""


class Overheard(Fact, frozen=True, kw_only=True, tag="overheard"):
    """A supervisor followed the call, told to its people or not."""

    person: str  # id of the account
    name: str
    does: Literal["follow", "hear", "hear_no_more", "leave"]


class AdviceBecame(Fact, frozen=True, kw_only=True, tag="advice_became"):
    """The agent said what was suggested, or neither that nor anything with the card."""

    id: str
    fate: Literal["said", "expired"]
    line: str = ""  # id of the agent's final that completed it


class AdviceBegan(Fact, frozen=True, kw_only=True, tag="advice_began"):
    """The first word of an advice was shown."""

    id: str
    after_ms: int  # since the end of the line that it answers


class AgentBecame(Fact, frozen=True, kw_only=True, tag="agent_became"):
    """What an agent does from here on; of no call, but of the box."""

    agent: str  # id of the account
    name: str
    state: AgentState | Literal["off"]
    call_id: str = ""  # which they are in, or write up
    wrote_up: str = ""  # which they did until now


class OnDutyStill(Fact, frozen=True, kw_only=True, tag="on_duty_still"):
    """A sign of life from time to time; of no call."""

    agents: int


class Step(Struct, frozen=True, kw_only=True):
    """A state of a text that a model writes, by what it changed in the one before."""

    wall: datetime  # when it went to the screens
    set: dict[str, Any]  # fields that have another value
    more: dict[str, str] = {}  # what was added at the end of others


class Written(Fact, frozen=True, kw_only=True, tag="written"):
    """How a finished `AiSuggestion` or `Summary` grew on the screens."""

    id: str
    steps: tuple[Step, ...]


class WrapUp(Fact, frozen=True, kw_only=True, tag="wrap_up"):
    """What the agent wrote after the call; a later one replaces it."""

    outcome: str
    summary: str
    draft: str = ""  # id of the `Summary` that it began as
    changed: float | None = None  # how much of that, 0 to 1; None: not known
    after_s: float = 0.0  # from the end of the call to this


class Consent(Fact, frozen=True, kw_only=True, tag="consent"):
    """To being recorded: given, or taken back. When, the event says."""

    given: bool
    by: Role  # who told the box
    method: str  # how the customer agreed


class RecordingKept(Fact, frozen=True, kw_only=True, tag="recording_kept"):
    """What has become of the sound of a call that was to be recorded; a later one
    replaces it."""

    verdict: Verdict
    format: str  # "" where nothing is kept
    bytes: int
    duration_s: float
    legs: tuple[LegHealth, ...]


class Purged(Fact, frozen=True, kw_only=True, tag="purged"):
    """From the events before this one was taken out what was `said`, or with it all that
    tells who the `person` was. What is counted stays."""

    what: Literal["said", "person"]
    why: Literal["retention", "erasure"]


class EventRefused(StoreError):
    """This one event cannot be stored, now or later; the others can."""


class Event(Struct, frozen=True, kw_only=True):
    """A row of the record.

    `seq` counts up within a call from 1; messages and record-only facts draw from the same
    counter. What is of no call has an empty `call_id` and `seq` 0. `at_ms` is call time,
    `wall` the moment it happened (any time zone, stored as UTC). `payload` is JSON, kept
    byte for byte.
    """

    call_id: str
    seq: int
    at_ms: int
    wall: datetime
    kind: str
    payload: bytes
    partial: bool = False  # a later event with the same id replaces it: may be shed

    @classmethod
    def of(cls, message: Sent, *, call_id: str, at_ms: int, wall: datetime) -> Self:
        """The event of a message, with the message's own `seq`."""
        partial = (
            isinstance(message, Transcript | AiSuggestion | Summary)
            and not message.is_final
        )
        return cls(
            call_id=call_id,
            seq=message.seq,
            at_ms=at_ms,
            wall=wall,
            kind=_tag(message),
            payload=encode(message),
            partial=partial,
        )

    @classmethod
    def note(
        cls, fact: Fact | Received, *, call_id: str, seq: int, at_ms: int, wall: datetime
    ) -> Self:
        """The event of a record-only fact, or of something a person sent (`Feedback`)."""
        return cls(
            call_id=call_id,
            seq=seq,
            at_ms=at_ms,
            wall=wall,
            kind=_tag(fact),
            payload=encode(fact),
        )

    @classmethod
    def of_box(cls, fact: Fact, wall: datetime) -> Self:
        """The event of a fact that is of no call."""
        return cls.note(fact, call_id="", seq=0, at_ms=0, wall=wall)


def _tag(message: Struct) -> str:
    return str(message.__struct_config__.tag)
