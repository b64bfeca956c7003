"""The call itself: who is there, how its parts do, what is typed."""

from typing import Literal

from appliance.messages.base import Role, Sent


class Hello(Sent, frozen=True, kw_only=True, tag="hello"):
    """First message on a socket, new or resumed."""

    call_id: str
    role: Role
    epoch: str  # one life of the server's memory of this call; a resume must name it
    last_seq: int  # newest message of the call; those after the client's own follow
    next_audio_seq: int  # first audio frame the box does not have from this person
    partner: str | None = None  # name of the other person, if there
    speech: str = "live"  # state of `Status(part="speech")`
    suggestions: str = "live"
    version: str = ""


class Partner(Sent, frozen=True, kw_only=True, tag="partner"):
    """The other person came, dropped off, came back or left for good."""

    role: Role  # whom it is about
    event: Literal[
        "joined", "away", "back", "left", "muted", "unmuted", "holding", "unholding"
    ]
    name: str = ""


class ChatLine(Sent, frozen=True, kw_only=True, tag="chat"):
    """What somebody typed, as `Transcript`: the same id again replaces it."""

    id: str
    speaker: Role
    text: str
    at_ms: int
    ref: str = ""  # as the sender chose it, so that the sender's page knows its own line


class Status(Sent, frozen=True, kw_only=True, tag="status"):
    """How a part of the box, or the call itself, is doing. `text` is for people."""

    part: Literal["call", "speech", "suggestions"]
    state: Literal["waiting", "live", "degraded", "paused", "off", "ended"]
    text: str
    lag_ms: int = 0


class Supervised(Sent, frozen=True, kw_only=True, tag="supervised"):
    """Supervisors follow the call, as far as the site tells its people: all of it each
    time. All zero: nobody any more."""

    to: Role  # whom this is told
    following: int  # who read along
    hearing: int  # of them, those who hear it too
    names: tuple[str, ...] = ()  # for the agent alone


class Ack(Sent, frozen=True, kw_only=True, tag="ack"):
    """Every audio frame up to `audio_seq` is taken in; the client may forget those."""

    audio_seq: int


class ErrorSent(Sent, frozen=True, kw_only=True, tag="error"):
    problem: str
    fix: str
