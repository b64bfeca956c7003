"""What each of many callers plays."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.bench.rotation import APART_MS, FRAMES_PER_S, Piece, pieces, whole_rounds_s
from appliance.replay.pace import FRAME_MS

LENGTHS = [1000, 2500, 700]


def test_one_caller_plays_everything_in_order_again_and_again() -> None:
    played = list(islice(pieces(LENGTHS, 0, 1), 4))

    assert played == [Piece(0, 0), Piece(1, 0), Piece(2, 0), Piece(0, 0)]


def test_a_later_caller_begins_in_the_middle_and_goes_on_from_the_start_of_the_next() -> (
    None
):
    late = APART_MS // FRAME_MS

    assert list(islice(pieces(LENGTHS, 1, 2), 3)) == [
        Piece(1, 4200 // 2 - 1000 + late),
        Piece(2, 0),
        Piece(0, 0),
    ]


@given(
    lengths=st.lists(st.integers(50, 20_000), min_size=1, max_size=6),
    slots=st.integers(1, 40),
)
def test_at_any_moment_the_callers_stand_evenly_spread(
    lengths: list[int], slots: int
) -> None:
    ring = sum(lengths)
    places = []
    for slot in range(slots):
        first = next(pieces(lengths, slot, slots))
        assert first.first_frame < lengths[first.recording]
        place = sum(lengths[: first.recording]) + first.first_frame
        places.append((place - slot * APART_MS // FRAME_MS) % ring)

    assert places == [slot * ring // slots for slot in range(slots)]


@pytest.mark.parametrize("slots", [1, 2, 5, 12, 100])
def test_a_window_is_as_many_whole_rounds_as_are_needed(slots: int) -> None:
    window_s = whole_rounds_s(LENGTHS, slots, 30)

    assert window_s >= 30
    rounds = window_s * slots / (sum(LENGTHS) / FRAMES_PER_S)
    assert rounds == pytest.approx(round(rounds))
    assert slots == 1 or window_s < 30 + sum(LENGTHS) / FRAMES_PER_S
