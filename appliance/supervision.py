"""What a supervisor's page and the box tell each other: which calls go on, and one of them.

Who follows a call is told what its agent is told (`appliance.messages`), and nothing they
say reaches the call. The same rules as for that file.
"""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from appliance.duty import AgentState
from appliance.messages import (
    ErrorSent,
    GivenId,
    GivenNumber,
    MoodLabel,
    Received,
    RecordingState,
    Sent,
    Severity,
    Trend,
    decoded,
)

# ---------------------------------------------------------------- server to supervisor


class CallAlert(Struct, frozen=True, kw_only=True):
    """Something in a call that wants attention now, in the rule's words."""

    kind: Literal["mood", "rule"]
    severity: Severity
    text: str


class CallGoingOn(Struct, frozen=True, kw_only=True):
    """A call that waits or runs, as a list of them shows it."""

    call_id: str
    state: Literal["waiting", "active"]
    agent: str  # "" where nobody has answered yet
    customer: str
    reason: str  # why they call, in their own words
    since: datetime  # UTC; when it was started
    mood: MoodLabel | None = None  # of the customer's newest line that was read
    trend: Trend = "flat"
    unread: bool = False  # not transcribed: the box reads as many calls as it can
    lag_ms: int = 0  # how late its newest final was
    recording: RecordingState = "off"  # whether its sound is kept
    following: int = 0  # supervisors who read along
    hearing: int = 0  # of them, those who hear it too
    alerts: tuple[CallAlert, ...] = ()  # raised and not over, the newest last
    queue: str = ""


class AgentOnDuty(Struct, frozen=True, kw_only=True):
    """What an agent is doing, and since when (UTC; to half a second)."""

    id: str
    name: str
    state: AgentState
    since: datetime


# `filling`: time to do something; `full`: nothing more is recorded; `failing`: the disk
# refuses for another reason.
SpaceState: TypeAlias = Literal["ok", "filling", "full", "failing"]


class Wall(Struct, frozen=True, kw_only=True):
    """What there is on the floor beside the calls: the agents on duty, and how the box
    keeps up. `reading` counts the calls that are transcribed; None: speech is off."""

    agents: tuple[AgentOnDuty, ...]
    speech: Literal["live", "degraded", "paused", "off"]
    suggestions: Literal["live", "degraded", "paused", "off"]
    record: Literal["live", "failing"]
    recordings: SpaceState
    lag_ms: int  # age of the oldest final that waits
    reading: int | None
    room: int | None  # calls that can be transcribed at once


class Floor(Sent, frozen=True, kw_only=True, tag="floor"):
    """The calls going on. `whole` on each new socket: these are all. After that what has
    changed, at most twice a second: new and changed calls, the ids of those that are over,
    and the `wall`, None where nothing of it has changed. Sent every ten seconds in any
    case, by which the page knows its line is alive. `at` is the box's time (UTC), to which
    every `since` is to be compared: the clock of the page may be wrong."""

    whole: bool
    at: datetime
    calls: tuple[CallGoingOn, ...] = ()
    over: tuple[str, ...] = ()
    wall: Wall | None = None


AnomalyKind: TypeAlias = Literal["unusual", "limit"]


class Anomaly(Struct, frozen=True, kw_only=True):
    """A measure of the last hour that is out of the ordinary. `usual`: the median of the
    same hour of past weeks, or the limit that the site has set."""

    measure: str
    title: str
    unit: str
    kind: AnomalyKind
    value: float
    usual: float
    since: datetime  # UTC


class Unusual(Sent, frozen=True, kw_only=True, tag="unusual"):
    """What is out of the ordinary: all of it, each time it changes; and on each new socket
    if there is any."""

    anomalies: tuple[Anomaly, ...]


FloorNews: TypeAlias = Floor | Unusual | ErrorSent

# ---------------------------------------------------------------- supervisor to server


class Follow(Received, frozen=True, kw_only=True, tag="follow"):
    """First message of a listening socket. Who was cut off names the epoch and the newest
    message they have, and is told what came after it; without, everything so far."""

    epoch: GivenId = ""
    last_seq: GivenNumber = 0


class Listen(Received, frozen=True, kw_only=True, tag="listen"):
    """Send both voices, or no more. Nobody hears anything before they have asked."""

    audio: bool


SupervisorMessage: TypeAlias = Follow | Listen

_decoder: msgspec.json.Decoder[SupervisorMessage] = msgspec.json.Decoder(SupervisorMessage)


def decode_from_supervisor(text: bytes | str) -> SupervisorMessage:
    """Raises msgspec.ValidationError or msgspec.DecodeError."""
    return decoded(_decoder, text)
