from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.audio import g711
from appliance.audio.leg import LegAudio, Taken
from appliance.audio.wire import Frame
from appliance.errors import ProtocolError
from appliance.messages import AudioFormat
from tests.audio.webms import likeness, record, speechlike

PCM_16K = AudioFormat()
MS = 32  # bytes of 16 kHz s16le


def sound(ms: int, rate: int = 16_000) -> bytes:
    return speechlike(ms / 1000, rate).tobytes()


def frames(
    payload: bytes, *, ms: int = 20, first: int = 0, t_ms: int = 0, width: int = MS
) -> list[Frame]:
    """Cut into frames of `ms`; `width` is bytes in a ms."""
    pieces = [payload[at : at + ms * width] for at in range(0, len(payload), ms * width)]
    return [Frame(first + n, t_ms + n * ms, piece) for n, piece in enumerate(pieces)]


def hear(leg: LegAudio, sent: Iterable[Frame]) -> bytes:
    return b"".join(leg.push(frame).pcm for frame in sent) + leg.flush()


def test_audio_at_16_khz_passes_unchanged() -> None:
    leg = LegAudio(PCM_16K)
    assert hear(leg, frames(sound(1000))) == sound(1000)
    assert (leg.next_seq, leg.taken_ms) == (50, 1000.0)


@pytest.mark.parametrize("rate", [8000, 16_000, 48_000])
def test_who_goes_on_sending_after_the_end_is_still_heard(rate: int) -> None:
    leg = LegAudio(AudioFormat(rate=rate))
    sent = frames(sound(400, rate), width=rate // 500)
    hear(leg, sent[:10])
    hear(leg, sent[10:])
    assert leg.taken_ms == pytest.approx(400, abs=1)


@given(
    audio=st.sampled_from(
        [
            PCM_16K,
            AudioFormat(rate=8000),
            AudioFormat(rate=48_000),
            AudioFormat(codec="mulaw", rate=8000),
            AudioFormat(codec="alaw", rate=16_000),
        ]
    ),
    lengths=st.lists(st.integers(1, 400), min_size=1, max_size=20),
    resent=st.lists(st.integers(0, 19), max_size=5),
    first=st.sampled_from([0, 1, 77]),
    origin=st.integers(0, 2**31),
)
def test_neither_framing_nor_resent_frames_change_what_is_heard(
    audio: AudioFormat, lengths: list[int], resent: list[int], first: int, origin: int
) -> None:
    samples = speechlike(0.3, audio.rate)
    payload = samples.tobytes()
    if audio.codec != "pcm_s16le":
        payload = g711.encode(samples, "mulaw" if audio.codec == "mulaw" else "alaw")
    width = len(payload) // len(samples)

    sent: list[Frame] = []
    at = 0
    for length in [*lengths, len(samples)]:
        piece = payload[at * width : (at + length) * width]
        if piece:
            sent.append(Frame(first + len(sent), origin + at * 1000 // audio.rate, piece))
        at += length
    with_repeats = list(sent)
    for n in resent:
        if n < len(sent):
            with_repeats.insert(with_repeats.index(sent[n]) + 1, sent[n])

    whole = hear(LegAudio(audio), [Frame(0, 0, payload)])
    assert hear(LegAudio(audio), with_repeats) == whole
    assert len(whole) == pytest.approx(300 * MS, abs=2)


@pytest.mark.parametrize("rate", [8000, 16_000, 24_000, 48_000])
def test_the_leg_knows_how_much_it_has_produced(rate: int) -> None:
    leg, produced = LegAudio(AudioFormat(rate=rate)), 0
    for frame in frames(sound(500, rate), width=rate // 500):
        produced += len(leg.push(frame).pcm)
        assert leg.taken_ms == produced / MS
    assert 470 <= leg.taken_ms <= 500
    leg.flush()
    assert leg.taken_ms == pytest.approx(500, abs=0.1)


def test_a_resent_frame_is_called_a_duplicate_and_adds_nothing() -> None:
    leg = LegAudio(PCM_16K)
    first, second = frames(sound(40))
    leg.push(first)
    leg.push(second)
    assert leg.push(first) == Taken(duplicate=True)
    assert (leg.next_seq, leg.taken_ms) == (2, 40.0)


def test_lost_frames_become_silence_of_their_length_and_a_marked_gap() -> None:
    leg, sent = LegAudio(PCM_16K), frames(sound(200), first=1, t_ms=90_000)
    taken = [leg.push(frame) for frame in sent[:3] + sent[7:]]

    assert taken[3].gaps == ((60, 140),)
    assert taken[3].pcm == bytes(80 * MS) + sent[7].payload
    assert taken[3].spoken == sent[7].payload
    assert [other.gaps for other in taken[:3] + taken[4:]] == [()] * 5
    assert (leg.next_seq, leg.taken_ms) == (11, 200.0)


def test_a_gap_in_resampled_audio_lies_where_the_sound_stopped() -> None:
    leg, rate = LegAudio(AudioFormat(rate=8000)), 8000
    sent = frames(sound(1000, rate), width=16)
    taken = [leg.push(frame) for frame in sent[:20] + sent[30:]]
    pcm = np.frombuffer(b"".join(t.pcm for t in taken) + leg.flush(), np.int16)
    spoken = b"".join(t.spoken for t in taken)

    assert taken[20].gaps == ((400, 600),)
    assert not pcm[400 * 16 : 600 * 16].any()
    assert len(pcm) == 1000 * 16
    assert len(spoken) <= 800 * MS
    original = speechlike(1, 16_000)
    for part in (slice(1000, 6300), slice(9700, 15_500)):
        assert likeness(pcm[part], original[part]) > 0.999


def test_frames_that_were_skipped_but_not_missed_leave_no_gap() -> None:
    leg, (first, second) = LegAudio(PCM_16K), frames(sound(40))
    leg.push(first)
    taken = leg.push(Frame(9, 20, second.payload))
    assert (taken.gaps, taken.pcm, leg.next_seq) == ((), second.payload, 10)


def test_a_gap_longer_than_may_be_filled_is_refused_and_changes_nothing() -> None:
    leg, sent = LegAudio(PCM_16K, max_gap_ms=1000), frames(sound(60))
    leg.push(sent[0])
    with pytest.raises(ProtocolError, match=r"1\.9 s are missing; at most 1 s") as caught:
        leg.push(Frame(99, 1960, sent[1].payload))
    assert "hello" in caught.value.fix
    assert hear(leg, sent[1:]) == sound(60)[20 * MS :]


@pytest.mark.parametrize("t_ms", [10_000 - 600, 10_020 + 501, 0])
def test_a_frame_dated_far_from_its_turn_is_in_the_wrong_order(t_ms: int) -> None:
    leg, (first, second) = LegAudio(PCM_16K), frames(sound(40), t_ms=10_000)
    leg.push(first)
    with pytest.raises(ProtocolError, match="wrong order") as caught:
        leg.push(Frame(1, t_ms, second.payload))
    assert "seq" in caught.value.fix
    assert leg.push(second).pcm == second.payload


def test_after_a_refused_frame_the_next_one_brings_silence_in_its_place() -> None:
    leg, sent = LegAudio(PCM_16K), frames(sound(60), t_ms=5000)
    leg.push(sent[0])
    with pytest.raises(ProtocolError):
        leg.push(Frame(1, 0, sent[1].payload))
    assert leg.push(sent[2]).gaps == ((20, 40),)


def test_frames_dated_by_a_clock_that_stalls_are_heard_without_holes() -> None:
    leg, late = LegAudio(PCM_16K), [0, 30, 410, 300, 0, 7]
    sent = [
        Frame(f.seq, f.t_ms + late[f.seq % len(late)], f.payload)
        for f in frames(sound(900))
    ]
    assert hear(leg, sent) == sound(900)


def test_a_clock_that_runs_a_thousandth_fast_is_forgiven_for_hours() -> None:
    leg, second = LegAudio(PCM_16K), sound(1000)
    for n in range(3 * 3600):
        assert leg.push(Frame(n, round(n * 1001), second)).gaps == ()


def test_a_clock_that_stands_still_is_noticed() -> None:
    leg = LegAudio(PCM_16K)
    with pytest.raises(ProtocolError, match="wrong order"):
        hear(leg, [frame._replace(t_ms=0) for frame in frames(sound(2000))])


def test_frame_numbers_that_would_wrap_around_are_refused() -> None:
    leg, (frame,) = LegAudio(PCM_16K), frames(sound(20))
    leg.push(Frame(2**32 - 2, 0, frame.payload))
    with pytest.raises(ProtocolError, match="last that 32 bits can number"):
        leg.push(Frame(2**32 - 1, 20, frame.payload))


def test_a_format_nobody_can_send_is_refused_at_once() -> None:
    with pytest.raises(ProtocolError, match="mulaw at 44100 Hz"):
        LegAudio(AudioFormat(codec="mulaw", rate=44_100))


def test_webm_chunks_become_audio_at_16_khz_whatever_their_dates_say() -> None:
    webm = record(speechlike(2))
    leg = LegAudio(AudioFormat(codec="webm_opus"))
    chunks = [webm[at : at + 700] for at in range(0, len(webm), 700)]
    heard = np.frombuffer(
        hear(leg, [Frame(n, 0, c) for n, c in enumerate(chunks)]), np.int16
    )

    assert len(heard) == pytest.approx(2 * 16_000, abs=1)
    assert likeness(heard, speechlike(2, 16_000)[: len(heard)]) > 0.99


def test_a_lost_webm_chunk_becomes_silence_and_the_rest_keeps_its_place() -> None:
    webm = record(speechlike(4))
    leg = LegAudio(AudioFormat(codec="webm_opus"))
    chunks = [webm[at : at + 500] for at in range(0, len(webm), 500)]
    taken = [leg.push(Frame(n, 0, c)) for n, c in enumerate(chunks) if not 30 <= n < 34]
    pcm = np.frombuffer(b"".join(t.pcm for t in taken) + leg.flush(), np.int16)

    ((start_ms, end_ms),) = [gap for t in taken for gap in t.gaps]
    assert not pcm[start_ms * 16 + 16 : end_ms * 16 - 16].any()
    # Reading goes on at the next cluster, and the test's clusters last half a second.
    assert 100 < end_ms - start_ms < 1000
    assert len(pcm) == pytest.approx(4 * 16_000, abs=16)
    after = slice(end_ms * 16 + 800, 4 * 16_000 - 800)
    # Packets are dated in whole ms.
    assert likeness(pcm[after], speechlike(4, 16_000)[after], slack=24) > 0.95


def test_garbage_in_the_middle_of_webm_is_refused_and_the_leg_lives() -> None:
    webm = record(speechlike(4))
    leg = LegAudio(AudioFormat(codec="webm_opus"))
    half = len(webm) // 2
    leg.push(Frame(0, 0, webm[:half]))
    with pytest.raises(ProtocolError, match="webm"):
        # Two: the first may still be taken for the rest of a packet.
        hear(leg, [Frame(1, 0, bytes(5000)), Frame(2, 0, bytes(5000))])
    leg.push(Frame(3, 0, webm[half:]))
    leg.flush()
    assert leg.taken_ms == pytest.approx(4000, abs=1)
