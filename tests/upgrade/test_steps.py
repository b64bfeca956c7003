"""What is done in which order, and what takes it back."""

import pytest

from appliance.upgrade.steps import Step, backward, forward


def test_nobody_is_kept_waiting_before_the_release_has_proven_itself() -> None:
    steps = forward(room=True)
    assert steps.index("rehearse") < steps.index("hold") < steps.index("stop")


def test_without_memory_for_two_it_is_tried_while_none_runs() -> None:
    steps = forward(room=False)
    assert steps.index("stop") < steps.index("rehearse") < steps.index("switch")


@pytest.mark.parametrize("room", [True, False])
def test_the_databases_are_saved_when_nobody_writes_them_and_before_anybody_else_does(
    room: bool,
) -> None:
    steps = forward(room=room)
    assert steps.index("stop") < steps.index("save") < steps.index("switch")


def test_what_has_not_touched_the_service_is_taken_back_without_it() -> None:
    assert backward(["build", "rehearse"], changes_data=True) == ("release", "tidy")


def test_the_databases_are_put_back_only_where_they_were_changed() -> None:
    begun: list[Step] = [*forward(room=True)][:-2]
    assert "databases" in backward(begun, changes_data=True)
    assert "databases" not in backward(begun, changes_data=False)


def test_databases_that_the_new_release_has_not_seen_stay_as_they_are() -> None:
    begun: list[Step] = ["build", "rehearse", "hold", "stop", "save", "switch"]
    assert "databases" not in backward(begun, changes_data=True)


def test_a_rollback_that_was_cut_off_half_way_puts_the_databases_back() -> None:
    steps = forward(room=True, back=True, restores=True)
    begun = steps[: steps.index("put back") + 1]
    assert backward(begun, changes_data=False) == ("databases", "start", "tidy")


def test_the_service_is_stopped_before_and_started_after_all_else() -> None:
    undoing = backward(forward(room=True)[:-1], changes_data=True)
    assert (undoing[0], undoing[-2:]) == ("stop", ("start", "tidy"))


def test_what_is_done_is_not_taken_back() -> None:
    assert backward(forward(room=True), changes_data=True) == ("tidy",)
