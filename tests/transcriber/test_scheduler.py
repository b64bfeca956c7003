"""What the engine does next, under load, with a made-up clock."""

from appliance.transcriber.port import Purpose
from appliance.transcriber.scheduler import (
    BUCKETS,
    LAG_DEGRADED_MS,
    LAG_OVERLOADED_MS,
    Request,
    Scheduler,
    context_for,
)


def request(
    leg: str, purpose: Purpose, *, context: int = 1250, failures: int = 0
) -> Request:
    return Request(
        leg=leg,
        utterance="u",
        purpose=purpose,
        start_ms=0,
        end_ms=1000,
        context_frames=context,
        failures=failures,
    )


def scheduler(max_batch: int = 4, lanes: int = 1) -> Scheduler:
    return Scheduler(max_batch=max_batch, base_partial_ms=400, lanes=lanes)


def served(plan: Scheduler) -> list[Request]:
    """The next batch, decoded at once."""
    batch = plan.next_batch()
    if batch:
        plan.done(batch)
    return batch


def legs(batch: list[Request]) -> list[object]:
    return [r.leg for r in batch]


def test_finals_come_before_speculative_ones_and_those_before_partials() -> None:
    plan = scheduler(max_batch=1)
    for now, (leg, purpose) in enumerate(
        [("a", "partial"), ("b", "speculative"), ("c", "final")]
    ):
        plan.add(request(leg, purpose), now)  # type: ignore[arg-type]
    assert [legs(served(plan)) for _ in range(4)] == [["c"], ["b"], ["a"], []]


def test_a_speculative_one_that_turned_final_takes_a_finals_turn() -> None:
    plan = scheduler(max_batch=1)
    early, late = request("a", "speculative"), request("b", "speculative")
    plan.add(early, 0)
    plan.add(late, 1)
    late.purpose = "final"
    assert served(plan) == [late]


def test_a_batch_has_one_context_and_one_kind_of_search() -> None:
    plan = scheduler()
    for now, (leg, purpose, context) in enumerate(
        [("a", "final", 1250), ("b", "final", 1500), ("c", "speculative", 1250)]
    ):
        plan.add(request(leg, purpose, context=context), now)  # type: ignore[arg-type]
    plan.add(request("d", "partial"), 9)
    assert legs(served(plan)) == ["a", "c"]
    assert legs(served(plan)) == ["b"]
    assert legs(served(plan)) == ["d"]


def test_a_newer_partial_takes_the_older_ones_turn_in_the_queue() -> None:
    plan = scheduler(max_batch=1)
    plan.add(request("a", "partial"), 0)
    plan.add(request("b", "partial"), 1)
    newer = request("a", "partial")
    plan.add(newer, 2)
    assert served(plan) == [newer]
    assert legs(served(plan)) == ["b"]
    assert served(plan) == []


def test_what_failed_in_company_is_tried_alone() -> None:
    plan = scheduler()
    plan.add(request("a", "final", failures=1), 0)
    plan.add(request("b", "final"), 1)
    plan.add(request("c", "final"), 2)
    assert [legs(served(plan)) for _ in range(2)] == [["a"], ["b", "c"]]


def test_what_nobody_waits_for_any_more_is_not_decoded() -> None:
    plan = scheduler()
    for purpose in ("speculative", "partial"):
        gone = request("a", purpose)
        plan.add(gone, 0)
        gone.abandoned = True
    assert served(plan) == []


def test_partials_stop_when_finals_are_late_and_return_when_they_are_not() -> None:
    plan = scheduler(max_batch=1)
    plan.add(request("a", "final"), 0)
    plan.add(request("b", "partial"), 0)
    assert not plan.update_load(LAG_DEGRADED_MS)
    assert plan.update_load(LAG_DEGRADED_MS + 1)
    assert legs(served(plan)) == ["a"]
    assert served(plan) == []
    assert plan.update_load(LAG_DEGRADED_MS + 2)
    assert plan.load == "live"


def test_speculative_finals_wait_while_finals_are_late() -> None:
    plan = scheduler(max_batch=4)
    for leg, purpose in (("a", "final"), ("b", "speculative"), ("c", "final")):
        plan.add(request(leg, purpose), 0)  # type: ignore[arg-type]
    plan.update_load(LAG_OVERLOADED_MS + 1)
    assert plan.load == "overloaded"
    assert legs(served(plan)) == ["a", "c"]
    assert served(plan) == []
    plan.update_load(LAG_OVERLOADED_MS + 2)
    assert legs(served(plan)) == ["b"]


def test_what_waits_is_spread_over_the_lanes_that_are_idle() -> None:
    plan = scheduler(lanes=2)
    for leg in "abc":
        plan.add(request(leg, "final"), 0)
    first = plan.next_batch()
    assert legs(first) == ["a", "b"]
    assert legs(plan.next_batch()) == ["c"]
    plan.done(first)
    for leg in "defghi":
        plan.add(request(leg, "final"), 1)
    assert len(plan.next_batch()) == 4


def test_a_final_finds_a_lane_that_is_not_busy_with_partials() -> None:
    plan = scheduler(max_batch=1, lanes=2)
    plan.add(request("a", "partial"), 0)
    plan.add(request("b", "partial"), 0)
    assert legs(plan.next_batch()) == ["a"]
    assert plan.next_batch() == []
    plan.add(request("c", "final"), 1)
    assert legs(plan.next_batch()) == ["c"]


def test_partials_slow_down_with_the_engine_and_with_the_number_of_speakers() -> None:
    plan = scheduler()
    assert plan.partial_interval_ms(1, 0) == 400
    for _ in range(50):
        plan.took([request("a", "partial")], 150, 0)
    assert plan.partial_interval_ms(1, 0) == 400
    assert 2900 < plan.partial_interval_ms(10, 0) <= 3000


def test_partials_leave_to_finals_what_finals_need() -> None:
    plan = scheduler(lanes=2)
    for _ in range(50):
        plan.took([request("a", "partial")], 200, 0)
    quiet = plan.partial_interval_ms(10, 0)
    for now in range(0, 60_000, 1000):
        plan.took([request("a", "final")], 1400, now)  # 70 % of two lanes
    busy = plan.partial_interval_ms(10, 60_000)
    assert 2.5 < busy / quiet < 4
    assert plan.partial_interval_ms(10, 200_000) == quiet


def test_the_context_holds_the_audio_and_the_silence_whisper_needs() -> None:
    assert context_for(1_000, 1250) == 1250
    assert context_for(11_220, 1250) == 1250
    assert context_for(11_240, 1250) == 1500
    assert context_for(29_000, 1250) == BUCKETS[-1]
