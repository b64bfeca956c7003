"""What two people say is on the disk while they speak, and one file afterwards."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from appliance.recordings import chunks
from appliance.recordings.deck import Deck
from appliance.recordings.joining import (
    audio_of,
    is_left_over,
    join,
    read_about,
    settle,
)
from appliance.recordings.kept import Kept
from appliance.recordings.recorder import Recorder
from appliance.recordings.spans import RATE, Mark
from appliance.recordings.tape import Piece
from appliance.settings import RecordingSettings
from tests.recordings.disk import small_disk

DAY = date(2025, 3, 3)


def noise(seconds: float, seed: int = 1) -> bytes:
    """No two stretches of it are alike, so that a shift by one sample shows."""
    samples = np.random.default_rng(seed).integers(-8000, 8000, round(seconds * RATE))
    return bytes(samples.astype("<i2").tobytes())


def wait_until(fits: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not fits():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    made = Recorder(RecordingSettings(format="flac", keep_free_gb=0), tmp_path)
    yield made
    made.close()


def finished(recorder: Recorder, deck: Deck) -> Kept:
    kept = recorder.finish(deck).result(timeout=30)
    assert kept is not None
    return kept


def heard(folder: Path) -> NDArray[np.int16]:
    audio = audio_of(folder)
    assert audio is not None
    samples, rate = soundfile.read(audio, dtype="int16")
    assert rate == RATE
    return np.asarray(samples)


def as_samples(pcm: bytes) -> NDArray[np.int16]:
    return np.frombuffer(pcm, "<i2")


def test_both_legs_are_in_one_file_at_their_call_time(recorder: Recorder) -> None:
    deck = recorder.deck("one", DAY, on=True)
    agent, customer = noise(3.3), noise(2.1, seed=2)
    track = deck.track("agent", 0)
    for at in range(0, len(agent), 640):
        track.take(agent[at : at + 640])
    deck.track("customer", 1500).take(customer)

    kept = finished(recorder, deck)

    both = heard(deck.folder)
    assert kept.duration_ms == 3600
    assert np.array_equal(both[: len(agent) // 2, 0], as_samples(agent))
    assert not both[: 1500 * 16, 1].any()
    assert np.array_equal(both[1500 * 16 :, 1], as_samples(customer))
    assert {leg.role: leg.spans for leg in kept.legs} == {"agent": (), "customer": ()}


def test_what_is_not_to_be_kept_is_silence_of_the_same_length(recorder: Recorder) -> None:
    deck = recorder.deck("one", DAY, on=True)
    track = deck.track("customer", 0)
    said = noise(4)
    track.take(said[:64_000])
    deck.switch(on=False)
    track.take(said[64_000:96_000])
    deck.switch(on=True)
    track.take(said[96_000:])

    kept = finished(recorder, deck)

    sound = heard(deck.folder)[:, 1]
    assert len(sound) == 4 * RATE
    assert np.array_equal(sound[: 2 * RATE], as_samples(said)[: 2 * RATE])
    assert not sound[2 * RATE : 3 * RATE].any()
    assert np.array_equal(sound[3 * RATE :], as_samples(said)[3 * RATE :])
    [leg] = kept.legs
    assert [(s.kind, s.start_ms, s.end_ms) for s in leg.spans] == [("off", 2000, 3000)]
    assert leg.recorded_ms == 3000


def test_what_is_silenced_afterwards_is_gone_from_the_disk_at_once(
    recorder: Recorder,
) -> None:
    deck = recorder.deck("one", DAY, on=True)
    track = deck.track("customer", 0)
    track.take(noise(3.5))
    track.silence(1500, 3200)
    track.take(noise(0.5, seed=2))  # fills the chunk that was not cut yet
    kept = finished(recorder, deck)

    sound = heard(deck.folder)[:, 1]
    assert sound[: 1500 * 16].any()
    assert not sound[1500 * 16 : 3200 * 16].any()
    assert sound[3200 * 16 : 3500 * 16].any()
    [leg] = kept.legs
    assert [(s.kind, s.start_ms, s.end_ms) for s in leg.spans] == [("silenced", 1500, 3200)]
    assert leg.muted_ms == 1700


def test_a_chunk_that_cannot_be_written_again_is_removed_with_its_secret(
    tmp_path: Path,
) -> None:
    piece = Piece(0, noise(1))
    chunks.write_chunk(tmp_path, "customer", piece)
    [path] = chunks.chunks_of(tmp_path, "customer")
    path.with_suffix(".new").mkdir()  # as unwritable as a full disk, for root too

    chunks.silence(tmp_path, Mark(role="customer", kind="silenced", start=0, end=8000))

    assert chunks.chunks_of(tmp_path, "customer") == []


def test_a_crash_leaves_chunks_that_play_and_are_put_together_later(
    recorder: Recorder, tmp_path: Path
) -> None:
    deck = recorder.deck("one", DAY, on=True)
    said = noise(4.5)
    deck.track("agent", 0).take(said)
    recorder.close()  # without the end of the call
    folder = deck.folder
    torn = folder / f"agent-{4 * RATE:012d}.flac"
    torn.write_bytes(chunks.chunks_of(folder, "agent")[0].read_bytes()[:100])

    whole = [path for path in chunks.chunks_of(folder, "agent") if path != torn]
    assert [len(soundfile.read(path)[0]) for path in whole] == [RATE] * 4
    again = Recorder(RecordingSettings(format="flac"), tmp_path)
    assert list(again.left_over([])) == ["one"]
    kept = again.mend("one").result(timeout=30)
    again.close()

    assert kept is not None
    sound = heard(folder)
    assert np.array_equal(sound[: 4 * RATE, 0], as_samples(said)[: 4 * RATE])


def test_putting_together_again_after_a_crash_makes_the_same(recorder: Recorder) -> None:
    deck = recorder.deck("one", DAY, on=True)
    deck.track("agent", 0).take(noise(2))
    kept = finished(recorder, deck)

    assert is_left_over(deck.folder)  # until it is in the record
    assert join(deck.folder, "flac") == kept
    settle(deck.folder)
    assert not is_left_over(deck.folder)
    assert sorted(path.name for path in deck.folder.iterdir()) == [
        "about.json",
        "call.flac",
    ]


def test_a_call_that_nobody_agreed_to_record_leaves_nothing(recorder: Recorder) -> None:
    deck = recorder.deck("one", DAY, on=False)
    track = deck.track("agent", 0)
    track.take(noise(2))
    track.mark("paused", 100, 200)

    assert recorder.finish(deck).result(timeout=10) is None
    assert not deck.folder.exists()


@pytest.mark.parametrize("seconds", [0.7, 21.0])
def test_opus_has_the_same_length_and_no_shift(tmp_path: Path, seconds: float) -> None:
    recorder = Recorder(RecordingSettings(format="opus"), tmp_path)
    deck = recorder.deck("one", DAY, on=True)
    time = np.arange(round(seconds * RATE)) / RATE
    # A chirp in every half second: what the encoder keeps, and what shows a shift.
    said = np.sin(2 * np.pi * (300 + 2000 * (time % 0.5)) * time) * (time % 0.5 < 0.25)
    deck.track("agent", 0).take((said * 9000).astype("<i2").tobytes())
    finished(recorder, deck)
    recorder.close()

    sound = heard(deck.folder)[:, 0].astype(float)
    assert len(sound) == len(said)
    middle = slice(len(said) // 2 - 4000, len(said) // 2 + 4000)
    fits = [
        float(np.dot(np.roll(sound, shift)[middle], said[middle]))
        for shift in range(-20, 21)
    ]
    assert int(np.argmax(fits)) - 20 == 0


@pytest.mark.fault("disk full")
def test_what_a_full_disk_refuses_is_counted_and_leaves_no_noise(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        folder = str(disk / "kept")
        wish = RecordingSettings(format="flac", keep_free_gb=0, folder=folder)
        recorder = Recorder(wish, tmp_path)
        deck = recorder.deck("one", DAY, on=True)
        deck.track("agent", 0).take(noise(60))  # 1.9 MB
        wait_until(lambda: not recorder.takes)
        whole = [chunks.read_chunk(path) for path in chunks.chunks_of(deck.folder, "agent")]
        (disk / "ballast").unlink()
        wait_until(lambda: recorder.takes)
        deck.tracks["agent"].take(noise(1))
        recorder.finish(deck).result(timeout=20)
        again = read_about(deck.folder)
        room = recorder.room
        recorder.close()

    assert all(len(piece.pcm) == 2 * RATE for piece in whole)
    assert again is not None
    [missing] = [span for span in again.legs[0].spans if span.kind == "missing"]
    assert missing.start_ms == 1000 * len(whole)
    assert missing.end_ms == 60_000
    assert room is not None
    assert room.lost_s == 60 - len(whole)


@pytest.mark.fault("disk full")
def test_a_mark_that_a_full_disk_has_cut_off_does_not_spoil_the_next(
    tmp_path: Path,
) -> None:
    mark = Mark(role="agent", kind="paused", start=123_456, end=654_321)
    with small_disk(tmp_path / "disk", 2) as disk:
        noted = 0
        with suppress(OSError):
            while True:
                chunks.note(disk, mark)
                noted += 1
        (disk / "ballast").unlink()
        chunks.note(disk, mark)
        assert len(chunks.marks_of(disk)) == noted + 1


def test_what_a_disk_refuses_to_take_out_is_not_heard_either(recorder: Recorder) -> None:
    deck = recorder.deck("one", DAY, on=True)
    track = deck.track("customer", 0)
    track.take(noise(4))
    wait_until(lambda: len(chunks.chunks_of(deck.folder, "customer")) == 4)
    broken = deck.folder / "customer-000000000001.flac"
    broken.mkdir()  # no file, as a bad block is none
    marks, aside = deck.folder / chunks.MARKS, deck.folder / "aside"
    marks.rename(aside)
    marks.mkdir()  # nor can it be noted
    track.silence(500, 3500)
    wait_until(lambda: not _chunk(deck, 0)[8000:].any())  # which comes before it
    assert _chunk(deck, 1).any()
    broken.rmdir()
    marks.rmdir()
    aside.rename(marks)
    wait_until(lambda: recorder.takes)
    finished(recorder, deck)
    sound = heard(deck.folder)[:, 1]
    assert not sound[8000:56_000].any()
    assert sound[56_000:].any()


def _chunk(deck: Deck, second: int) -> NDArray[np.int16]:
    path = deck.folder / f"customer-{second * RATE:012d}.flac"
    return as_samples(chunks.read_chunk(path).pcm)


def test_a_recording_that_has_no_room_to_be_put_together_keeps_its_chunks(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        folder = str(disk / "kept")
        wish = RecordingSettings(format="flac", keep_free_gb=0, folder=folder)
        recorder = Recorder(wish, tmp_path)
        deck = recorder.deck("one", DAY, on=True)
        said = noise(20)
        deck.track("agent", 0).take(said)  # 0.6 MB of the one that is left
        with pytest.raises(OSError, match=r"No space|one"):
            recorder.finish(deck).result(timeout=20)
        assert len(chunks.chunks_of(deck.folder, "agent")) == 20
        (disk / "ballast").unlink()
        kept = recorder.mend("one").result(timeout=20)
        sound = heard(deck.folder)
        recorder.close()

    assert kept is not None
    assert np.array_equal(sound[:, 0], as_samples(said))


def test_a_call_that_goes_on_is_not_taken_for_one_that_a_crash_has_left(
    recorder: Recorder,
) -> None:
    deck = recorder.deck("one", DAY, on=True)
    deck.track("agent", 0).take(noise(1.5))
    wait_until(lambda: any(deck.folder.glob("agent-*.flac")))

    assert is_left_over(deck.folder)
    assert list(recorder.left_over([])) == []
