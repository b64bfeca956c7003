"""Whether a call is recorded, and how good what was kept is."""

from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.messages.base import Role, Sent

RecordingState: TypeAlias = Literal["off", "waiting", "on", "stopped", "failing"]


class Recording(Sent, frozen=True, kw_only=True, tag="recording"):
    """Whether the sound of the call is kept from here on; told to both people. `waiting`
    for consent, `stopped` by somebody, `failing` for want of room on the disk. `choice`:
    whether people may start and stop it."""

    state: RecordingState
    choice: bool = False


Verdict: TypeAlias = Literal["ok", "partial", "empty"]

# Of a leg: there is no sound of it, less than the call was long, nobody can be heard in it,
# or little of what was said in it was transcribed.
Fault: TypeAlias = Literal["no_audio", "short", "silent", "untranscribed"]


class LegHealth(Struct, frozen=True, kw_only=True):
    role: Role
    expected_s: float  # from when the person came to the end, without what was off
    recorded_s: float
    voiced_s: float  # in which somebody can be heard
    transcribed: float | None  # share of that, 0..1; None where nothing is to be expected
    level_db: float  # below full scale
    faults: tuple[Fault, ...] = ()
