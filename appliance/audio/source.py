"""What a leg needs of a decoder, whatever the codec."""

from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from appliance.audio.wire import Frame
from appliance.errors import ProtocolError

Samples: TypeAlias = NDArray[np.int16]


class Piece(NamedTuple):
    """Audio without a hole in it."""

    missing_ms: float  # of audio that never came, right before these samples
    samples: Samples  # at the source's rate


class Source(Protocol):
    rate: int  # Hz

    def take(self, frame: Frame, *, lost: bool) -> list[Piece]:
        """Decode one frame; `lost` says that frames before it will never come.

        Raises ProtocolError if the frame cannot be used; it then counts as lost.
        """
        ...


def refuse_long_gap(frame: Frame, missing_ms: float, max_gap_ms: int) -> None:
    """Raises ProtocolError if more is missing than silence may stand in for."""
    if missing_ms > max_gap_ms:
        raise ProtocolError(
            f"Before audio frame {frame.seq}, {missing_ms / 1000:.1f} s are missing; "
            f"at most {max_gap_ms / 1000:.0f} s can be filled with silence.",
            fix="Check t_ms, or say hello again to start the audio afresh.",
        )
