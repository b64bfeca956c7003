"""Telephone companding: mu-law and a-law of ITU-T G.711, by table."""

from typing import Literal, TypeAlias

import numpy as np

from appliance.audio.source import Samples

Law: TypeAlias = Literal["mulaw", "alaw"]


def _mulaw_table() -> Samples:
    """G.711 table 2a/2b: 14-bit values, here scaled to 16 bits."""
    code = ~np.arange(256) & 0xFF  # all bits are inverted on the line
    step, segment = code & 0x0F, (code >> 4) & 0x07
    # 33 is the bias that makes every segment twice as wide as the one before.
    size = (((step << 1) + 33) << segment) - 33
    table: Samples = np.where(code & 0x80, -size * 4, size * 4).astype(np.int16)
    return table


def _alaw_table() -> Samples:
    """G.711 table 1a/1b: 13-bit values, here scaled to 16 bits."""
    code = np.arange(256) ^ 0x55  # even bits are inverted on the line
    step, segment = code & 0x0F, (code >> 4) & 0x07
    # The lowest two segments are equally wide; the implied bit starts at the second.
    wide = (step << 1) + 1 + np.where(segment > 0, 32, 0)
    size = wide << np.maximum(segment - 1, 0)
    table: Samples = np.where(code & 0x80, size * 8, -size * 8).astype(np.int16)
    return table


_DECODED: dict[Law, Samples] = {"mulaw": _mulaw_table(), "alaw": _alaw_table()}
# Stable, so that of mu-law's two zeros the positive one (0xFF, an idle line) is not
# lost to sorting: `encode` picks the last of equals.
_ORDER = {law: np.argsort(table, kind="stable") for law, table in _DECODED.items()}


def decode(payload: bytes, law: Law) -> Samples:
    """16-bit samples, one for each byte."""
    return _DECODED[law][np.frombuffer(payload, np.uint8)]


def encode(samples: Samples, law: Law) -> bytes:
    """One byte for each 16-bit sample: the code whose value is nearest."""
    codes = _ORDER[law]
    values = _DECODED[law][codes].astype(np.int32)
    middles = (values[1:] + values[:-1]) / 2
    return codes[np.searchsorted(middles, samples, side="right")].astype(np.uint8).tobytes()
