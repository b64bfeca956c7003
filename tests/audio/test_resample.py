import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from appliance.audio.resample import RATE, Resampler

RATES = [8000, 16_000, 24_000, 48_000]


def tone(
    hertz: float, rate: int, *, seconds: float = 2, level: int = 10_000
) -> NDArray[np.int16]:
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * time)).astype(np.int16)


def resample(samples: NDArray[np.int16], rate: int, cuts: list[int]) -> NDArray[np.int16]:
    resampler, heard = Resampler(rate), []
    for cut in [*cuts, len(samples)]:
        heard.append(resampler.push(samples[:cut]))
        samples = samples[cut:]
    return np.concatenate([*heard, resampler.flush()])


def strength(samples: NDArray[np.int16], hertz: float) -> float:
    """Amplitude of one frequency in the second second."""
    middle = samples[RATE // 2 : RATE // 2 * 3].astype(float)
    turns = np.exp(-2j * np.pi * hertz * np.arange(len(middle)) / RATE)
    return float(2 * abs((middle * turns).mean()))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hertz", [440, 1000, 3400])
def test_a_tone_keeps_its_pitch_and_its_level(rate: int, hertz: int) -> None:
    heard = resample(tone(hertz, rate), rate, [])
    rest = heard[RATE // 2 : RATE // 2 * 3] - tone(hertz, RATE)[RATE // 2 : RATE // 2 * 3]

    assert len(heard) == 2 * RATE
    assert strength(heard, hertz) == pytest.approx(10_000, rel=0.002)
    # 24 and 48 kHz come out a few hundredths of a ms late; that much phase is allowed.
    assert np.sqrt((rest.astype(float) ** 2).mean()) < 10_000 * hertz * 2 * np.pi * 0.0001


def test_what_16_khz_cannot_hold_does_not_fold_back_into_the_voice_band() -> None:
    heard = resample(tone(9000, 48_000), 48_000, [])
    assert np.abs(heard[RATE // 2 : RATE // 2 * 3]).max() < 10


def test_upsampled_telephone_speech_has_no_mirror_image() -> None:
    heard = resample(tone(3000, 8000), 8000, [])
    assert strength(heard, 8000 - 3000) < 5


@given(
    rate=st.sampled_from(RATES),
    cuts=st.lists(st.integers(0, 4000), max_size=30),
    seed=st.integers(0, 100),
)
def test_however_the_input_is_cut_the_same_samples_come_out(
    rate: int, cuts: list[int], seed: int
) -> None:
    noise = np.random.default_rng(seed).integers(-32_768, 32_767, rate // 2, np.int16)
    assert np.array_equal(resample(noise, rate, cuts), resample(noise, rate, []))


@pytest.mark.parametrize("rate", RATES)
def test_at_most_30_ms_are_held_back(rate: int) -> None:
    resampler, pushed, heard = Resampler(rate), 0, 0
    for _ in range(50):
        heard += len(resampler.push(np.zeros(rate // 50, np.int16)))
        pushed += RATE // 50
        assert pushed - heard <= 0.03 * RATE


@pytest.mark.parametrize("rate", RATES)
def test_full_scale_is_clipped_and_does_not_wrap_around(rate: int) -> None:
    square = np.where(tone(200, rate) >= 0, 32_767, -32_768).astype(np.int16)
    heard, wave = resample(square, rate, []), tone(200, RATE)
    plain = np.abs(wave) > 5000  # away from the edges
    assert np.array_equal(heard[plain] > 0, wave[plain] > 0)
    assert (heard.max(), heard.min()) == (32_767, -32_768)
