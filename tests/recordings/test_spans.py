"""Where a leg is silent, and why, follows from what was noted and what is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.recordings.spans import Mark, Span, leg_of, length_of
from appliance.recordings.tape import CHUNK, Piece, Tape, muted


def test_what_nobody_noted_and_is_not_there_is_missing() -> None:
    marks = [Mark(role="agent", kind="leg", start=100, end=900)]
    leg = leg_of("agent", marks, [(100, 300), (500, 900)])

    assert leg is not None
    assert leg.spans == (Span("missing", 300, 500),)
    assert length_of(leg, "missing") == 200


def test_what_was_off_is_not_missing() -> None:
    marks = [
        Mark(role="agent", kind="leg", start=0, end=900),
        Mark(role="agent", kind="off", start=300),
        Mark(role="agent", kind="off", start=300, end=500),
        Mark(role="customer", kind="off", start=0, end=900),
    ]
    leg = leg_of("agent", marks, [(0, 300), (500, 900)])

    assert leg is not None
    assert leg.spans == (Span("off", 300, 500),)


def test_a_mark_that_a_crash_left_open_goes_on_to_the_end() -> None:
    marks = [
        Mark(role="agent", kind="leg", start=0),
        Mark(role="agent", kind="paused", start=200),
    ]
    leg = leg_of("agent", marks, [(0, 700)])

    assert leg is not None
    assert (leg.end, leg.spans) == (700, (Span("paused", 200, 700),))


def test_who_said_nothing_has_no_leg() -> None:
    assert leg_of("agent", [Mark(role="customer", kind="leg", start=0)], []) is None


def test_what_overlaps_counts_once() -> None:
    marks = [
        Mark(role="agent", kind="leg", start=0, end=1000),
        Mark(role="agent", kind="paused", start=200, end=500),
        Mark(role="agent", kind="silenced", start=100, end=300),
    ]
    leg = leg_of("agent", marks, [(0, 1000)])

    assert leg is not None
    assert length_of(leg, "paused", "silenced") == 400
    assert length_of(leg, "paused") == 300


@given(st.lists(st.integers(1, 3 * CHUNK), max_size=12), st.integers(0, 100))
def test_a_tape_keeps_every_sample_in_its_place(sizes: list[int], start: int) -> None:
    tape, pieces, said = Tape(start, on=True), list[Piece](), b""
    for n, size in enumerate(sizes, 1):
        pcm = n.to_bytes(2, "little") * size
        said += pcm
        pieces += tape.take(pcm)
    pieces += tape.rest()

    at = start
    for piece in pieces:
        assert piece.start == at
        at = piece.end
    assert b"".join(piece.pcm for piece in pieces) == said
    assert at == tape.at


def test_what_comes_while_it_is_off_is_passed_over() -> None:
    tape = Tape(0, on=True)
    tape.take(b"\1\0" * 10)
    [before] = tape.switch(on=False)
    assert tape.take(b"\2\0" * 2 * CHUNK) == []
    tape.switch(on=True)
    tape.take(b"\3\0" * 10)
    [after] = tape.rest()

    assert (before.start, before.end) == (0, 10)
    assert (after.start, after.pcm) == (10 + 2 * CHUNK, b"\3\0" * 10)


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        (0, 4, b"\0\0\1\1"),
        (3, 9, b"\1\0\0\0"),
        (8, 9, b"\1\1\1\1"),
        (0, 2, b"\1\1\1\1"),
    ],
)
def test_silence_falls_on_what_the_piece_has_of_it(
    start: int, end: int, left: bytes
) -> None:
    silenced = muted(Piece(2, b"\1\1" * 4), start, end)

    assert silenced.start == 2
    assert silenced.pcm[::2] == silenced.pcm[1::2] == left
