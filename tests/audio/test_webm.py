import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from appliance.audio.webm import RATE, WebmSource
from appliance.audio.wire import Frame
from appliance.errors import ProtocolError
from tests.audio.test_matroska import block, cluster, element, header
from tests.audio.webms import decode_whole, record, speechlike

SOUND = speechlike(2.013)
WEBM = record(SOUND)
CHUNKS = [WEBM[at : at + 1000] for at in range(0, len(WEBM), 1000)]


def decode(source: WebmSource, chunk: bytes, *, lost: bool = False) -> NDArray[np.int16]:
    pieces = source.take(Frame(0, 0, chunk), lost=lost)
    return np.concatenate([np.zeros(0, np.int16), *(piece.samples for piece in pieces)])


@given(cuts=st.lists(st.integers(1, 4000), max_size=20))
def test_chunks_cut_anywhere_decode_to_the_samples_of_the_whole(cuts: list[int]) -> None:
    source, rest, heard = WebmSource(60_000), WEBM, []
    for cut in [*cuts, len(WEBM)]:
        heard.append(decode(source, rest[:cut]) if rest else np.zeros(0, np.int16))
        rest = rest[cut:]
    assert np.array_equal(np.concatenate(heard), decode_whole(WEBM))


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_kind_of_recording_is_as_long_and_as_loud_as_its_sound(
    live: bool, channels: int
) -> None:
    heard = decode(WebmSource(60_000), record(SOUND, live=live, channels=channels))
    assert len(heard) == len(SOUND)
    assert np.corrcoef(heard, SOUND)[0, 1] > 0.999
    assert heard.astype(float).std() == pytest.approx(SOUND.astype(float).std(), rel=0.02)


def test_sound_comes_out_as_soon_as_its_bytes_are_there() -> None:
    source, behind_ms = WebmSource(60_000), []
    for n, chunk in enumerate(CHUNKS, 1):
        source.take(Frame(n, 0, chunk), lost=False)
        total = len(SOUND) * 1000 / RATE * n / len(CHUNKS)
        behind_ms.append(total - source._due_ms)
    assert max(behind_ms) < 150  # the header and the bit rate's ups and downs


def test_a_lost_chunk_leaves_a_hole_of_its_length_and_nothing_else_is_lost() -> None:
    stream = [header() + cluster(0)] + [block(20 * n, silence()) for n in range(20)]
    source = WebmSource(60_000)
    for chunk in stream[:10]:
        source.take(Frame(0, 0, chunk), lost=False)
    (piece,) = source.take(Frame(0, 0, stream[13]), lost=True)
    assert piece.missing_ms == 60
    assert [p.missing_ms for p in source.take(Frame(0, 0, stream[14]), lost=False)] == [0.0]


def test_a_recorder_that_was_suspended_leaves_a_hole_too() -> None:
    source = WebmSource(60_000)
    source.take(Frame(0, 0, header() + cluster(0) + block(0, silence())), lost=False)
    (piece,) = source.take(Frame(1, 0, block(5020, silence())), lost=False)
    assert piece.missing_ms == 5000


def test_packets_dated_a_little_off_leave_no_holes() -> None:
    source = WebmSource(60_000)
    dates = [0, 30, 35, 70, 90, 95]
    stream = header() + cluster(0) + b"".join(block(ms, silence()) for ms in dates)
    assert {p.missing_ms for p in source.take(Frame(0, 0, stream), lost=False)} == {0.0}


def test_a_hole_longer_than_may_be_filled_is_refused() -> None:
    source = WebmSource(1000)
    source.take(Frame(0, 0, header() + cluster(0) + block(0, silence())), lost=False)
    with pytest.raises(ProtocolError, match="at most 1 s"):
        source.take(Frame(1, 0, block(5000, silence())), lost=False)


def test_a_packet_that_is_not_opus_is_refused_and_the_next_one_decodes() -> None:
    source = WebmSource(60_000)
    source.take(Frame(0, 0, header() + cluster(0) + block(0, silence())), lost=False)
    with pytest.raises(ProtocolError, match="Opus packet cannot be decoded"):
        source.take(Frame(1, 0, block(20, b"\xff\x3f\xff\xff")), lost=False)
    (piece,) = source.take(Frame(2, 0, cluster(40) + block(0, silence())), lost=True)
    assert (piece.missing_ms, len(piece.samples)) == (20, 960)


@pytest.mark.parametrize(
    ("private", "problem"),
    [
        (b"", "no OpusHead"),
        (b"OpusHead\x01\x06\x38\x01\x80\xbb\0\0\0\0\x01", "6 channels in mapping 1"),
    ],
)
def test_a_track_that_cannot_be_decoded_says_why(private: bytes, problem: str) -> None:
    entry = element("d7", b"\1") + element("86", b"A_OPUS") + element("63a2", private)
    stream = header() + element("1654ae6b", element("ae", entry))
    with pytest.raises(ProtocolError, match=problem):
        decode(WebmSource(60_000), stream + cluster(0) + block(0, silence()))


def silence() -> bytes:
    """An Opus packet of 20 ms without sound: CELT, full band, mono, one empty frame."""
    return b"\xf8\xff\xfe"
