from appliance.calls.listeners import Listener, Listeners
from appliance.calls.outbox import Outbox
from appliance.pipeline.overheard import BYTES_PER_MS, FRAME_MS, HEADER, UNHEARD, Overheard

SPOKEN = bytes(20 * BYTES_PER_MS)  # 20 ms


def listening() -> tuple[Overheard, Listener]:
    listeners = Listeners()
    one = Listener("1", "Sam", Outbox(lambda: None, UNHEARD), hears=True)
    listeners.enter(one)
    return Overheard(listeners), one


def heard(one: Listener) -> list[tuple[int, int, int, int]]:
    """Leg, number, call time and length in ms of each frame."""
    frames = []
    while (frame := one.outbox.take()) is not None:
        assert isinstance(frame, bytes)
        length = (len(frame) - HEADER.size) // BYTES_PER_MS
        frames.append((*HEADER.unpack_from(frame), length))
    return frames


def test_short_frames_go_out_as_long_ones_with_the_call_time_of_their_first_sample() -> (
    None
):
    overheard, one = listening()
    for n in range(11):
        overheard.relay("customer", SPOKEN, 500 + 20 * (n + 1))
    assert heard(one) == [(1, 0, 500, FRAME_MS), (1, 1, 600, FRAME_MS)]
    overheard.flush()
    assert heard(one) == [(1, 2, 700, 20)]
    overheard.flush()
    assert heard(one) == []


def test_each_voice_has_its_own_numbers() -> None:
    overheard, one = listening()
    for role in ("agent", "customer"):
        overheard.relay(role, 5 * SPOKEN, 100)
    assert heard(one) == [(0, 0, 0, 100), (1, 0, 0, 100)]


def test_a_hole_in_the_sound_is_one_in_the_times() -> None:
    overheard, one = listening()
    overheard.relay("agent", SPOKEN, 20)
    overheard.relay("agent", 5 * SPOKEN, 400)
    assert heard(one) == [(0, 0, 0, 20), (0, 1, 300, 100)]


def test_while_nobody_listens_nothing_is_kept() -> None:
    overheard, one = listening()
    one.hears = False
    overheard.relay("agent", 9 * SPOKEN, 180)
    one.hears = True
    overheard.relay("agent", 5 * SPOKEN, 280)
    assert heard(one) == [(0, 0, 180, 100)]


def test_a_listener_who_is_slow_sees_how_much_they_missed() -> None:
    overheard, one = listening()
    for n in range(UNHEARD + 3):
        overheard.relay("agent", 5 * SPOKEN, 100 * (n + 1))
    assert [seq for _, seq, _, _ in heard(one)] == list(range(3, UNHEARD + 3))
