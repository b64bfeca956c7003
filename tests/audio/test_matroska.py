import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.audio.matroska import Packet, Reader
from appliance.errors import ProtocolError
from tests.audio.webms import record, speechlike

WEBM = record(speechlike(1))
UNKNOWN = b"\x01" + b"\xff" * 7
OPUS_HEAD = b"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"


def element(name: str, content: bytes, size: bytes | None = None) -> bytes:
    size = (0x10_0000_00 | len(content)).to_bytes(4, "big") if size is None else size
    return bytes.fromhex(name) + size + content


def header(track: int = 1, codec: bytes = b"A_OPUS") -> bytes:
    entry = element("d7", bytes([track >> 8, track & 255])) + element("86", codec)
    tracks = element("ae", entry + element("63a2", OPUS_HEAD))
    return (
        element("1a45dfa3", element("4282", b"webm"))
        + element("18538067", b"", UNKNOWN)
        + element("1549a966", element("2ad7b1", (1_000_000).to_bytes(3, "big")))
        + element("1654ae6b", tracks)
    )


def cluster(ms: int) -> bytes:
    return element("1f43b675", b"", UNKNOWN) + element("e7", ms.to_bytes(3, "big"))


def block(
    offset_ms: int, payload: bytes, track: bytes = b"\x81", flags: int = 0x80
) -> bytes:
    where = offset_ms.to_bytes(2, "big", signed=True)
    return element("a3", track + where + bytes([flags]) + payload)


def read(*chunks: bytes) -> list[Packet]:
    reader = Reader()
    return [packet for chunk in chunks for packet in reader.feed(chunk)]


def test_packets_come_out_with_their_times() -> None:
    stream = header() + cluster(100) + block(-5, b"one") + block(20, b"two")
    assert [(packet.time_ms, packet.payload) for packet in read(stream)] == [
        (95.0, b"one"),
        (120.0, b"two"),
    ]


@given(cuts=st.lists(st.integers(1, 3000), max_size=30))
def test_how_a_real_recording_is_cut_does_not_change_its_packets(cuts: list[int]) -> None:
    chunks, rest = [], WEBM
    for cut in cuts:
        chunks.append(rest[:cut])
        rest = rest[cut:]
    assert read(*chunks, rest) == read(WEBM)
    assert len(read(WEBM)) == 51  # 1 s of 20 ms packets, and the encoder's delay


def test_a_stream_fed_byte_by_byte_is_read_too() -> None:
    assert read(*[WEBM[i : i + 1] for i in range(len(WEBM))]) == read(WEBM)


def test_finished_files_with_known_sizes_read_like_live_ones() -> None:
    finished = read(record(speechlike(1), live=False))
    assert [packet.payload for packet in finished] == [p.payload for p in read(WEBM)]


def test_track_numbers_of_two_bytes_are_understood() -> None:
    stream = header(track=300) + cluster(0) + block(0, b"ours", track=b"\x41\x2c")
    assert [packet.payload for packet in read(stream)] == [b"ours"]


def test_blocks_of_other_tracks_are_left_out() -> None:
    stream = header() + cluster(0) + block(0, b"video", track=b"\x82") + block(0, b"ours")
    assert [packet.payload for packet in read(stream)] == [b"ours"]


def test_elements_that_do_not_matter_are_passed_over_without_being_kept() -> None:
    void = element("ec", bytes(500_000), b"\x10\x07\xa1\x20")
    reader = Reader()
    reader.feed(header() + void[:100_000])
    assert len(reader._buffer) == 0
    assert [
        p.payload for p in reader.feed(void[100_000:] + cluster(0) + block(0, b"on"))
    ] == [b"on"]


@pytest.mark.parametrize(
    ("stream", "problem"),
    [
        (b"RIFF$\x00\x00\x00WAVEfmt ", "does not belong here"),
        (b"\x00" * 20, "starts with byte 0x00"),
        (cluster(0), "no header"),
        (block(0, b"x"), "no header"),
        (header(codec=b"A_VORBIS"), "A_VORBIS and not A_OPUS"),
        (header() + element("1654ae6b", b""), "no track and not A_OPUS"),
        (header() + cluster(0) + block(0, b"x", flags=0x02), "laced"),
        (header() + cluster(0) + element("a3", b"\x81\x00"), "only 2 bytes"),
        (header() + cluster(0) + block(0, b""), "only 4 bytes"),
        (header() + block(0, b"x"), "before the time of its cluster"),
        (header() + element("e7", bytes(9)), "a number has 9 bytes"),
        (header() + cluster(0) + element("a3", b"", UNKNOWN), "claims None bytes"),
        (
            header() + cluster(0) + element("a3", b"", b"\x17\xff\xff\xff"),
            "claims 134217727",
        ),
        (
            header() + element("ec", b"", b"\x01\x00\x00\x00\xff\xff\xff\xff"),
            "does not bel",
        ),
        (header() + element("1654ae6b", b"\xae\x85abc"), "longer than the one around it"),
    ],
)
def test_what_is_not_webm_with_opus_is_refused_with_its_fix(
    stream: bytes, problem: str
) -> None:
    with pytest.raises(ProtocolError, match="audio/webm;codecs=opus") as caught:
        read(stream)
    assert problem in caught.value.problem


@given(garbage=st.binary(max_size=300), good=st.booleans())
def test_whatever_comes_only_protocol_errors_go_out_and_little_is_kept(
    garbage: bytes, good: bool
) -> None:
    reader = Reader()
    for chunk in [header() if good else b"", garbage, garbage]:
        try:
            reader.feed(chunk)
        except ProtocolError:
            continue
    assert len(reader._buffer) <= 2 * len(garbage)


def test_after_garbage_reading_goes_on_at_the_next_cluster() -> None:
    reader = Reader()
    reader.feed(header() + cluster(0) + block(0, b"one"))
    with pytest.raises(ProtocolError):
        reader.feed(b"\x00garbage")
    assert reader.feed(b"the tail of something " + cluster(500)[:3]) == []
    assert [
        packet.time_ms for packet in reader.feed(cluster(500)[3:] + block(0, b"two"))
    ] == [500.0]


def test_after_a_loss_a_chunk_that_starts_with_a_block_is_used_at_once() -> None:
    reader = Reader()
    reader.feed(header() + cluster(0) + block(0, b"one") + block(20, b"half a bl")[:9])
    reader.lose()
    assert [p.time_ms for p in reader.feed(block(60, b"four") + block(80, b"five"))] == [
        60.0,
        80.0,
    ]


def test_after_a_loss_a_block_of_an_unknown_cluster_is_not_dated_wrongly() -> None:
    reader = Reader()
    reader.feed(header() + cluster(0) + block(9000, b"one"))
    reader.lose()
    assert reader.feed(block(20, b"of a cluster whose head was lost")) == []
    assert len(reader.feed(cluster(9500) + block(0, b"two"))) == 1


def test_a_recorder_that_starts_anew_is_followed() -> None:
    stream = header() + cluster(5000) + block(0, b"one")
    first, second = read(stream + header() + cluster(0) + block(0, b"two"))
    assert (first.time_ms, second.time_ms) == (5000.0, 0.0)
    assert first.track is not second.track
