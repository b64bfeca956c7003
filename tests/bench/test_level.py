"""All that counts of a call, and nothing that does not."""

import pytest

from appliance.bench.caller import Played
from appliance.bench.level import Level, Window, within
from appliance.bench.reference import Turn
from appliance.bench.watch import Cost
from tests.bench.told import spoken

WORDS = [f"word{letter}" for letter in "abcdefghij"]
TURNS = [Turn(1, float(n), n + 0.9, word, False) for n, word in enumerate(WORDS)]


def scored(turns: list[Turn]) -> list[str]:
    return [turn.text for turn in turns if turn.scored]


def test_turns_that_were_cut_by_the_edge_of_the_call_are_heard_but_not_scored() -> None:
    heard = within(TURNS, first_s=2.5, sent_s=4.0, from_s=-100, to_s=100)

    assert [turn.text for turn in heard] == WORDS[2:7]
    assert scored(heard) == WORDS[3:6]
    assert heard[1].start == pytest.approx(0.5)


def test_turns_outside_the_window_are_heard_but_not_scored() -> None:
    heard = within(TURNS, first_s=0, sent_s=20, from_s=3.5, to_s=6.5)

    assert len(heard) == 10
    assert scored(heard) == WORDS[4:6]


def test_a_call_is_scored_in_its_own_time() -> None:
    told = [
        spoken(word, at_ms=n * 1000 + 1200, start_ms=n * 1000, end_ms=n * 1000 + 900)
        for n, word in enumerate(WORDS)
        if n != 5
    ]
    played = Played(recording=0, first_frame=0, zero_s=100.0, sent=600, told=told)
    level = Level(calls=1)

    level.hear(played, TURNS, Window(103.5, 107.5))

    assert (level.turns, level.lost) == (3, 1)
    assert level.final_s == pytest.approx([0.3, 0.3])
    assert (level.errors.words, level.errors.deleted) == (3, 1)


def test_a_call_that_was_never_begun_has_no_turns_to_lose() -> None:
    level = Level(calls=1)

    level.hear(Played(recording=0, first_frame=0), TURNS, Window(0, 10))

    assert level.turns == 0


def test_a_generator_that_was_late_has_measured_itself() -> None:
    assert Level(calls=1, worst_late_s=0.05).valid
    assert not Level(calls=1, worst_late_s=0.15).valid


def test_two_runs_are_pooled() -> None:
    counts = [0] * 60
    counts[3] = 7
    one = Level(calls=2, final_s=[1.0], worst_late_s=0.01)
    one.cost = Cost(window_s=10, cpu_s={"vad": 1.0}, peak_mib={"vad": 100})
    two = Level(calls=2, final_s=[2.0], worst_late_s=0.02, lost=1)
    two.cost = Cost(
        window_s=20,
        cpu_s={"vad": 2.0, "speech": 5.0},
        peak_mib={"vad": 90},
        passes={"final": 2},
        loop_counts=counts,
    )

    one.add(two)

    assert (one.final_s, one.worst_late_s, one.lost) == ([1.0, 2.0], 0.02, 1)
    assert one.cost.window_s == 30
    assert one.cost.cpu_s == {"vad": 3.0, "speech": 5.0}
    assert one.cost.peak_mib == {"vad": 100}
    assert one.cost.passes == {"final": 2}
    assert one.cost.loop_counts == counts
