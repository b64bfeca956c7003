import pytest

from appliance.errors import ProtocolError
from appliance.pipeline.allowance import AUDIO_S, MOST_AHEAD_S, Allowance


def test_two_minutes_after_a_dropped_line_and_speech_at_its_pace_never_wait() -> None:
    allowance = Allowance(0.0)
    assert allowance.spend(120_000, 0.0) == 0
    for second in range(1, 600):
        allowance.check(float(second))
        assert allowance.spend(1000, float(second)) == 0


def test_who_sends_faster_waits_as_long_as_it_takes() -> None:
    allowance = Allowance(0.0)
    assert allowance.spend(AUDIO_S.burst * 1000, 0.0) == 0
    assert allowance.spend(20_000, 0.0) == 20 / AUDIO_S.per_s
    allowance.check(0.0)
    assert allowance.spend(0, 2.0) == 0


def test_who_sends_far_more_is_refused_until_it_is_worked_off() -> None:
    allowance = Allowance(0.0)
    allowance.spend((AUDIO_S.burst + MOST_AHEAD_S + 10) * 1000, 0.0)
    with pytest.raises(ProtocolError) as refused:
        allowance.check(0.0)
    assert "10 times as fast" in refused.value.fix
    allowance.check(1.1)
