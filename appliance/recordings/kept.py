"""What is kept of a call's sound, as it is told beside the sound itself. No IO."""

from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.messages import Role
from appliance.recordings.spans import SpanKind

Format: TypeAlias = Literal["opus", "flac"]


class KeptSpan(Struct, frozen=True, kw_only=True):
    kind: SpanKind
    start_ms: int
    end_ms: int


class KeptLeg(Struct, frozen=True, kw_only=True):
    """One channel. Times are call time."""

    role: Role
    start_ms: int
    end_ms: int
    recorded_ms: int  # of it, what is neither lost nor missing nor off
    muted_ms: int  # of that, payments and what was silenced
    voiced_ms: int  # in which somebody can be heard
    level_db: float  # of the loudest twentieth, in dB below full scale
    spans: tuple[KeptSpan, ...]
    peaks: tuple[int, ...]  # the largest sample of each `peak_ms`, 0..255


class Kept(Struct, frozen=True, kw_only=True):
    """A recording that is complete: the agent is on the left, the customer on the right."""

    version: int = 1
    format: Format
    bytes: int
    duration_ms: int
    peak_ms: int
    legs: tuple[KeptLeg, ...]
