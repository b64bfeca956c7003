from hypothesis import given
from hypothesis import strategies as st

from appliance.replay.outbox import LIMIT, Outbox


def filled(frames: int) -> Outbox:
    outbox = Outbox()
    for n in range(frames):
        outbox.add(n * 20, bytes([n % 256]))
    return outbox


def drain(outbox: Outbox) -> list[int]:
    numbers = []
    while frame := outbox.take():
        numbers.append(frame.seq)
    return numbers


def test_frames_are_sent_once_and_in_order() -> None:
    outbox = filled(3)
    assert drain(outbox) == [0, 1, 2]
    outbox.add(60, b"")
    assert drain(outbox) == [3]
    assert outbox.unsent == 0


def test_what_is_acknowledged_is_forgotten_and_the_rest_is_sent_again() -> None:
    outbox = filled(5)
    drain(outbox)
    outbox.acknowledge(1)
    assert len(outbox) == 3
    outbox.resume(3, anew=False)
    assert drain(outbox) == [3, 4]


def test_a_server_that_kept_its_count_over_a_restart_is_simply_continued() -> None:
    outbox = filled(5)
    outbox.acknowledge(1)
    outbox.resume(2, anew=True)
    assert drain(outbox) == [2, 3, 4]


def test_a_server_that_starts_anew_gets_what_is_kept_under_new_numbers() -> None:
    outbox = filled(5)
    outbox.acknowledge(1)
    outbox.resume(0, anew=True)
    first = outbox.take()
    assert first is not None
    assert (first.seq, first.t_ms, first.payload) == (0, 40, b"\2")
    assert drain(outbox) == [1, 2]
    outbox.add(100, b"")
    assert drain(outbox) == [3]


def test_when_it_is_full_the_oldest_is_given_up_and_its_number_stays_a_hole() -> None:
    outbox = filled(LIMIT + 2)
    assert len(outbox) == LIMIT
    outbox.resume(0, anew=False)
    assert drain(outbox) == list(range(2, LIMIT + 2))


@given(
    steps=st.lists(st.sampled_from(["add", "take", "ack", "drop"]), max_size=60),
)
def test_whatever_happens_every_frame_reaches_the_server_once_and_in_order(
    steps: list[str],
) -> None:
    outbox, server, line = Outbox(), list[int](), list[int]()
    for step in [*steps, "drop", *["take"] * 60]:
        if step == "add":
            outbox.add(0, b"x")
        elif step == "take" and (frame := outbox.take()):
            line.append(frame.seq)
        elif step == "ack":
            server += [seq for seq in line if seq == len(server)]
            line.clear()
            outbox.acknowledge(len(server) - 1)
        elif step == "drop":
            line.clear()  # what was on its way is lost with the socket
            outbox.resume(len(server), anew=False)
    server += line
    assert server == list(range(outbox.next_seq))
