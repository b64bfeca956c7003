from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.errors import RecordingError
from appliance.replay.recording import Recording, read_recording
from appliance.replay.samples import every_sample, find_sample

STEREO = np.stack([np.arange(16_000), -np.arange(16_000)], axis=1).astype(np.int16)


def write(path: Path, samples: object, rate: int = 8000, **more: str) -> Path:
    soundfile.write(path, samples, rate, **more)
    return path


@pytest.mark.parametrize("name", ["call.wav", "call.flac"])
@pytest.mark.parametrize("rate", [8000, 16_000, 24_000, 48_000])
def test_both_channels_are_read_as_they_are(tmp_path: Path, name: str, rate: int) -> None:
    samples = np.tile(STEREO, (3, 1))
    recording = read_recording(write(tmp_path / name, samples, rate))
    assert recording.rate == rate
    assert recording.duration_ms == 48_000 * 1000 // rate
    assert np.array_equal(recording.cut("agent", 10, 20), np.arange(10, 20))
    assert np.array_equal(recording.cut("customer", 10, 20), -np.arange(10, 20))


def test_the_agent_may_be_on_the_right(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path / "a.wav", STEREO), agent_channel=1)
    assert recording.cut("agent", 5, 6).tolist() == [-5]


@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_samples_in_floats_keep_their_level(tmp_path: Path, subtype: str) -> None:
    floats = STEREO.astype(float) / 32_768
    floats[0] = 2.0, np.nan
    recording = read_recording(write(tmp_path / "a.wav", floats, subtype=subtype))
    assert recording.cut("agent", 0, 3).tolist() == [32_767, 1, 2]
    assert recording.cut("customer", 0, 3).tolist() == [0, -1, -2]


def test_a_call_can_be_repeated_and_ends_in_silence() -> None:
    recording = Recording(STEREO[:8000], 8000)
    recording.repeat_for(2.5)
    assert recording.duration_ms == 2500
    assert recording.cut("agent", 7999, 8002).tolist() == [7999, 0, 1]
    assert recording.cut("agent", 19_999, 20_001).tolist() == [3999, 0]
    assert recording.cut("agent", 30_000, 30_002).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("samples", "rate", "problem", "fix"),
    [
        (STEREO[:, 0], 8000, "has one channel", "two-channel recording"),
        (np.tile(STEREO, (1, 2)), 8000, "has 4 channels", "two-channel recording"),
        (np.tile(STEREO, (3, 1)), 44_100, "44100 samples a second", "8000, 16000"),
        (STEREO[:0], 8000, "is empty", "copied completely"),
        (STEREO[:7999], 8000, "shorter than a second", "whole call"),
    ],
)
def test_a_recording_that_cannot_be_a_call_says_what_would_be(
    tmp_path: Path, samples: object, rate: int, problem: str, fix: str
) -> None:
    path = write(tmp_path / "a.wav", samples, rate)
    with pytest.raises(RecordingError) as caught:
        read_recording(path)
    assert problem in caught.value.problem
    assert fix in caught.value.fix
    assert str(path) in caught.value.problem


@pytest.mark.parametrize(
    "content", [b"", b"hello, this is a letter\n" * 99, b"RIFF1234WAVE"]
)
def test_a_file_that_is_not_audio_is_called_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.wav"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"is not audio that can be read.*WAV or FLAC"):
        read_recording(path)


@pytest.mark.parametrize("name", ["missing.wav", "."])
def test_a_path_without_a_file_points_to_the_built_in_calls(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(RecordingError, match="--list-samples"):
        read_recording(tmp_path / name)


def test_every_built_in_call_can_be_played_and_is_as_long_as_its_script() -> None:
    samples = every_sample()
    assert [sample.name for sample in samples] == [
        "lost-bank-card",
        "parcel-not-received",
        "roaming-bill",
    ]
    for sample in samples:
        recording = read_recording(sample.path)
        assert recording.duration_ms == pytest.approx(sample.script.duration * 1000, abs=50)
        first = sample.script.turns[0]
        at = round(first.start * recording.rate), round(first.end * recording.rate)
        assert first.role == "agent"
        assert np.abs(recording.cut("agent", *at)).max() > 1000
        assert np.abs(recording.cut("customer", *at)).max() < 1000


def test_a_misspelt_sample_is_told_the_nearest_name() -> None:
    assert find_sample("roaming-bill").title == "Roaming bill"
    with pytest.raises(RecordingError, match="Take 'lost-bank-card'"):
        find_sample("lost-card")
    with pytest.raises(RecordingError, match="one of lost-bank-card, parcel"):
        find_sample("xyz")
