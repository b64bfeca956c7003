import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import WorkerError
from appliance.workers.backoff import DELAYS_S, HEALTHY_S, Backoff
from appliance.workers.frames import HEADER, MAX_PAYLOAD, Frame, FrameParser, Kind, pack


@given(
    frames=st.lists(
        st.builds(
            Frame,
            st.sampled_from(list(Kind)),
            st.integers(0, 2**32 - 1),
            st.binary(max_size=40),
        ),
        max_size=6,
    ),
    cuts=st.lists(st.integers(1, 30)),
)
def test_how_the_pipe_cuts_the_stream_does_not_change_the_frames(
    frames: list[Frame], cuts: list[int]
) -> None:
    stream = b"".join(pack(*frame) for frame in frames)
    parser = FrameParser()
    told: list[Frame] = []
    for cut in cuts:
        told += parser.feed(stream[:cut])
        stream = stream[cut:]
    told += parser.feed(stream)
    assert told == frames


@pytest.mark.parametrize(
    "header", [HEADER.pack(MAX_PAYLOAD + 1, Kind.JOB, 0), HEADER.pack(1, 99, 0)]
)
def test_bytes_that_are_no_frame_are_refused(header: bytes) -> None:
    with pytest.raises(WorkerError, match="restarted"):
        list(FrameParser().feed(header))


def test_the_first_restart_is_at_once_and_later_ones_wait_longer() -> None:
    backoff = Backoff()
    assert [backoff.after_death(1.0) for _ in range(len(DELAYS_S) + 1)] == [
        *DELAYS_S,
        DELAYS_S[-1],
    ]


def test_a_process_that_served_long_is_restarted_at_once_again() -> None:
    backoff = Backoff()
    for _ in range(4):
        backoff.after_death(1.0)
    assert backoff.after_death(HEALTHY_S) == 0.0
