import av
import pytest
from av.error import FFmpegError
from hypothesis import given
from hypothesis import strategies as st

from appliance.audio.matroska import Reader
from appliance.audio.opus import MOST_MS, packet_ms
from tests.audio.webms import record, speechlike


def test_the_packets_of_a_recording_add_up_to_it() -> None:
    lengths = [packet_ms(packet.payload) for packet in Reader().feed(record(speechlike(1)))]
    assert set(lengths) == {20.0}
    assert sum(lengths) == pytest.approx(1000, abs=30)


@pytest.mark.parametrize(
    ("packet", "ms"),
    [
        (b"", 0),
        (b"\xf8\xff\xfe", 20),  # CELT, one frame
        (b"\x18", 60),  # SILK, one frame
        (b"\x19", 120),  # two of them
        (b"\xe0", 2.5),
        (b"\xe3\x30", 120),  # forty-eight frames of 2.5 ms
        (b"\xfb\x06", 120),  # six of 20 ms
        (b"\xfb\x3f", 120),  # more than the standard lets a packet hold
        (b"\xfb", 0),
    ],
)
def test_the_first_two_bytes_tell_how_long_a_packet_sounds(
    packet: bytes, ms: float
) -> None:
    assert packet_ms(packet) == ms


@given(packet=st.binary(min_size=1, max_size=60))
def test_no_decoder_makes_more_of_a_packet_than_was_said(packet: bytes) -> None:
    decoder = av.CodecContext.create("opus", "r")
    try:
        frames = decoder.decode(av.Packet(packet))
    except FFmpegError:
        return
    made_ms = sum(frame.samples for frame in frames) / 48
    assert made_ms <= packet_ms(packet) <= MOST_MS
