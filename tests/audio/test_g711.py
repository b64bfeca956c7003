import io

import numpy as np
import pytest
import soundfile

from appliance.audio import g711
from appliance.audio.g711 import Law

EVERY_CODE = bytes(range(256))


@pytest.mark.parametrize(
    ("law", "code", "value"),
    [
        ("mulaw", 0xFF, 0),
        ("mulaw", 0x7F, 0),
        ("mulaw", 0x80, 32_124),  # the largest, 8031 in 14 bits
        ("mulaw", 0x00, -32_124),
        ("mulaw", 0xFE, 8),  # the smallest step
        ("mulaw", 0xEF, 132),  # first of the second segment
        ("alaw", 0xD5, 8),  # the smallest, 1/2 step
        ("alaw", 0x55, -8),
        ("alaw", 0xAA, 32_256),  # the largest, 4032 in 13 bits
        ("alaw", 0x2A, -32_256),
    ],
)
def test_codes_have_the_values_of_the_recommendation(
    law: Law, code: int, value: int
) -> None:
    assert g711.decode(bytes([code]), law).tolist() == [value]


@pytest.mark.parametrize(("law", "subtype"), [("mulaw", "ULAW"), ("alaw", "ALAW")])
def test_every_code_decodes_as_libsndfile_decodes_it(law: Law, subtype: str) -> None:
    theirs, _ = soundfile.read(
        io.BytesIO(EVERY_CODE),
        format="RAW",
        subtype=subtype,
        samplerate=8000,
        channels=1,
        dtype="int16",
    )
    assert np.array_equal(g711.decode(EVERY_CODE, law), theirs)


@pytest.mark.parametrize("law", ["mulaw", "alaw"])
def test_encoding_picks_the_nearest_code(law: Law) -> None:
    values = g711.decode(EVERY_CODE, law)
    assert np.array_equal(g711.decode(g711.encode(values, law), law), values)

    samples = np.arange(-32_768, 32_768, 37).astype(np.int16)
    chosen = g711.decode(g711.encode(samples, law), law).astype(int)
    nearest = np.abs(values.astype(int)[None, :] - samples[:, None]).min(axis=1)
    assert np.array_equal(np.abs(chosen - samples), nearest)


def test_silence_on_a_mulaw_line_is_all_ones() -> None:
    assert g711.encode(np.zeros(3, np.int16), "mulaw") == b"\xff\xff\xff"
