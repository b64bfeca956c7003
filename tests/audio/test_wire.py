import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.audio.wire import MAX_WEBM_BYTES, Frame, encode_frame, parse_frame
from appliance.errors import ProtocolError
from appliance.messages import AudioFormat, Codec

PCM = AudioFormat()
WEBM = AudioFormat(codec="webm_opus")
U32 = st.integers(0, 2**32 - 1)


@given(seq=U32, t_ms=U32, samples=st.binary(min_size=1, max_size=640))
def test_a_frame_comes_out_as_it_went_in(seq: int, t_ms: int, samples: bytes) -> None:
    payload = samples * 2
    assert parse_frame(encode_frame(seq, t_ms, payload), PCM) == Frame(seq, t_ms, payload)


def test_numbers_are_little_endian() -> None:
    assert encode_frame(1, 256, b"xy") == b"\1\0\0\0" + b"\0\1\0\0" + b"xy"


@pytest.mark.parametrize(
    ("data", "audio", "fix"),
    [
        (b"", PCM, "u32 seq"),
        (b"1234567", PCM, "u32 seq"),
        (encode_frame(0, 0, b""), PCM, "20 to 100 ms"),
        (encode_frame(0, 0, b"\0" * 641), PCM, "s16le"),
        (encode_frame(0, 0, b"\0" * 32_002), PCM, "never more than a second"),
        (encode_frame(0, 0, b"\0" * 8001), AudioFormat(codec="mulaw", rate=8000), "second"),
        (encode_frame(0, 0, b"\0" * (MAX_WEBM_BYTES + 1)), WEBM, "second"),
        (encode_frame(0, 0, b"\0\0"), AudioFormat(rate=11_025), "one of 8000, 16000"),
        (encode_frame(0, 0, b"\0"), AudioFormat(codec="alaw", rate=48_000), "8000, 16000"),
    ],
)
def test_a_frame_that_cannot_be_used_is_refused_with_its_fix(
    data: bytes, audio: AudioFormat, fix: str
) -> None:
    with pytest.raises(ProtocolError) as caught:
        parse_frame(data, audio)
    assert fix in caught.value.fix


@pytest.mark.parametrize(
    ("codec", "rate", "size"),
    [
        ("pcm_s16le", 48_000, 96_000),
        ("mulaw", 8000, 7999),
        ("alaw", 16_000, 16_000),
        ("webm_opus", 0, MAX_WEBM_BYTES),
    ],
)
def test_a_whole_second_is_accepted(codec: Codec, rate: int, size: int) -> None:
    audio = AudioFormat(codec=codec, rate=rate)
    assert len(parse_frame(encode_frame(7, 9, bytes(size)), audio).payload) == size
